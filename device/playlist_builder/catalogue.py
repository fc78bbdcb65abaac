"""The catalogue: the tracks of a table with their audio features.

It is read from TidyTuesday's ``spotify_songs.csv``, from Exportify's tables of one's own playlists,
and from any CSV with the usual column names.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from device.playlist.themes import plain
from device.playlist.tracks import Explicit
from device.playlist_builder.artists import artist_key
from device.playlist_builder.csv_columns import CatalogueError, Table, open_table

RANGES = {
    "danceability": (0, 1),
    "energy": (0, 1),
    "valence": (0, 1),
    "tempo": (30, 300),
    "acousticness": (0, 1),
    "instrumentalness": (0, 1),
    "loudness": (-60, 5),
    "speechiness": (0, 1),
    "duration_ms": (10_000, 10_800_000),
}
"""Spotify's audio features with their ranges: tempo in beats a minute, loudness in dB, the duration
in milliseconds, the others without unit."""

FEATURES = tuple(RANGES)

Fill = Callable[[list[str]], Mapping[str, Mapping[str, float]]]
"""Finds the features of tracks by their Spotify ids; leaves out those it does not know."""

_ID = re.compile(
    r"(?:spotify:track:|https?://open\.spotify\.com/(?:[\w-]+/)?track/)?([0-9A-Za-z]{22})"
)

# "Song - Live", "Song (feat. Somebody)", "Song [Remastered]": the same song again.
_VERSION = re.compile(r"\s+(-\s.*|[(\[].*)$")

_OTHER_VERSION = re.compile(r"\b(remix|live|mix|acoustic|instrumental|edit)\b", re.IGNORECASE)

_EXPLICIT = dict.fromkeys(("true", "1", "yes"), Explicit.YES) | dict.fromkeys(
    ("false", "0", "no"), Explicit.NO
)

# Exportify parts artists by semicolons, and in older files by bare commas: "Tyler, The Creator"
# is one artist.
_PARTED = re.compile(r";\s*|,(?! )")


@dataclass(frozen=True)
class RowError:
    """A row that is not used, and why."""

    row: int
    reason: str

    def __str__(self) -> str:
        return f"row {self.row}: {self.reason}"


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Tracks, a column for each property.

    Attributes
    ----------
    uris, titles, artists : list of str
        The artist is the first of several, as the table writes it.
    genres : list of tuple of str
    features : np.ndarray [shape=(n, 9), float64]
        In the order of :data:`FEATURES`.
    explicit : np.ndarray [shape=(n,), int]
        Values of :class:`device.playlist.tracks.Explicit`.
    year : np.ndarray [shape=(n,), int]
        Of the earliest release in the table; 0 where it does not say.
    popularity : np.ndarray [shape=(n,), float64]
        In 0..100; NaN where the table does not say.
    rows : np.ndarray [shape=(n,), int]
        Row number of each track in the table; the header is row 1, as in a spreadsheet.
    row_errors : tuple of RowError
    merged : int
        Rows that repeat a track, or are another version of its song.
    """

    uris: list[str]
    titles: list[str]
    artists: list[str]
    genres: list[tuple[str, ...]]
    features: np.ndarray
    explicit: np.ndarray
    year: np.ndarray
    popularity: np.ndarray
    rows: np.ndarray
    row_errors: tuple[RowError, ...] = ()
    merged: int = 0

    def __len__(self) -> int:
        return len(self.uris)

    def feature(self, name: str) -> np.ndarray:
        """One feature of all tracks [shape=(n,), float64]."""
        return self.features[:, FEATURES.index(name)]

    def take(self, indices: Iterable[int]) -> "Catalogue":
        """Some of the tracks, in the order of ``indices``."""
        at = np.asarray(list(indices), int)
        return Catalogue(
            uris=[self.uris[i] for i in at],
            titles=[self.titles[i] for i in at],
            artists=[self.artists[i] for i in at],
            genres=[self.genres[i] for i in at],
            features=self.features[at],
            explicit=self.explicit[at],
            year=self.year[at],
            popularity=self.popularity[at],
            rows=self.rows[at],
            row_errors=self.row_errors,
            merged=self.merged,
        )


@dataclass(kw_only=True)
class _Rows:
    """The rows that have been read so far."""

    uris: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    artists: list[str] = field(default_factory=list)
    genres: list[tuple[str, ...]] = field(default_factory=list)
    features: list[np.ndarray] = field(default_factory=list)
    explicit: list[int] = field(default_factory=list)
    year: list[int] = field(default_factory=list)
    popularity: list[float] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    row_errors: list[RowError] = field(default_factory=list)
    positions: dict[str, int] = field(default_factory=dict)
    texts: dict[object, object] = field(default_factory=dict)
    repeated: int = 0

    def add(self, number: int, row: Mapping[str, str]) -> None:
        """Add a row, or the error in it.

        A repeated track adds its genres and the features that were missing.
        """
        try:
            uri, values = uri_of(row), features_of(row)
            popularity = _number("popularity", row, (0, 100))
            if not row["title"] or row["title"] == "NA" or not row["artist"]:
                raise ValueError("no title or no artist")
        except ValueError as wrong:
            self.row_errors.append(RowError(number, str(wrong)))
            return
        genres = self._same(tuple(sorted(parts_of(row.get("genres", "").casefold()))))
        if uri in self.positions:
            self._repeat(self.positions[uri], genres, values)
            return
        self.positions[uri] = len(self.uris)
        self.uris.append(uri)
        self.titles.append(row["title"])
        self.artists.append(self._same(next(iter(parts_of(row["artist"])), row["artist"])))
        self.genres.append(genres)
        self.features.append(values)
        self.explicit.append(_EXPLICIT.get(row.get("explicit", "").casefold(), Explicit.UNKNOWN))
        self.year.append(_year(row.get("year", "")))
        self.popularity.append(popularity)
        self.rows.append(number)

    def _same(self, value):
        """One object for equal values: a million tracks share a few thousand artists and genres."""
        return self.texts.setdefault(value, value)

    def _repeat(self, position: int, genres: tuple[str, ...], values: np.ndarray) -> None:
        self.repeated += 1
        self.genres[position] = self._same(tuple(sorted({*self.genres[position], *genres})))
        known = self.features[position]
        known[np.isnan(known)] = values[np.isnan(known)]

    def catalogue(self) -> Catalogue:
        return Catalogue(
            uris=self.uris,
            titles=self.titles,
            artists=self.artists,
            genres=self.genres,
            features=np.array(self.features, float).reshape(-1, len(FEATURES)),
            explicit=np.array(self.explicit, int),
            year=np.array(self.year, int),
            popularity=np.array(self.popularity, float),
            rows=np.array(self.rows, int),
            row_errors=tuple(self.row_errors),
            merged=self.repeated,
        )


def read_catalogue(file: Path, fill: Fill | None = None) -> Catalogue:
    """Read a table of tracks, one version of each song.

    Parameters
    ----------
    file : Path
    fill : callable, optional
        Finds missing features; without it the tracks that lack some are left out.

    Raises
    ------
    CatalogueError
        When the file is missing, or no such table.
    """
    read = _Rows()
    with open_table(file) as table:
        _check_columns(file, table, with_features=fill is None)
        for number, row in table.rows:
            read.add(number, row)
    return _one_version(_complete(read.catalogue(), fill))


def _check_columns(file: Path, table: Table, with_features: bool) -> None:
    missing = [name for name in ("uri", "title", "artist") if name not in table.columns]
    lacking = [name for name in FEATURES if name not in table.columns]
    if missing:
        raise CatalogueError(f"{file}: not a table of tracks, it lacks {', '.join(missing)}.")
    if lacking and with_features:
        raise CatalogueError(
            f"{file}: it lacks {', '.join(lacking)}. ReccoBeats can add them: "
            "`emotify playlists build --enrich reccobeats`."
        )


def uri_of(row: Mapping[str, str]) -> str:
    match = _ID.match(row["uri"])
    if not match or row["uri"][match.end() :][:1] not in ("", "?"):
        raise ValueError(f"{row['uri']!r} is no track of Spotify's")
    return f"spotify:track:{match[1]}"


def features_of(row: Mapping[str, str]) -> np.ndarray:
    return np.array([_number(name, row, limits) for name, limits in RANGES.items()])


def _number(name: str, row: Mapping[str, str], limits: tuple[float, float]) -> float:
    """A cell's number, NaN for an empty one."""
    text = row.get(name, "")
    if text in ("", "NA"):
        return np.nan
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{name} {text!r} is no number") from None
    if not limits[0] <= value <= limits[1]:
        raise ValueError(f"{name} {text} is not in {limits[0]}..{limits[1]}")
    return value


def _year(date: str) -> int:
    """The year of a date that begins with it; 0 for anything else."""
    return int(date[:4]) if re.match(r"(19|20)\d\d(\D|$)", date) else 0


def parts_of(text: str) -> list[str]:
    return [part.strip() for part in _PARTED.split(text) if part.strip()]


def _complete(catalogue: Catalogue, fill: Fill | None) -> Catalogue:
    """The tracks whose features are all known, after ``fill`` was asked for the rest."""
    lacking = np.flatnonzero(np.isnan(catalogue.features).any(axis=1))
    if fill and len(lacking):
        found = fill([catalogue.uris[i].rpartition(":")[2] for i in lacking])
        for i in lacking:
            _fill_in(catalogue.features[i], found.get(catalogue.uris[i].rpartition(":")[2], {}))
    row_errors = []
    for i in lacking:
        names = [n for n, v in zip(FEATURES, catalogue.features[i], strict=True) if np.isnan(v)]
        if names:
            row_errors.append(RowError(int(catalogue.rows[i]), f"no {', '.join(names)}"))
    whole = catalogue.take(np.flatnonzero(~np.isnan(catalogue.features).any(axis=1)))
    in_order = sorted((*catalogue.row_errors, *row_errors), key=lambda error: error.row)
    return replace(whole, row_errors=tuple(in_order))


def _fill_in(values: np.ndarray, found: Mapping[str, float]) -> None:
    for column, (name, (low, high)) in enumerate(RANGES.items()):
        value = found.get(name, np.nan)
        if np.isnan(values[column]) and low <= value <= high:
            values[column] = value


def join(tables: Sequence[Catalogue]) -> Catalogue:
    """The songs of several tables, one version of each."""
    together = Catalogue(
        uris=[uri for table in tables for uri in table.uris],
        titles=[title for table in tables for title in table.titles],
        artists=[artist for table in tables for artist in table.artists],
        genres=[genres for table in tables for genres in table.genres],
        features=np.concatenate([table.features for table in tables]),
        explicit=np.concatenate([table.explicit for table in tables]),
        year=np.concatenate([table.year for table in tables]),
        popularity=np.concatenate([table.popularity for table in tables]),
        rows=np.concatenate([table.rows for table in tables]),
        row_errors=tuple(error for table in tables for error in table.row_errors),
        merged=sum(table.merged for table in tables),
    )
    first_of = {uri: i for i, uri in reversed(list(enumerate(together.uris)))}
    return _one_version(together.take(sorted(first_of.values())))


def _one_version(catalogue: Catalogue) -> Catalogue:
    """The most popular version of each song, in the order of the URIs.

    It has the earliest year of all versions, and what one of them says of explicit lyrics if it
    does not say so itself. Of equally popular ones, remixes and live recordings come last.
    """
    popularity = np.nan_to_num(catalogue.popularity)
    others = [bool(_OTHER_VERSION.search(title)) for title in catalogue.titles]
    best: dict[tuple[str, str], int] = {}
    year, explicit = catalogue.year.copy(), catalogue.explicit.copy()
    order = range(len(catalogue))
    for i in sorted(order, key=lambda i: (-popularity[i], others[i], catalogue.uris[i])):
        first = best.setdefault(song_key(catalogue.titles[i], catalogue.artists[i]), i)
        if year[i] and (not year[first] or year[i] < year[first]):
            year[first] = year[i]
        if explicit[first] == Explicit.UNKNOWN:
            explicit[first] = explicit[i]
    whole = replace(catalogue, year=year, explicit=explicit)
    kept = whole.take(sorted(best.values(), key=lambda i: catalogue.uris[i]))
    return replace(kept, merged=catalogue.merged + len(catalogue) - len(kept))


def song_key(title: str, artist: str) -> tuple[str, str]:
    """What all versions of one song by one artist have in common, in every table."""
    return plain(_VERSION.sub("", title)) or title.casefold(), artist_key(artist)
