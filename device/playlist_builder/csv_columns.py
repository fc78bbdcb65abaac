"""The columns of a CSV of tracks, under any of their usual names.

The standard library's reader is used because it keeps the row numbers that error messages name.
"""

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from device.errors import EmotifyError

MAX_BYTES = 180_000_000
"""More than a million tracks; a larger file is not a list of somebody's music."""

NAMES = {
    "uri": "track_uri uri spotify_uri spotify_track_uri track_id id spotify_id",
    "title": "track_name name title track song",
    "artist": "artist_name artist_names artists artist track_artist",
    "genres": "genres genre playlist_genre artist_genres track_genre",
    "popularity": "popularity track_popularity",
    "explicit": "explicit",
    "year": "year release_date track_album_release_date album_release_date",
    "danceability": "danceability",
    "energy": "energy",
    "valence": "valence",
    "tempo": "tempo bpm",
    "acousticness": "acousticness",
    "instrumentalness": "instrumentalness",
    "loudness": "loudness",
    "speechiness": "speechiness",
    "duration_ms": "duration_ms length duration track_duration_ms",
    "mood": "mood",
    "valence_label": "valence_label",
    "arousal_label": "arousal_label",
}
"""The names that each column may have; case, spaces and brackets are ignored. Exportify writes
"Artist Name(s)", TidyTuesday "track_artist"."""

_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}


class CatalogueError(EmotifyError, ValueError):
    """The table of tracks cannot be read, or does not hold enough to choose from."""


@dataclass(frozen=True)
class Table:
    """An open table.

    Attributes
    ----------
    columns : set of str
        Which of :data:`NAMES` it has.
    rows : iterator of (int, dict of str to str)
        The number of each row, as a spreadsheet counts (the header is row 1), and its cells.
    """

    columns: set[str]
    rows: Iterator[tuple[int, dict[str, str]]]


@contextmanager
def open_table(file: Path) -> Iterator[Table]:
    """Open a CSV in UTF-8 with commas and a line of names.

    Raises
    ------
    CatalogueError
        When it is no such file; may also come while the rows are read.
    """
    try:
        if file.stat().st_size > MAX_BYTES:
            raise CatalogueError(
                f"{file}: {file.stat().st_size / 1e6:.0f} MB is too large; a table may have "
                f"{MAX_BYTES / 1e6:.0f} MB. Take fewer tracks."
            )
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.reader(lines)
            indices = _indices(file, next(reader, []))
            yield Table(set(indices), _rows(reader, indices))
    except OSError as error:
        raise CatalogueError(
            f"{file}: cannot be read ({error.strerror}). Check the name of the table."
        ) from None
    except UnicodeDecodeError:
        raise CatalogueError(f"{file}: not UTF-8. Save the table as CSV in UTF-8.") from None
    except csv.Error as error:
        raise CatalogueError(f"{file}: not a CSV ({error}). Save the table as CSV.") from None


def _indices(file: Path, header: list[str]) -> dict[str, int]:
    if not any(cell.strip() for cell in header):
        raise CatalogueError(f"{file}: empty. A table of tracks begins with a line of names.")
    if header[0].lstrip().startswith("<"):
        raise CatalogueError(
            f"{file}: a web page, not a table. Download the CSV itself and try again."
        )
    given = [_plain(cell) for cell in header]
    found: dict[str, int] = {}
    for name, usual in NAMES.items():
        for alias in map(_plain, usual.split()):
            if alias in given:
                found.setdefault(name, given.index(alias))
    for delimiter, words in _OTHER_DELIMITERS.items():
        if len(found) < 2 and delimiter in "".join(header):
            raise CatalogueError(
                f"{file}: its columns are separated by {words}. Save it with commas."
            )
    return found


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.casefold())


def _rows(
    reader: Iterator[list[str]], indices: dict[str, int]
) -> Iterator[tuple[int, dict[str, str]]]:
    for number, cells in enumerate(reader, 2):
        if cells:
            yield (
                number,
                {n: cells[p].strip() if p < len(cells) else "" for n, p in indices.items()},
            )
