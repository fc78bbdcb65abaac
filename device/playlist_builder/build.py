"""Build the file that the device selects playlists from: clusters, and the tracks in them."""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from device import files
from device.config.folders import BUILT_IN_MODELS
from device.errors import PlaylistsError
from device.playlist.playlist import PLAYLISTS_FILE
from device.playlist.tracks import FORMAT
from device.playlist_builder.affect_model import AffectModel
from device.playlist_builder.catalogue import Catalogue, Fill, RowError, read_catalogue
from device.playlist_builder.cluster_labels import ClusterLabeller, percentile_ranks
from device.playlist_builder.clusters import Clusters, Trial, cluster
from device.playlist_builder.csv_columns import CatalogueError
from device.playlist_builder.embedding import Embedding

BUILT_IN = BUILT_IN_MODELS / PLAYLISTS_FILE
"""The playlists that Emotify comes with."""

MAX_TRACKS = 3_000
"""As many as the device selects from in a few milliseconds."""

MIN_ARTISTS = 10
"""With fewer, no playlist can keep an artist from coming twice within ten tracks."""

_CELLS = 10
_SHOWN_ROW_ERRORS = 20


@dataclass(frozen=True, kw_only=True)
class Built:
    """A catalogue in clusters.

    Attributes
    ----------
    catalogue : Catalogue
    affect : np.ndarray [shape=(n, 2)]
    embedding : Embedding
    clusters : Clusters
    centroid_rank : np.ndarray [shape=(n,)]
        In 0..1: how far each track is from its centroid, as a percentile rank within the cluster.
    affect_model : AffectModel
    """

    catalogue: Catalogue
    affect: np.ndarray
    embedding: Embedding
    clusters: Clusters
    centroid_rank: np.ndarray
    affect_model: AffectModel


def build_own(table: Path, output: Path, fill: Fill | None = None) -> None:
    """Build the playlists from a table of one's own tracks, and print what happens.

    Parameters
    ----------
    table : Path
        A CSV of tracks.
    output : Path
    fill : callable, optional
        See :func:`device.playlist_builder.catalogue.read_catalogue`.

    Raises
    ------
    CatalogueError
        When the table cannot be used.
    PlaylistsError
        When the playlists that Emotify comes with, which hold the affect model, cannot be read, or
        the output cannot be written.
    """
    catalogue = read_catalogue(table, fill)
    build_file(table, catalogue, released_affect_model(), {"tracks": table.name}, output)


def build_file(
    table: Path,
    catalogue: Catalogue,
    affect_model: AffectModel,
    source: dict[str, Any],
    output: Path,
) -> None:
    """Build the playlists of a catalogue, write them, and print what happens."""
    print(f"{table.name}: {len(catalogue)} songs, {catalogue.merged} rows of the same song merged")
    print_row_errors(catalogue.row_errors)
    built = build(catalogue, affect_model, _print_trial)
    print(f"{len(built.clusters.centroids)} clusters are separated best and most stable.")
    made = document(built, source | {"sha256": _sha256(table)})
    write(made, output)
    for number, entry in enumerate(made["clusters"], 1):
        affect = f"valence {entry['valence']:.2f}  arousal {entry['arousal']:.2f}"
        print(f"  {number:2}  {entry['songs']:6} songs  {affect}  {entry['label']}")
    print(f"{len(made['tracks'])} songs written to {output}")
    if left_out := len(catalogue) - len(made["tracks"]):
        print(
            f"{left_out} songs are left out, because the device selects from {MAX_TRACKS} at most: "
            "the least popular where valence and arousal are most common."
        )


def build(
    catalogue: Catalogue,
    affect_model: AffectModel,
    on_progress: Callable[[int, Trial], None] | None = None,
) -> Built:
    """Predict the affect of the tracks and cluster them.

    Raises
    ------
    CatalogueError
        When the tracks or the artists are too few, or too much alike.
    """
    artists = len({artist.casefold() for artist in catalogue.artists})
    affect = affect_model.predict(catalogue.features)
    embedding = Embedding.fit(affect, catalogue.features, catalogue.genres)
    points = embedding.transform(affect, catalogue.features, catalogue.genres)
    clusters = cluster(points, on_progress)
    if artists < MIN_ARTISTS:
        raise CatalogueError(
            f"The table has {artists} artists; {MIN_ARTISTS} are needed, so that none is heard "
            "twice within ten tracks. Take a larger table."
        )
    return Built(
        catalogue=catalogue,
        affect=affect,
        embedding=embedding,
        clusters=clusters,
        centroid_rank=_centroid_rank(points, clusters),
        affect_model=affect_model,
    )


def document(built: Built, source: dict[str, Any]) -> dict[str, Any]:
    """The content that :class:`device.playlist.tracks.TrackTable` reads.

    Parameters
    ----------
    built : Built
    source : dict
        Where the tracks came from, for readers of the file.
    """
    kept = spread(built.affect, built.catalogue.popularity, MAX_TRACKS)
    return {
        "format": FORMAT,
        "source": source | {"songs": len(built.catalogue), "kept": len(kept)},
        "affect_model": built.affect_model.to_dict(),
        "embedding": built.embedding.to_dict(),
        "clusters": _clusters(built),
        "tracks": [_line(built, i) for i in kept],
    }


def spread(affect: np.ndarray, popularity: np.ndarray, most: int) -> np.ndarray:
    """Tracks from everywhere in the plane, the popular ones first [shape=(<= most,), int].

    Most music is near the centre. So every cell of the plane gives one track, then every cell a
    second one, and so on.
    """
    cells = np.clip((affect * _CELLS).astype(int), 0, _CELLS - 1) @ [_CELLS, 1]
    order = np.lexsort((np.arange(len(affect)), -np.nan_to_num(popularity), cells))
    starts = np.searchsorted(cells[order], cells[order])
    turn = np.empty(len(affect), int)
    turn[order] = np.arange(len(affect)) - starts
    return np.sort(np.argsort(turn, kind="stable")[:most])


def write(document: dict[str, Any], file: Path) -> None:
    """Replace the file as a whole: a reader finds the old content or the new one.

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


def read_document(file: Path) -> dict[str, Any]:
    """The whole content of a file of playlists.

    Raises
    ------
    PlaylistsError
        When it cannot be read.
    """
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PlaylistsError(f"{file}: cannot be read ({error}).") from None


def released_affect_model() -> AffectModel:
    """The affect model that Emotify comes with.

    Raises
    ------
    PlaylistsError, CatalogueError
        When there is none.
    """
    return AffectModel.from_dict(read_document(BUILT_IN).get("affect_model", {}))


def print_row_errors(row_errors: Sequence[RowError]) -> None:
    """Print which rows of a table are not used, and why."""
    if row_errors:
        print(f"{len(row_errors)} rows are left out:")
    for row_error in row_errors[:_SHOWN_ROW_ERRORS]:
        print(f"  {row_error}")
    rest: dict[str, list[str]] = {}
    for row_error in row_errors[_SHOWN_ROW_ERRORS:]:
        rest.setdefault(row_error.reason, []).append(str(row_error.row))
    for reason, rows in rest.items():
        print(f"  and {len(rows)}: {reason} (row {', '.join(rows)})")


def _centroid_rank(points: np.ndarray, clusters: Clusters) -> np.ndarray:
    distances = np.linalg.norm(points - clusters.centroids[clusters.labels], axis=1)
    ranks = np.empty(len(points))
    for label in range(len(clusters.centroids)):
        members = clusters.labels == label
        ranks[members] = percentile_ranks(distances[members])
    return ranks


def _clusters(built: Built) -> list[dict[str, Any]]:
    labeller = ClusterLabeller(built.catalogue, built.affect)
    entries = []
    for label, centroid in enumerate(built.clusters.centroids):
        members = np.flatnonzero(built.clusters.labels == label)
        valence, arousal = built.affect[members].mean(axis=0).round(3).tolist()
        entries.append(
            {
                "label": labeller.label(members),
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
        *built.affect[i].round(3).tolist(),
        round(values["tempo"], 1),
        round(values["energy"], 3),
        round(values["duration_ms"] / 1000),
        round(float(built.centroid_rank[i]), 2),
        int(catalogue.explicit[i]),
    ]


def _print_trial(count: int, trial: Trial) -> None:
    print(
        f"  {count:2} clusters: silhouette {trial.silhouette:.3f}, "
        f"adjusted Rand index over seeds {trial.stability:.3f}"
    )


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
