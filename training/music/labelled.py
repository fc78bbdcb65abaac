"""Tables of tracks that people have labelled, with a mood word or with valence and arousal."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from device.playlist_builder.affect_model import RAW
from device.playlist_builder.catalogue import RowError, features_of, parts_of, uri_of
from device.playlist_builder.csv_columns import CatalogueError, open_table

QUADRANTS: Mapping[str, tuple[int, int]] = {
    "happy": (1, 1),
    "sad": (-1, -1),
    "calm": (1, -1),
    "energetic": (0, 1),
}
"""The signs of valence and arousal for each mood word; an energetic track may be of either
valence."""


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """Tracks with labels.

    Attributes
    ----------
    uris, titles, artists : list of str
        Empty where the table has none.
    genres : list of tuple of str
    features : np.ndarray [shape=(n, 9)]
        NaN where the table has none.
    signs : np.ndarray [shape=(n, 2), int]
        Signs of valence and arousal relative to the centre; 0 is either.
    moods : list of str
        Empty in a table of numbers.
    labels : np.ndarray [shape=(n, 2)]
        Valence and arousal in 0..1; NaN in a table of mood words.
    row_errors : tuple of RowError
    """

    uris: list[str]
    titles: list[str]
    artists: list[str]
    genres: list[tuple[str, ...]]
    features: np.ndarray
    signs: np.ndarray
    moods: list[str]
    labels: np.ndarray
    row_errors: tuple[RowError, ...]

    def __len__(self) -> int:
        return len(self.artists)

    @property
    def has_features(self) -> np.ndarray:
        """Which tracks have at least valence and energy [shape=(n,), bool]."""
        return ~np.isnan(self.features[:, RAW]).any(axis=1)

    def take(self, indices: np.ndarray) -> "Labelled":
        """Some of the tracks, in the order of ``indices``."""
        return replace(
            self,
            uris=[self.uris[i] for i in indices],
            titles=[self.titles[i] for i in indices],
            artists=[self.artists[i] for i in indices],
            genres=[self.genres[i] for i in indices],
            features=self.features[indices],
            signs=self.signs[indices],
            moods=[self.moods[i] for i in indices],
            labels=self.labels[indices],
        )

    def filled(self, typical: np.ndarray) -> "Labelled":
        """With an average track's features where the table has none."""
        features = np.where(np.isnan(self.features), typical, self.features)
        features[~self.has_features] = np.nan
        return replace(self, features=features)


def read_labelled(file: Path) -> Labelled:
    """Read a labelled table.

    Raises
    ------
    CatalogueError
        When it has no labels, or neither features nor URIs.
    """
    rows, row_errors = [], []
    with open_table(file) as table:
        numeric = {"valence_label", "arousal_label"} <= table.columns
        if not numeric and "mood" not in table.columns:
            raise CatalogueError(
                f"{file}: no labels. It needs a column mood, or valence_label and arousal_label."
            )
        if "uri" not in table.columns and not {"valence", "energy"} <= table.columns:
            raise CatalogueError(f"{file}: it has no features and no uri.")
        for number, row in table.rows:
            try:
                rows.append(_labelled(row, numeric))
            except ValueError as wrong:
                row_errors.append(RowError(number, str(wrong)))
    if not rows:
        raise CatalogueError(f"{file}: none of its {len(row_errors)} rows can be used.")
    uris, titles, artists, genres, features, moods, labels = zip(*rows, strict=True)
    signs = [
        QUADRANTS[mood] if mood else tuple(np.where(np.array(label) > 0.5, 1, -1))
        for mood, label in zip(moods, labels, strict=True)
    ]
    return Labelled(
        uris=list(uris),
        titles=list(titles),
        artists=list(artists),
        genres=list(genres),
        features=np.array(features),
        signs=np.array(signs),
        moods=list(moods),
        labels=np.array(labels),
        row_errors=tuple(row_errors),
    )


def _labelled(row: Mapping[str, str], numeric: bool) -> tuple:
    values = features_of(row)
    try:
        uri = uri_of(row) if row.get("uri") else ""
    except ValueError:
        uri = ""
    if not uri and np.isnan(values[RAW]).any():
        raise ValueError("neither valence and energy nor a Spotify track")
    if numeric:
        mood, label = "", (_share(row, "valence_label"), _share(row, "arousal_label"))
    else:
        mood, label = row["mood"].casefold(), (np.nan, np.nan)
        if mood not in QUADRANTS:
            raise ValueError(f"mood {row['mood']!r} is none of {', '.join(QUADRANTS)}")
    genres = tuple(sorted(parts_of(row.get("genres", "").casefold())))
    return uri, row.get("title", ""), row.get("artist", ""), genres, values, mood, label


def _share(row: Mapping[str, str], name: str) -> float:
    try:
        value = float(row[name])
    except ValueError:
        raise ValueError(f"{name} {row[name]!r} is no number") from None
    if not 0 <= value <= 1:
        raise ValueError(f"{name} {row[name]} is not in 0..1")
    return value
