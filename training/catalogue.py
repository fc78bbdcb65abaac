"""The catalogue: tracks and their audio features, read from a table.

The table is a CSV with the columns of TidyTuesday's ``spotify_songs.csv`` (2020-01-21).
"""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from device.errors import EmotifyError
from device.playlist import Track

RANGES = {
    "valence": (0, 1),
    "energy": (0, 1),
    "tempo": (30, 300),
    "danceability": (0, 1),
    "acousticness": (0, 1),
    "instrumentalness": (0, 1),
    "loudness": (-60, 5),
    "speechiness": (0, 1),
}
"""Spotify's audio features with the values that they can have; tempo in beats a minute, loudness
in dB, the others without unit."""

FEATURES = tuple(RANGES)

_LABELS = ("track_id", "track_name", "track_artist", "track_popularity", "playlist_genre")

# "Song - Live", "Song (feat. Somebody)", "Song [Remastered]": the same song again.
_VERSION = re.compile(r"\s+(-\s.*|[(\[].*)$")


class CatalogueError(EmotifyError, ValueError):
    """The table of tracks cannot be read, or does not hold enough to choose from."""


@dataclass
class Entry:
    """One track.

    Attributes
    ----------
    popularity : float in 0..100
    genres : set of str
        The table lists a track once for every playlist it was found on; these are all their genres.
    features : tuple of float
        In the order of :data:`FEATURES`.
    """

    track: Track
    popularity: float
    genres: set[str]
    features: tuple[float, ...]

    @property
    def song(self) -> tuple[str, str]:
        """What all versions of one song by one artist have in common."""
        title = self.track.title.casefold()
        return _VERSION.sub("", title) or title, self.track.artist.casefold()


@dataclass(frozen=True)
class Catalogue:
    """Different songs, one version of each.

    Attributes
    ----------
    entries : tuple of Entry
    left_out : int
        Rows that could not be used: without a name, or with an impossible feature.
    """

    entries: tuple[Entry, ...]
    left_out: int = 0

    def feature(self, name: str) -> np.ndarray:
        """One feature of all tracks [shape=(n,), float64]."""
        column = FEATURES.index(name)
        return np.array([entry.features[column] for entry in self.entries])


def read_catalogue(file: Path, least_popularity: float = 0) -> Catalogue:
    """Read a table of tracks.

    Parameters
    ----------
    file : Path
    least_popularity : float in 0..100
        Tracks that are less popular are passed over.

    Raises
    ------
    CatalogueError
        When the file is missing, or no such table.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            table = csv.DictReader(lines)
            _check_columns(file, table.fieldnames or ())
            rows = [_entry(row) for row in table]
    except OSError as error:
        raise CatalogueError(
            f"{file}: cannot be read ({error.strerror}). Name the table with --tracks."
        ) from None
    except (csv.Error, UnicodeDecodeError) as error:
        raise CatalogueError(f"{file}: not a CSV in UTF-8 ({error}).") from None
    entries = [entry for entry in rows if entry is not None]
    popular = [entry for entry in _merge(entries) if entry.popularity >= least_popularity]
    return Catalogue(tuple(_one_version(popular)), left_out=len(rows) - len(entries))


def _check_columns(file: Path, columns: list[str]) -> None:
    missing = [name for name in (*_LABELS, *FEATURES) if name not in columns]
    if missing:
        raise CatalogueError(f"{file}: not a table of tracks, it lacks {', '.join(missing)}.")


def _entry(row: dict[str, str | None]) -> Entry | None:
    label = {name: (row[name] or "").strip() for name in _LABELS}
    if "" in label.values() or label["track_name"] == "NA":
        return None
    try:
        popularity = float(label["track_popularity"])
        features = tuple(float(row[name] or "nan") for name in FEATURES)
    except ValueError:
        return None
    in_range = zip(features, RANGES.values(), strict=True)
    if not all(low <= value <= high for value, (low, high) in in_range):
        return None
    track = Track(f"spotify:track:{label['track_id']}", label["track_name"], label["track_artist"])
    return Entry(track, popularity, {label["playlist_genre"]}, features)


def _merge(entries: list[Entry]) -> list[Entry]:
    """One entry for each URI, with the genres of all its rows."""
    merged: dict[str, Entry] = {}
    for entry in entries:
        merged.setdefault(entry.track.uri, entry).genres.update(entry.genres)
    return list(merged.values())


def _one_version(entries: list[Entry]) -> list[Entry]:
    """The most popular version of each song, in the order of the URIs."""
    best: dict[tuple[str, str], Entry] = {}
    for entry in sorted(entries, key=lambda entry: (-entry.popularity, entry.track.uri)):
        best.setdefault(entry.song, entry)
    return sorted(best.values(), key=lambda entry: entry.track.uri)
