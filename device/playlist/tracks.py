"""The music that there is: tracks with their clusters and their places in the plane.

It stands in ``playlists.json``, which ``emotify playlists build`` makes.
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

FORMAT = 2
"""Version of the file's layout."""

TRACK = ("uri", "title", "artist", "cluster", "valence", "arousal", "tempo", "energy", "seconds",
         "oddity", "explicit")  # fmt: skip
"""What stands in the line of a track."""

_TRACK_URI = re.compile(r"spotify:track:[0-9A-Za-z]{22}")
_LEAST = np.array([0, 0, 30, 0, 1, 0])
_MOST = np.array([1, 1, 300, 1, 86_400, 1])
_REMEDY = "Make it anew with `emotify playlists build`, or install Emotify again."


@dataclass(frozen=True)
class Track:
    """A piece of music on Spotify; ``uri`` reads ``spotify:track:`` and 22 letters or digits."""

    uri: str
    title: str
    artist: str


@dataclass(frozen=True)
class Music:
    """Tracks, a column for each thing known of them.

    Attributes
    ----------
    tracks : tuple of Track
    artist : np.ndarray [shape=(n,), int32]
        Equal for tracks of one artist, from 0.
    cluster : np.ndarray [shape=(n,), int32]
    place : np.ndarray [shape=(n, 2), float32]
        Valence and arousal in 0..1.
    tempo : np.ndarray [shape=(n,), float32] (in beats a minute)
    energy : np.ndarray [shape=(n,), float32]
        In 0..1.
    seconds : np.ndarray [shape=(n,), float32]
    oddity : np.ndarray [shape=(n,), float32]
        In 0..1: how far from the centroid of its cluster a track is, as a percentile rank.
    explicit : np.ndarray [shape=(n,), bool]
    words : tuple of str
        How each cluster sounds.
    cluster_place : np.ndarray [shape=(k, 2), float32]
        The centroids of the clusters in the plane.
    """

    tracks: tuple[Track, ...]
    artist: np.ndarray
    cluster: np.ndarray
    place: np.ndarray
    tempo: np.ndarray
    energy: np.ndarray
    seconds: np.ndarray
    oddity: np.ndarray
    explicit: np.ndarray
    words: tuple[str, ...]
    cluster_place: np.ndarray

    def among(self, uris: Iterable[str]) -> np.ndarray:
        """Which of the tracks have one of these addresses [shape=(n,), bool]."""
        found = np.zeros(len(self.tracks), bool)
        found[[self._position[uri] for uri in uris if uri in self._position]] = True
        return found

    @cached_property
    def _position(self) -> dict[str, int]:
        return {track.uri: position for position, track in enumerate(self.tracks)}

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read a file of music.

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
            return cls.of(document)
        except ValueError as error:
            raise PlaylistsError(f"{file}: {error}. {_REMEDY}") from None

    @classmethod
    def of(cls, document: Any) -> Self:
        """The music of a file's content.

        Raises
        ------
        ValueError
            When it is not such content.
        """
        version = _entry(document, "format")
        if version != FORMAT:
            raise ValueError(f"is of format {version!r}, and this Emotify reads format {FORMAT}")
        words, cluster_place = _clusters(_entry(document, "clusters"))
        rows = _entry(document, "tracks")
        if not isinstance(rows, list) or not rows:
            raise ValueError("has no tracks")
        tracks = tuple(map(_track, rows))
        cluster, numbers, explicit = _numbers(rows, len(words))
        artists: dict[str, int] = {}
        tempo, energy, seconds, oddity = numbers[:, 2:].T
        return cls(
            tracks,
            np.array(
                [artists.setdefault(t.artist.casefold(), len(artists)) for t in tracks], np.int32
            ),
            cluster,
            numbers[:, :2],
            tempo,
            energy,
            seconds,
            oddity,
            explicit,
            words,
            cluster_place,
        )


def _clusters(entries: object) -> tuple[tuple[str, ...], np.ndarray]:
    if not isinstance(entries, list) or not entries:
        raise ValueError("has no clusters")
    words = tuple(str(_entry(entry, "words")) for entry in entries)
    try:
        places = [[float(_entry(e, "valence")), float(_entry(e, "arousal"))] for e in entries]
    except TypeError:
        raise ValueError("has a cluster without a place") from None
    if not all(0 <= axis <= 1 for place in places for axis in place):
        raise ValueError("has a cluster outside the plane")
    return words, np.array(places, np.float32)


def _track(row: object) -> Track:
    if not isinstance(row, list) or len(row) != len(TRACK):
        raise ValueError(f"{row!r} is no track")
    if [type(text) for text in row[:3]] != [str] * 3:
        raise ValueError(f"{row!r} is no track")
    if not _TRACK_URI.fullmatch(row[0]):
        raise ValueError(f"{row[0]!r} is no address of a Spotify track")
    return Track(*row[:3])


def _numbers(rows: list[list], clusters: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    try:
        values = np.array([row[3:] for row in rows], float)
    except (TypeError, ValueError):
        raise ValueError("has a track with a value that is no number") from None
    cluster, numbers = values[:, 0], values[:, 1:7]
    good = (numbers >= _LEAST) & (numbers <= _MOST)
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
