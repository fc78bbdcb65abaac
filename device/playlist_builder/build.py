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
from device.playlist_builder.artists import Artist, artist_key
from device.playlist_builder.catalogue import Catalogue, Fill, RowError, read_catalogue
from device.playlist_builder.cluster_labels import ClusterLabeller
from device.playlist_builder.clusters import Clusters, Trial, cluster, memberships
from device.playlist_builder.csv_columns import CatalogueError
from device.playlist_builder.embedding import Embedding

BUILT_IN = BUILT_IN_MODELS / PLAYLISTS_FILE
"""The playlists that Emotify comes with."""

MAX_TRACKS = 5_000
"""As many as the device selects from in a few milliseconds."""

MIN_ARTISTS = 10
"""With fewer, no playlist can keep an artist from coming twice within ten tracks."""

LABEL_WEIGHT = 0.7
"""Of listeners' labels against the affect model: labels that were made twice correlate by 0.7."""

PLEASANT_VALENCE = 0.6
"""Labels from here on are pleasant."""

_CELLS = 10
_SHOWN_ROW_ERRORS = 20


@dataclass(frozen=True, kw_only=True)
class Built:
    """A catalogue in clusters.

    Attributes
    ----------
    catalogue : Catalogue
    artists : list of Artist
        One for each track.
    outputs : np.ndarray [shape=(n, 8)]
        Of the affect model: valence, arousal and moods.
    is_pleasant : np.ndarray [shape=(n,), bool]
        Whether listeners have labelled a track as pleasant.
    embedding : Embedding
    clusters : Clusters
    cluster_affect : np.ndarray [shape=(k, 2)]
        Mean valence and arousal of each cluster.
    kind_affect : np.ndarray [shape=(n, 2)]
        That of the clusters that a track belongs to, weighted by membership.
    """

    catalogue: Catalogue
    artists: list[Artist]
    outputs: np.ndarray
    is_pleasant: np.ndarray
    embedding: Embedding
    clusters: Clusters
    cluster_affect: np.ndarray
    kind_affect: np.ndarray


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
    built = build_and_print(table.name, catalogue, released_affect_model())
    write_and_print(built, document(built, {"tracks": table.name, "sha256": sha256(table)}), output)


def build_and_print(
    name: str, catalogue: Catalogue, affect_model: AffectModel, labels: np.ndarray | None = None
) -> Built:
    """:func:`build` the playlists of a catalogue, and print what happens."""
    print(f"{name}: {len(catalogue)} songs, {catalogue.merged} rows of the same song merged")
    print_row_errors(catalogue.row_errors)
    built = build(catalogue, affect_model, labels, on_progress=_print_trial)
    print(f"{len(built.clusters.centroids)} clusters are separated best and most stable.")
    return built


def write_and_print(built: Built, document: dict[str, Any], output: Path) -> None:
    """Write the playlists, and print what is in them."""
    write(document, output)
    for number, entry in enumerate(document["clusters"], 1):
        affect = f"valence {entry['valence']:.2f}  arousal {entry['arousal']:.2f}"
        print(f"  {number:2}  {entry['songs']:6} songs  {affect}  {entry['label']}")
    print(f"{len(document['tracks'])} songs written to {output}")
    if left_out := len(built.catalogue) - len(document["tracks"]):
        print(
            f"{left_out} songs are left out, because the device selects from {MAX_TRACKS} at most: "
            "the least popular where valence and arousal are most common."
        )


def build(
    catalogue: Catalogue,
    affect_model: AffectModel,
    labels: np.ndarray | None = None,
    *,
    on_progress: Callable[[int, Trial], None] | None = None,
) -> Built:
    """Predict what listeners feel, and cluster the tracks.

    Parameters
    ----------
    catalogue : Catalogue
    affect_model : AffectModel
    labels : np.ndarray [shape=(n, 2)], optional
        Valence and arousal as listeners labelled them, NaN for tracks that nobody did.
    on_progress : callable, optional
        See :func:`device.playlist_builder.clusters.cluster`.

    Raises
    ------
    CatalogueError
        When the tracks or the artists are too few, or too much alike.
    """
    artists = affect_model.find(catalogue.artists, catalogue.genres)
    outputs = affect_model.predict(catalogue.features, artists)
    if labels is None:
        labels = np.full((len(catalogue), 2), np.nan)
    blended = LABEL_WEIGHT * labels + (1 - LABEL_WEIGHT) * outputs[:, :2]
    outputs[:, :2] = np.where(np.isnan(labels), outputs[:, :2], blended)
    embedding = Embedding.fit(outputs, catalogue.features)
    styles = [artist.style for artist in artists]
    points = embedding.transform(outputs, catalogue.features, styles)
    clusters = cluster(points, on_progress)
    names = len({artist_key(name) for name in catalogue.artists})
    if names < MIN_ARTISTS:
        raise CatalogueError(
            f"The table has {names} artists; {MIN_ARTISTS} are needed, so that none is heard "
            "twice within ten tracks. Take a larger table."
        )
    cluster_affect = np.array(
        [
            outputs[clusters.labels == label, :2].mean(axis=0)
            for label in range(len(clusters.centroids))
        ]
    )
    return Built(
        catalogue=catalogue,
        artists=artists,
        outputs=outputs,
        is_pleasant=labels[:, 0] >= PLEASANT_VALENCE,
        embedding=embedding,
        clusters=clusters,
        cluster_affect=cluster_affect,
        kind_affect=memberships(points, clusters.centroids) @ cluster_affect,
    )


def document(built: Built, source: dict[str, Any]) -> dict[str, Any]:
    """The content that :class:`device.playlist.tracks.TrackTable` reads, without the affect model.

    Parameters
    ----------
    built : Built
    source : dict
        Where the tracks came from, for readers of the file.
    """
    kept = spread(built.outputs[:, :2], built.catalogue.popularity, MAX_TRACKS)
    return {
        "format": FORMAT,
        "source": source | {"songs": len(built.catalogue), "kept": len(kept)},
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
    """The document as JSON, with a line for each track and artist so that changes can be read."""
    model = document.get("affect_model", {})
    artists = [f"{json.dumps(name)}:{_short(numbers)}" for name, numbers in
               model.get("artists", {}).items()]  # fmt: skip
    emptied = {"affect_model": model | {"artists": {}}} if model else {}
    text = json.dumps(document | emptied | {"tracks": []}, ensure_ascii=False, indent=1)
    # Rows of numbers on one line each.
    text = re.sub(r"\[([^\[\]{}\"]*)\]", lambda m: f"[{' '.join(m[1].split())}]", text)
    tracks = map(_short, document["tracks"])
    text = text.replace('"artists": {}', '"artists": {\n' + ",\n".join(artists) + "\n  }")
    return text.replace('"tracks": []', '"tracks": [\n' + ",\n".join(tracks) + "\n ]") + "\n"


def _short(line: Sequence[Any]) -> str:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


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


def _clusters(built: Built) -> list[dict[str, Any]]:
    labeller = ClusterLabeller(built.catalogue, built.outputs[:, :2])
    entries = []
    for label, centroid in enumerate(built.clusters.centroids):
        members = np.flatnonzero(built.clusters.labels == label)
        valence, arousal = built.cluster_affect[label].round(3).tolist()
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
    catalogue, artist = built.catalogue, built.artists[i]
    names = ("tempo", "energy", "duration_ms")
    values = {name: float(catalogue.feature(name)[i]) for name in names}
    return [
        catalogue.uris[i],
        catalogue.titles[i],
        catalogue.artists[i],
        artist.style,
        artist.language,
        int(built.clusters.labels[i]),
        *built.outputs[i, :2].round(3).tolist(),
        *built.kind_affect[i].round(3).tolist(),
        round(values["tempo"], 1),
        round(values["energy"], 3),
        round(values["duration_ms"] / 1000),
        int(catalogue.explicit[i]),
        int(catalogue.year[i]),
        int(built.is_pleasant[i]),
        *built.outputs[i, 2:].round(2).tolist(),
    ]


def _print_trial(count: int, trial: Trial) -> None:
    print(
        f"  {count:2} clusters: silhouette {trial.silhouette:.3f}, "
        f"adjusted Rand index over seeds {trial.stability:.3f}"
    )


def sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
