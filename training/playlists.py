"""``emotify-train playlists``: music for each emotion.

K-Means groups the tracks of a table by sound and genre. Each emotion is a point in the plane of
valence and arousal; it takes its tracks from the clusters whose centres lie nearest to that point,
and of each cluster the tracks that lie nearest themselves.
"""

import argparse
import hashlib
import json
import os
import re
from pathlib import Path

import numpy as np

from device.errors import PlaylistsError
from device.mood import Emotion
from device.playlist import FORMAT
from training.catalogue import Catalogue, CatalogueError, read_catalogue
from training.circumplex import place, target
from training.clusters import cluster, describe

LEAST_POPULARITY = 50
CLUSTERS_PER_EMOTION = 3
TRACKS_PER_CLUSTER = 60
TRACKS_PER_ARTIST = 3
"""At most so many of one artist from one cluster."""

FEWEST_TRACKS = 100


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the sub-command to ``emotify-train``."""
    parser = subparsers.add_parser(
        "playlists",
        help="make the playlists from a table of tracks",
        description="Group the tracks of a table by K-Means and pick music for each emotion.",
    )
    parser.add_argument(
        "--data",
        type=Path,
        default=Path(os.environ.get("EMOTIFY_DATA", "../shared/data")),
        metavar="DIR",
        help="folder of the data, with tracks/spotify_songs.csv in it "
        "(default: $EMOTIFY_DATA, or ../shared/data)",
    )
    parser.add_argument("--tracks", type=Path, metavar="CSV", help="another table of tracks")
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("models/playlists.json"),
        metavar="FILE",
        help="where the playlists go (default: %(default)s)",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Make the file of playlists and say what is in it."""
    table = args.tracks or args.data / "tracks" / "spotify_songs.csv"
    catalogue = read_catalogue(table, LEAST_POPULARITY)
    print(f"{table.name}: {len(catalogue.entries)} songs, {catalogue.left_out} rows unusable")
    clusters = cluster(catalogue)
    for count, silhouette in clusters.silhouettes.items():
        print(f"  {count:2} clusters: silhouette {silhouette:.3f}")
    document = build(catalogue, clusters.labels, _source(table))
    try:
        args.output.write_text(dump(document), encoding="utf-8")
    except OSError as error:
        raise PlaylistsError(f"{args.output}: cannot be written ({error.strerror}).") from None
    for emotion, playlist in document["playlists"].items():
        print(f"  {emotion:9}  {len(playlist['tracks'])} tracks: {playlist['words']}")
    print(f"Written to {args.output}")
    return 0


def build(catalogue: Catalogue, labels: np.ndarray, source: dict[str, object]) -> dict:
    """The document that :class:`device.playlist.Playlists` reads.

    Parameters
    ----------
    catalogue : Catalogue
    labels : np.ndarray [shape=(n,), int]
        The cluster of each track.
    source : dict
        Where the tracks came from, for readers of the file.

    Raises
    ------
    CatalogueError
        When an emotion would get too few tracks.
    """
    plane = place(catalogue)
    clusters = [np.flatnonzero(labels == label) for label in range(labels.max() + 1)]
    picked = {emotion: pick(catalogue, clusters, plane, emotion) for emotion in Emotion}
    if min(map(len, picked.values())) < FEWEST_TRACKS:
        raise CatalogueError(
            f"{len(catalogue.entries)} songs of popularity {LEAST_POPULARITY} or more are too few "
            f"for {FEWEST_TRACKS} tracks for each emotion. Take a larger table."
        )
    return {
        "format": FORMAT,
        "source": source | {"songs": len(catalogue.entries)},
        "clusters": [_described_cluster(catalogue, plane, members) for members in clusters],
        "playlists": {
            emotion: {
                "words": describe(catalogue, members),
                "tracks": [_line(catalogue, position) for position in members],
            }
            for emotion, members in picked.items()
        },
    }


def pick(
    catalogue: Catalogue, clusters: list[np.ndarray], plane: np.ndarray, emotion: Emotion
) -> np.ndarray:
    """The tracks for one emotion.

    Parameters
    ----------
    catalogue : Catalogue
    clusters : list of np.ndarray [shape=(m,), int]
        The members of each cluster, as positions in the catalogue.
    plane : np.ndarray [shape=(n, 2), float64]
        Valence and arousal of each track, see :func:`training.circumplex.place`.
    emotion : Emotion

    Returns
    -------
    np.ndarray [shape=(k,), int]
        Positions in the catalogue.
    """
    point = target(emotion)
    nearest = sorted(clusters, key=lambda members: _distance(plane[members].mean(axis=0), point))
    return np.concatenate(
        [
            _nearest(catalogue, members, _distance(plane[members], point))
            for members in nearest[:CLUSTERS_PER_EMOTION]
        ]
    )


def dump(document: dict) -> str:
    """The document as JSON, with a line for each track so that changes can be read."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return re.sub(r'\[\s+(".*"),\s+(".*"),\s+(".*")\s+\]', r"[\1, \2, \3]", text) + "\n"


def _nearest(catalogue: Catalogue, members: np.ndarray, distances: np.ndarray) -> np.ndarray:
    chosen: list[int] = []
    taken: dict[str, int] = {}
    for position in members[np.argsort(distances, kind="stable")]:
        artist = catalogue.entries[position].track.artist.casefold()
        if taken.get(artist, 0) < TRACKS_PER_ARTIST:
            taken[artist] = taken.get(artist, 0) + 1
            chosen.append(position)
    return np.array(chosen[:TRACKS_PER_CLUSTER])


def _distance(place: np.ndarray, point: np.ndarray) -> np.ndarray:
    return np.linalg.norm(place - point, axis=-1)


def _described_cluster(catalogue: Catalogue, plane: np.ndarray, members: np.ndarray) -> dict:
    valence, arousal = plane[members].mean(axis=0).round(2).tolist()
    return {
        "words": describe(catalogue, members),
        "songs": len(members),
        "valence": valence,
        "arousal": arousal,
    }


def _line(catalogue: Catalogue, position: int) -> list[str]:
    track = catalogue.entries[position].track
    return [track.uri, track.title, track.artist]


def _source(table: Path) -> dict[str, object]:
    return {"table": table.name, "sha256": hashlib.sha256(table.read_bytes()).hexdigest()}
