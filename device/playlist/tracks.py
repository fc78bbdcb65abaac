"""The tracks: all music that a playlist can be selected from, with its clusters and its affect.

They are read from ``playlists.json``, which ``emotify playlists build`` writes.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np

from device import files
from device.errors import PlaylistsError

FORMAT = 3
"""Version of the file's layout."""

COLUMNS = ("uri", "title", "artist", "cluster", "valence", "arousal", "tempo", "energy", "seconds",
           "centroid_rank", "explicit")  # fmt: skip
"""The values in the line of a track."""

_TRACK_URI = re.compile(r"spotify:track:[0-9A-Za-z]{22}")
_MIN = np.array([0, 0, 30, 0, 1, 0])
_MAX = np.array([1, 1, 300, 1, 86_400, 1])
_REMEDY = "Build it again with `emotify playlists build`, or install Emotify again."


@dataclass(frozen=True)
class Track:
    """A track on Spotify; ``uri`` is ``spotify:track:`` and 22 letters or digits."""

    uri: str
    title: str
    artist: str


@dataclass(frozen=True, kw_only=True)
class TrackTable:
    """Tracks, a column for each property.

    Attributes
    ----------
    tracks : tuple of Track
    artist : np.ndarray [shape=(n,), int32]
        Equal for tracks of one artist, from 0.
    cluster : np.ndarray [shape=(n,), int32]
    affect : np.ndarray [shape=(n, 2), float32]
        Valence and arousal in 0..1.
    tempo : np.ndarray [shape=(n,), float32] (in beats a minute)
    energy : np.ndarray [shape=(n,), float32]
        In 0..1.
    seconds : np.ndarray [shape=(n,), float32]
    centroid_rank : np.ndarray [shape=(n,), float32]
        In 0..1: how far a track is from the centroid of its cluster, as a percentile rank.
    explicit : np.ndarray [shape=(n,), bool]
    labels : tuple of str
        The label of each cluster, such as "gentle, acoustic".
    cluster_affect : np.ndarray [shape=(k, 2), float32]
        The mean valence and arousal of each cluster.
    """

    tracks: tuple[Track, ...]
    artist: np.ndarray
    cluster: np.ndarray
    affect: np.ndarray
    tempo: np.ndarray
    energy: np.ndarray
    seconds: np.ndarray
    centroid_rank: np.ndarray
    explicit: np.ndarray
    labels: tuple[str, ...]
    cluster_affect: np.ndarray

    def are_among(self, uris: Iterable[str]) -> np.ndarray:
        """Which of the tracks have one of these URIs [shape=(n,), bool]."""
        found = np.zeros(len(self.tracks), bool)
        found[[self._indices[uri] for uri in uris if uri in self._indices]] = True
        return found

    @cached_property
    def _indices(self) -> dict[str, int]:
        return {track.uri: index for index, track in enumerate(self.tracks)}

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read a file of playlists.

        Raises
        ------
        PlaylistsError
            When the file is missing, damaged, or of another version.
        """
        try:
            document = files.parse_json(file.read_bytes())
        except OSError as error:
            raise PlaylistsError(f"{file}: cannot be read ({error.strerror}). {_REMEDY}") from None
        except ValueError:
            raise PlaylistsError(f"{file}: not JSON, perhaps cut short. {_REMEDY}") from None
        try:
            return cls.parse(document)
        except ValueError as error:
            raise PlaylistsError(f"{file}: {error}. {_REMEDY}") from None

    @classmethod
    def parse(cls, document: Any) -> Self:
        """The tracks in a file's content.

        Raises
        ------
        ValueError
            When it is not such content.
        """
        version = _entry(document, "format")
        if version != FORMAT:
            raise ValueError(f"is of format {version!r}, and this Emotify reads format {FORMAT}")
        labels, cluster_affect = _clusters(_entry(document, "clusters"))
        rows = _entry(document, "tracks")
        if not isinstance(rows, list) or not rows:
            raise ValueError("has no tracks")
        tracks = tuple(map(_track, rows))
        cluster, numbers, explicit = _numbers(rows, len(labels))
        artists: dict[str, int] = {}
        artist = [artists.setdefault(t.artist.casefold(), len(artists)) for t in tracks]
        tempo, energy, seconds, centroid_rank = numbers[:, 2:].T
        return cls(
            tracks=tracks,
            artist=np.array(artist, np.int32),
            cluster=cluster,
            affect=numbers[:, :2],
            tempo=tempo,
            energy=energy,
            seconds=seconds,
            centroid_rank=centroid_rank,
            explicit=explicit,
            labels=labels,
            cluster_affect=cluster_affect,
        )


def _clusters(entries: object) -> tuple[tuple[str, ...], np.ndarray]:
    if not isinstance(entries, list) or not entries:
        raise ValueError("has no clusters")
    labels = tuple(str(_entry(entry, "label")) for entry in entries)
    try:
        affect = [[float(_entry(e, "valence")), float(_entry(e, "arousal"))] for e in entries]
    except TypeError:
        raise ValueError("has a cluster without valence and arousal") from None
    if not all(0 <= axis <= 1 for pair in affect for axis in pair):
        raise ValueError("has a cluster outside the plane")
    return labels, np.array(affect, np.float32)


def _track(row: object) -> Track:
    if not isinstance(row, list) or len(row) != len(COLUMNS):
        raise ValueError(f"{row!r} is no track")
    if [type(text) for text in row[:3]] != [str] * 3:
        raise ValueError(f"{row!r} is no track")
    if not _TRACK_URI.fullmatch(row[0]):
        raise ValueError(f"{row[0]!r} is no URI of a Spotify track")
    return Track(*row[:3])


def _numbers(rows: list[list], clusters: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    try:
        values = np.array([row[3:] for row in rows], float)
    except (TypeError, ValueError):
        raise ValueError("has a track with a value that is no number") from None
    cluster, numbers = values[:, 0], values[:, 1:7]
    good = (numbers >= _MIN) & (numbers <= _MAX)
    if not good.all():
        raise ValueError(f"{rows[int((~good).any(axis=1).argmax())]!r} is no track")
    known = (cluster == np.floor(cluster)) & (cluster >= 0) & (cluster < clusters)
    if not known.all():
        raise ValueError(f"{rows[int((~known).argmax())]!r} is a track of no cluster")
    return cluster.astype(np.int32), numbers.astype(np.float32), values[:, 7] > 0


def _entry(document: object, name: str) -> Any:
    if not isinstance(document, dict) or name not in document:
        raise ValueError(f"has no entry {name!r}")
    return document[name]
