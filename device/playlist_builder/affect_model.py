"""The affect model: from Spotify's audio features to the valence and arousal that people perceive.

Spotify's valence and energy correlate only loosely with what people perceive. The model starts with
those two and corrects them with all the features. It was fitted once to labelled tracks, in
:mod:`training.music.affect_training`, and is stored as numbers in ``playlists.json``.
"""

import zlib
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from scipy.special import ndtr

from device.playlist_builder.catalogue import FEATURES
from device.playlist_builder.csv_columns import CatalogueError

FOLDS = 10

RAW = [FEATURES.index(name) for name in ("valence", "energy")]
"""The features that stand for valence and arousal in Spotify's own terms."""

# The labelled tracks do not go beyond.
_MAX_DEVIATIONS = 3.0

# Keep the logarithm finite where a feature is zero.
_FLOORS = {"acousticness": 1e-3, "instrumentalness": 1e-4, "speechiness": 0.02}
_LOGARITHMIC = {"tempo": 0.0, "duration_ms": 0.0} | _FLOORS


@dataclass(frozen=True)
class LinearMap:
    """A linear map from scaled features to valence and arousal.

    Attributes
    ----------
    intercept : np.ndarray [shape=(2,)]
        Valence and arousal of a track that is average in everything.
    slopes : np.ndarray [shape=(2, 9)]
    """

    intercept: np.ndarray
    slopes: np.ndarray

    def __call__(self, scaled: np.ndarray) -> np.ndarray:
        return self.intercept + scaled @ self.slopes.T


@dataclass(frozen=True)
class AffectModel:
    """From features to valence and arousal.

    Attributes
    ----------
    mean, scale : np.ndarray [shape=(9,)]
        Of the transformed features.
    spread : np.ndarray [shape=(2,)]
        Standard deviations of the model's output for the tracks that it was fitted to.
    whole : LinearMap
        Fitted to all labelled tracks.
    without : tuple of LinearMap
        Each fitted without the artists of one fold, for scoring the model.
    """

    mean: np.ndarray
    scale: np.ndarray
    spread: np.ndarray
    whole: LinearMap
    without: tuple[LinearMap, ...]

    def predict(self, features: np.ndarray) -> np.ndarray:
        """The affect of tracks.

        Parameters
        ----------
        features : np.ndarray [shape=(n, 9), float]

        Returns
        -------
        np.ndarray [shape=(n, 2), float64]
            Valence and arousal in 0..1, as percentile ranks among the labelled tracks (as if they
            were normally distributed).
        """
        return self._percentile(self.whole(self.scaled(features)))

    def predict_unseen(self, features: np.ndarray, artists: list[str]) -> np.ndarray:
        """The same, each track by a map that was fitted without its artist."""
        fold = np.array([fold_of(artist) for artist in artists])
        scaled = self.scaled(features)
        ratings = np.stack([linear_map(scaled) for linear_map in self.without])
        return self._percentile(ratings[fold, np.arange(len(fold))])

    def typical(self) -> np.ndarray:
        """The features of an average track [shape=(9,)]."""
        features = self.mean.copy()
        for name, floor in _LOGARITHMIC.items():
            column = FEATURES.index(name)
            features[column] = 2 ** features[column] - floor
        return features

    def scaled(self, features: np.ndarray) -> np.ndarray:
        """The transformed features in standard deviations [shape=(n, 9)]."""
        deviations = (transform(features) - self.mean) / self.scale
        return np.clip(deviations, -_MAX_DEVIATIONS, _MAX_DEVIATIONS)

    def _percentile(self, rating: np.ndarray) -> np.ndarray:
        return ndtr((rating - 0.5) / self.spread)

    def to_dict(self) -> dict[str, Any]:
        """The model as numbers for a file."""
        maps = [np.column_stack((each.intercept, each.slopes)) for each in
                (self.whole, *self.without)]  # fmt: skip
        return {
            "features": list(FEATURES),
            "mean": _rounded(self.mean),
            "scale": _rounded(self.scale),
            "spread": _rounded(self.spread),
            "whole": _rounded(maps[0]),
            "without": [_rounded(each) for each in maps[1:]],
        }

    @classmethod
    def from_dict(cls, numbers: dict[str, Any]) -> Self:
        """The model from its numbers.

        Raises
        ------
        CatalogueError
            When they are not such numbers.
        """
        try:
            if numbers["features"] != list(FEATURES):
                raise ValueError
            maps = [np.array(each, float).reshape(2, 1 + len(FEATURES))
                    for each in (numbers["whole"], *numbers["without"])]  # fmt: skip
            whole, *without = [LinearMap(each[:, 0], each[:, 1:]) for each in maps]
            mean, scale, spread = (np.array(numbers[n], float) for n in ("mean", "scale", "spread"))
        except (KeyError, TypeError, ValueError):
            raise CatalogueError("The affect model is damaged.") from None
        return cls(mean, scale, spread, whole, tuple(without))


def transform(features: np.ndarray) -> np.ndarray:
    """Features on perceptual scales: some of them logarithmic."""
    transformed = np.array(features, float)
    for name, floor in _LOGARITHMIC.items():
        column = FEATURES.index(name)
        transformed[:, column] = np.log2(transformed[:, column] + floor)
    return transformed


def fold_of(artist: str) -> int:
    """The fold of an artist, the same in every table."""
    return zlib.crc32(artist.casefold().encode()) % FOLDS


def _rounded(values: np.ndarray) -> list:
    return np.round(values, 5).tolist()
