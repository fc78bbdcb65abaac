"""Build the file that the device chooses from: clusters, and the tracks in them."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from device import files
from device.errors import PlaylistsError
from device.playlist.tracks import FORMAT
from training.music.catalogue import Catalogue
from training.music.clusters import Clusters, Trial, cluster
from training.music.columns import CatalogueError
from training.music.feeling import Feeling
from training.music.space import Space
from training.music.words import Describer, ranks

MOST_TRACKS = 3_000
"""As many as the device chooses from in a few milliseconds."""

FEWEST_ARTISTS = 10
"""With fewer, no list can keep an artist from coming twice within ten tracks."""

_CELLS = 10


@dataclass(frozen=True)
class Built:
    """A catalogue in clusters.

    Attributes
    ----------
    catalogue : Catalogue
    place : np.ndarray [shape=(n, 2)]
    space : Space
    clusters : Clusters
    oddity : np.ndarray [shape=(n,)]
        In 0..1: how far each track is from its centroid, as a percentile rank within the cluster.
    feeling : Feeling
    """

    catalogue: Catalogue
    place: np.ndarray
    space: Space
    clusters: Clusters
    oddity: np.ndarray
    feeling: Feeling


def build(
    catalogue: Catalogue, feeling: Feeling, told: Callable[[int, Trial], None] | None = None
) -> Built:
    """Place the tracks in the plane and group them.

    Raises
    ------
    CatalogueError
        When the tracks or the artists are too few, or too much alike.
    """
    artists = len({artist.casefold() for artist in catalogue.artists})
    place = feeling.place(catalogue.features)
    space = Space.fit(place, catalogue.features, catalogue.genres)
    points = space.points(place, catalogue.features, catalogue.genres)
    clusters = cluster(points, told)
    if artists < FEWEST_ARTISTS:
        raise CatalogueError(
            f"The table has {artists} artists; it takes {FEWEST_ARTISTS}, so that none is heard "
            "twice within ten tracks. Take a larger table."
        )
    return Built(catalogue, place, space, clusters, _oddity(points, clusters), feeling)


def document(built: Built, source: dict[str, Any]) -> dict[str, Any]:
    """What :class:`device.playlist.tracks.Music` reads.

    Parameters
    ----------
    built : Built
    source : dict
        Where the tracks came from, for readers of the file.
    """
    kept = spread(built.place, built.catalogue.popularity, MOST_TRACKS)
    return {
        "format": FORMAT,
        "source": source | {"songs": len(built.catalogue), "kept": len(kept)},
        "feeling": built.feeling.numbers(),
        "space": built.space.numbers(),
        "clusters": _clusters(built),
        "tracks": [_line(built, i) for i in kept],
    }


def spread(place: np.ndarray, popularity: np.ndarray, most: int) -> np.ndarray:
    """Tracks from everywhere in the plane, the popular ones first [shape=(<= most,), int].

    Music crowds in the middle; so every cell of the plane gives one track, then every cell a
    second one, and so on.
    """
    cells = np.clip((place * _CELLS).astype(int), 0, _CELLS - 1) @ [_CELLS, 1]
    order = np.lexsort((np.arange(len(place)), -np.nan_to_num(popularity), cells))
    starts = np.searchsorted(cells[order], cells[order])
    turn = np.empty(len(place), int)
    turn[order] = np.arange(len(place)) - starts
    return np.sort(np.argsort(turn, kind="stable")[:most])


def write(document: dict[str, Any], file: Path) -> None:
    """Write the document as a whole: whoever reads the file finds the old one or the new one.

    Raises
    ------
    PlaylistsError
        When the file cannot be written.
    """
    try:
        files.replace(file, dump(document).encode(), mode=0o644)
    except OSError as error:
        raise PlaylistsError(f"{file}: cannot be written ({error.strerror}).") from None


def dump(document: dict[str, Any]) -> str:
    """The document as JSON, with a line for each track so that changes can be read."""
    text = json.dumps(document | {"tracks": []}, ensure_ascii=False, indent=1)
    # Rows of numbers on one line each.
    text = re.sub(r"\[([^\[\]{}\"]*)\]", lambda m: f"[{' '.join(m[1].split())}]", text)
    lines = [json.dumps(line, ensure_ascii=False) for line in document["tracks"]]
    return text.replace('"tracks": []', '"tracks": [\n  ' + ",\n  ".join(lines) + "\n ]") + "\n"


def _oddity(points: np.ndarray, clusters: Clusters) -> np.ndarray:
    away = np.linalg.norm(points - clusters.centroids[clusters.labels], axis=1)
    oddity = np.empty(len(points))
    for label in range(len(clusters.centroids)):
        members = clusters.labels == label
        oddity[members] = ranks(away[members])
    return oddity


def _clusters(built: Built) -> list[dict[str, Any]]:
    describer = Describer(built.catalogue, built.place)
    entries = []
    for label, centroid in enumerate(built.clusters.centroids):
        members = np.flatnonzero(built.clusters.labels == label)
        valence, arousal = built.place[members].mean(axis=0).round(3).tolist()
        entries.append(
            {
                "words": describer.words(members),
                "songs": len(members),
                "valence": valence,
                "arousal": arousal,
                "centroid": np.round(centroid.astype(float), 4).tolist(),
            }
        )
    return entries


def _line(built: Built, i: int) -> list[Any]:
    catalogue = built.catalogue
    names = ("tempo", "energy", "duration_ms")
    values = {name: float(catalogue.feature(name)[i]) for name in names}
    return [
        catalogue.uris[i],
        catalogue.titles[i],
        catalogue.artists[i],
        int(built.clusters.labels[i]),
        *built.place[i].round(3).tolist(),
        round(values["tempo"], 1),
        round(values["energy"], 3),
        round(values["duration_ms"] / 1000),
        round(float(built.oddity[i]), 2),
        int(catalogue.explicit[i]),
    ]
