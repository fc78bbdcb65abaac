"""The tracks: all music that a playlist can be selected from, with its clusters and its affect.

They are read from ``playlists.json``, which ``emotify playlists build`` writes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np

from device import files
from device.errors import PlaylistsError
from device.playlist.preferences import LANGUAGES
from device.playlist.themes import Theme, Themes

FORMAT = 4
"""Version of the file's layout."""

MOODS = ("happy", "sad", "calm", "angry", "tender", "hopeless")
"""The moods that tracks are tagged with by listeners; "angry" includes aggressive."""

COLUMNS = ("uri", "title", "artist", "style", "language", "cluster", "valence", "arousal",
           "kind_valence", "kind_arousal", "tempo", "energy", "seconds", "explicit", "year",
           "pleasant", *MOODS)  # fmt: skip
"""The values in the line of a track."""


class Style(StrEnum):
    """A style of music."""

    POP = "pop"
    ROCK = "rock"
    SOUL = "soul"
    FOLK = "folk"
    JAZZ = "jazz"
    LATIN = "latin"
    ELECTRONIC = "electronic"
    RAP = "rap"
    OTHER = "other"


class Explicit(IntEnum):
    """Whether a track has explicit lyrics."""

    NO = 0
    YES = 1
    UNKNOWN = 2
    """The table does not say."""
    PROBABLY = 3
    """The table does not say, and it is rap or has a profane title."""


_TRACK_URI = re.compile(r"spotify:track:[0-9A-Za-z]{22}")
_TEXTS = 5
_MIN = np.array([0, 0, 0, 0, 30, 0, 1, 0, 0, 0, *[0] * len(MOODS)])
_MAX = np.array([1, 1, 1, 1, 300, 1, 86_400, 2, 9999, 1, *[1] * len(MOODS)])
_REMEDY = (
    "Build it again with `emotify playlists build`; if it came with Emotify, install that again "
    "with `sudo ./setup.sh install`."
)


@dataclass(frozen=True)
class Track:
    """A track on Spotify; ``uri`` is ``spotify:track:`` and 22 letters or digits.

    ``language`` is one of :data:`device.playlist.preferences.LANGUAGES`.
    """

    uri: str
    title: str
    artist: str
    style: str = Style.OTHER
    language: str = LANGUAGES[0]


@dataclass(frozen=True, kw_only=True)
class TrackTable:
    """Tracks, a column for each property.

    Attributes
    ----------
    tracks : tuple of Track
    style, language : np.ndarray [shape=(n,), str]
        Those of the tracks.
    artist : np.ndarray [shape=(n,), int32]
        Equal for tracks of one artist, from 0.
    cluster : np.ndarray [shape=(n,), int32]
    affect : np.ndarray [shape=(n, 2), float32]
        Valence and arousal in 0..1.
    tempo : np.ndarray [shape=(n,), float32] (in beats a minute)
    energy : np.ndarray [shape=(n,), float32]
        In 0..1.
    seconds : np.ndarray [shape=(n,), float32]
    kind_affect : np.ndarray [shape=(n, 2), float32]
        Valence and arousal of the clusters that a track belongs to, weighted by membership.
    explicit : np.ndarray [shape=(n,), int32]
        Values of :class:`Explicit`.
    year : np.ndarray [shape=(n,), int32]
        Of release; 0 where it is not known.
    is_pleasant : np.ndarray [shape=(n,), bool]
        Whether listeners have labelled the track as pleasant.
    moods : np.ndarray [shape=(n, 6), float32]
        How much of each of :data:`MOODS` listeners would find in a track, as a percentile rank.
    theme : np.ndarray [shape=(n,), int32]
        What the titles are about, values of :class:`device.playlist.themes.Theme`.
    labels : tuple of str
        The label of each cluster, such as "gentle, acoustic".
    cluster_affect : np.ndarray [shape=(k, 2), float32]
        The mean valence and arousal of each cluster.
    """

    tracks: tuple[Track, ...]
    style: np.ndarray
    language: np.ndarray
    artist: np.ndarray
    cluster: np.ndarray
    affect: np.ndarray
    tempo: np.ndarray
    energy: np.ndarray
    seconds: np.ndarray
    kind_affect: np.ndarray
    explicit: np.ndarray
    year: np.ndarray
    is_pleasant: np.ndarray
    moods: np.ndarray
    theme: np.ndarray
    labels: tuple[str, ...]
    cluster_affect: np.ndarray

    def tracks_ago(self, played: Sequence[str]) -> np.ndarray:
        """How many tracks ago each track was played, from 1; 0 for never [shape=(n,), int].

        Parameters
        ----------
        played : sequence of str
            The URIs of the tracks that were played, the latest at the end.
        """
        index_of = self._indices.get
        ago = {index_of(uri): len(played) - number for number, uri in enumerate(played)}
        ago.pop(None, None)
        found = np.zeros(len(self.tracks), int)
        found[list(ago)] = list(ago.values())
        return found

    @cached_property
    def _indices(self) -> dict[str, int]:
        return {track.uri: index for index, track in enumerate(self.tracks)}

    @classmethod
    def load(cls, file: Path, themes: Themes | None = None) -> Self:
        """Read a file of playlists.

        Parameters
        ----------
        file : Path
        themes : Themes, optional
            With the owner's words; without, the built-in ones.

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
            return cls.parse(document, themes)
        except ValueError as error:
            raise PlaylistsError(f"{file}: {error}. {_REMEDY}") from None

    @classmethod
    def parse(cls, document: Any, themes: Themes | None = None) -> Self:
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
        cluster, numbers = _numbers(rows, len(labels))
        artists: dict[str, int] = {}
        artist = [artists.setdefault(t.artist.casefold(), len(artists)) for t in tracks]
        themes = themes or Themes()
        theme = [themes.of(track.title, track.artist).value for track in tracks]
        tempo, energy, seconds, explicit, year, pleasant = numbers[:, 4:10].T
        return cls(
            tracks=tracks,
            style=np.array([track.style for track in tracks]),
            language=np.array([track.language for track in tracks]),
            artist=np.array(artist, np.int32),
            cluster=cluster,
            affect=numbers[:, :2],
            tempo=tempo,
            energy=energy,
            seconds=seconds,
            kind_affect=numbers[:, 2:4],
            explicit=_explicit(explicit, tracks, theme),
            year=year.astype(np.int32),
            is_pleasant=pleasant > 0,
            moods=numbers[:, 10:],
            theme=np.array(theme, np.int32),
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
    if [type(text) for text in row[:_TEXTS]] != [str] * _TEXTS:
        raise ValueError(f"{row!r} is no track")
    if not _TRACK_URI.fullmatch(row[0]):
        raise ValueError(f"{row[0]!r} is no URI of a Spotify track")
    return Track(*row[:_TEXTS])


def _numbers(rows: list[list], clusters: int) -> tuple[np.ndarray, np.ndarray]:
    try:
        values = np.array([row[_TEXTS:] for row in rows], float)
    except (TypeError, ValueError):
        raise ValueError("has a track with a value that is no number") from None
    cluster, numbers = values[:, 0], values[:, 1:]
    good = (numbers >= _MIN) & (numbers <= _MAX)
    if not good.all():
        raise ValueError(f"{rows[int((~good).any(axis=1).argmax())]!r} is no track")
    known = (cluster == np.floor(cluster)) & (cluster >= 0) & (cluster < clusters)
    if not known.all():
        raise ValueError(f"{rows[int((~known).argmax())]!r} is a track of no cluster")
    return cluster.astype(np.int32), numbers.astype(np.float32)


def _explicit(given: np.ndarray, tracks: tuple[Track, ...], themes: list[int]) -> np.ndarray:
    """What the file says, or where it does not, the rule."""
    by_rule = [
        track.style == Style.RAP or bool(theme & Theme.PROFANE.value)
        for track, theme in zip(tracks, themes, strict=True)
    ]
    unknown = given == Explicit.UNKNOWN
    return np.where(unknown & by_rule, Explicit.PROBABLY, given).astype(np.int32)


def _entry(document: object, name: str) -> Any:
    if not isinstance(document, dict) or name not in document:
        raise ValueError(f"has no entry {name!r}")
    return document[name]
