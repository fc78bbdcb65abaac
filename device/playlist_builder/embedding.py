"""The embedding that K-Means clusters: affect, sound, folded tempo and genre of each track."""

from collections import Counter
from dataclasses import KW_ONLY, dataclass
from typing import Any, Self

import numpy as np

from device.playlist_builder.catalogue import FEATURES
from device.playlist_builder.csv_columns import CatalogueError

# Valence and arousal count as much as this many features each: the clusters separate moods first,
# and within a mood kinds of music.
AFFECT_WEIGHT = 4.0

# All genres together count as much as this many of the features.
GENRE_WEIGHT = 2.0
MAX_GENRES = 30

# An octave around 100 beats a minute, where people tap along most readily (Moelants 2002); tempo
# trackers often report the double or the half. The octave is a circle: 139 beats a minute are next
# to 141, which is 70.5.
LOWEST_TEMPO_BPM = 70

SOUND = ("danceability", "acousticness", "instrumentalness", "speechiness", "loudness", "tempo")
"""The features besides affect; energy and valence are part of the affect already."""

_COLUMNS = 2 + len(SOUND) + 1


@dataclass(frozen=True)
class Embedding:
    """From tracks to points.

    Attributes
    ----------
    mean, scale : np.ndarray [shape=(9,)]
        Of valence, arousal and :data:`SOUND`, the tempo as two; eight when it is not folded.
    genres : tuple of str
    genre_mean : np.ndarray [shape=(g,)]
        The share of each genre in the catalogue; used for tracks without a genre.
    genre_scale : float
    folded : bool
        Whether double and half tempo are one; only a comparison does without.
    """

    mean: np.ndarray
    scale: np.ndarray
    genres: tuple[str, ...]
    genre_mean: np.ndarray
    genre_scale: float
    _: KW_ONLY
    folded: bool = True

    @classmethod
    def fit(
        cls,
        affect: np.ndarray,
        features: np.ndarray,
        genres: list[tuple[str, ...]],
        folded: bool = True,
    ) -> Self:
        """The embedding in which a catalogue has unit variance in all columns."""
        sound = _sound(affect, features, folded)
        counted = Counter(name for names in genres for name in names).most_common(MAX_GENRES)
        names = tuple(sorted(name for name, _ in counted))
        shares = _shares(genres, names)
        known = shares[shares.sum(axis=1) > 0]
        spread = np.sqrt(known.var(axis=0).sum()) if len(known) else 0.0
        scale = sound.std(axis=0)
        return cls(
            sound.mean(axis=0),
            np.where(scale > 1e-9, scale, 1.0),
            names,
            known.mean(axis=0) if len(known) else np.zeros(len(names)),
            float(np.sqrt(GENRE_WEIGHT) / spread) if spread > 1e-9 else 0.0,
            folded=folded,
        )

    def transform(
        self, affect: np.ndarray, features: np.ndarray, genres: list[tuple[str, ...]]
    ) -> np.ndarray:
        """The points of tracks.

        Parameters
        ----------
        affect : np.ndarray [shape=(n, 2)]
            Valence and arousal in 0..1.
        features : np.ndarray [shape=(n, 9)]
        genres : list of tuple of str

        Returns
        -------
        np.ndarray [shape=(n, 9 + g), float32]
        """
        sound = (_sound(affect, features, self.folded) - self.mean) / self.scale
        sound[:, :2] *= np.sqrt(AFFECT_WEIGHT)
        if self.folded:
            # The two coordinates of the tempo count as one feature.
            sound[:, -2:] /= np.sqrt(2)
        shares = _shares(genres, self.genres)
        shares[shares.sum(axis=1) == 0] = self.genre_mean
        return np.hstack((sound, shares * self.genre_scale)).astype(np.float32)

    def to_dict(self) -> dict[str, Any]:
        """The embedding as numbers for a file."""
        return {
            "mean": np.round(self.mean, 5).tolist(),
            "scale": np.round(self.scale, 5).tolist(),
            "genres": list(self.genres),
            "genre_mean": np.round(self.genre_mean, 5).tolist(),
            "genre_scale": round(self.genre_scale, 5),
        }

    @classmethod
    def from_dict(cls, numbers: dict[str, Any]) -> Self:
        """The embedding from its numbers.

        Raises
        ------
        CatalogueError
            When they are not such numbers.
        """
        try:
            arrays = {n: np.array(numbers[n], float) for n in ("mean", "scale", "genre_mean")}
            genres, scale = tuple(numbers["genres"]), float(numbers["genre_scale"])
        except (KeyError, TypeError, ValueError):
            raise CatalogueError("The embedding of the clusters is damaged.") from None
        if arrays["mean"].shape != (_COLUMNS,) or arrays["scale"].shape != (_COLUMNS,):
            raise CatalogueError(
                "The embedding of the clusters is from another version of Emotify: build the "
                "playlists again."
            )
        return cls(arrays["mean"], arrays["scale"], genres, arrays["genre_mean"], scale)


def fold_tempo(tempo: np.ndarray) -> np.ndarray:
    """Tempo on the circle of one octave, where double and half tempo are one.

    Parameters
    ----------
    tempo : np.ndarray [shape=(n,)]
        In beats a minute, above zero.

    Returns
    -------
    np.ndarray [shape=(n, 2)]
        Cosine and sine of the angle, which is 0 at 70 beats a minute (and 140, and 35) and half a
        turn at 99.
    """
    angle = 2 * np.pi * np.log2(tempo / LOWEST_TEMPO_BPM)
    return np.column_stack((np.cos(angle), np.sin(angle)))


def _sound(affect: np.ndarray, features: np.ndarray, folded: bool) -> np.ndarray:
    columns = features[:, [FEATURES.index(name) for name in SOUND]].astype(float)
    if folded:
        columns = np.hstack((columns[:, :-1], fold_tempo(columns[:, -1])))
    return np.hstack((affect, columns))


def _shares(genres: list[tuple[str, ...]], names: tuple[str, ...]) -> np.ndarray:
    column = {name: k for k, name in enumerate(names)}
    shares = np.zeros((len(genres), len(names)))
    for row, given in enumerate(genres):
        for name in given:
            if name in column:
                shares[row, column[name]] = 1
    return shares / np.maximum(shares.sum(axis=1, keepdims=True), 1)
