"""The affect model: from a track and its artist to what people feel when they listen.

Spotify's valence and energy correlate only loosely with what people perceive. The model starts with
all nine audio features and adds what the artist's genres and tags say, and how listeners labelled
other songs of the artist. It was fitted once to labelled tracks, in
:mod:`training.music.affect_training`, and is stored as numbers in ``playlists.json``. The year of a
track is not used: older music has sadder labels, so the year would make most music sad.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from scipy.special import ndtr

from device.playlist.tracks import MOODS
from device.playlist_builder.artists import Artist, Artists, Vocabulary, artist_key
from device.playlist_builder.catalogue import FEATURES
from device.playlist_builder.csv_columns import CatalogueError

FOLDS = 10

OUTPUTS = ("valence", "arousal", *MOODS)

RAW = [FEATURES.index(name) for name in ("valence", "energy")]
"""The features that stand for valence and arousal in Spotify's own terms."""

MAX_DEVIATIONS = 3.0
"""The labelled tracks do not go beyond."""

# Keep the logarithm finite where a feature is zero.
_FLOORS = {"acousticness": 1e-3, "instrumentalness": 1e-4, "speechiness": 0.02}
_LOGARITHMIC = {"tempo": 0.0, "duration_ms": 0.0} | _FLOORS


@dataclass(frozen=True)
class LinearMap:
    """A linear map from scaled features and the artist's score to each output.

    Attributes
    ----------
    known : np.ndarray [shape=(8, 11)]
        Of a track whose artist has scores: intercept, slopes of the nine features, slope of the
        artist's score for this output.
    alone : np.ndarray [shape=(8, 10)]
        Of any other track: intercept and slopes of the features.
    """

    known: np.ndarray
    alone: np.ndarray

    def __call__(self, scaled: np.ndarray, scores: np.ndarray) -> np.ndarray:
        """The ratings of tracks [shape=(n, 8)]; ``scores`` [shape=(n, 8)] are NaN where unknown."""
        alone = self.alone[:, 0] + scaled @ self.alone[:, 1:].T
        known = self.known[:, 0] + scaled @ self.known[:, 1:-1].T + scores * self.known[:, -1]
        return np.where(np.isnan(scores), alone, known)


@dataclass(frozen=True, kw_only=True)
class AffectModel:
    """From features and artists to :data:`OUTPUTS`.

    Attributes
    ----------
    mean, scale : np.ndarray [shape=(9,)]
        Of the transformed features.
    centre, spread : np.ndarray [shape=(8,)]
        Mean and standard deviation of the ratings of the tracks that it was fitted to.
    effect : np.ndarray [shape=(8,)]
        Slopes of the artists' effects.
    whole : LinearMap
        Fitted to all labelled tracks.
    without : tuple of LinearMap
        Each fitted without the artists of one fold, for scoring the model. The scores of artists
        with labelled songs are always from a vocabulary that was fitted without their fold.
    artists : Artists
    """

    mean: np.ndarray
    scale: np.ndarray
    centre: np.ndarray
    spread: np.ndarray
    effect: np.ndarray
    whole: LinearMap
    without: tuple[LinearMap, ...]
    artists: Artists

    def predict(self, features: np.ndarray, artists: Sequence[Artist]) -> np.ndarray:
        """What listeners would say of tracks.

        Parameters
        ----------
        features : np.ndarray [shape=(n, 9), float]
        artists : sequence of Artist
            One for each track, from :attr:`artists`.

        Returns
        -------
        np.ndarray [shape=(n, 8), float64]
            :data:`OUTPUTS` in 0..1, as percentile ranks among the labelled tracks (as if they were
            normally distributed).
        """
        ratings = self.whole(self.scaled(features), _scores(artists))
        return self._percentile(ratings + self.effect * np.array([a.effects for a in artists]))

    def predict_unseen(
        self, features: np.ndarray, names: Sequence[str], artists: Sequence[Artist]
    ) -> np.ndarray:
        """The same, each track by a map that was fitted without its artist, and without effects."""
        fold = np.array([fold_of(name) for name in names])
        scaled, scores = self.scaled(features), _scores(artists)
        ratings = np.stack([linear_map(scaled, scores) for linear_map in self.without])
        return self._percentile(ratings[fold, np.arange(len(fold))])

    def find(self, names: Sequence[str], genres: Sequence[Sequence[str]]) -> list[Artist]:
        """The artists of tracks."""
        pairs = list(zip(names, map(tuple, genres), strict=True))
        found = {pair: self.artists.find(*pair) for pair in set(pairs)}
        return [found[pair] for pair in pairs]

    def typical(self) -> np.ndarray:
        """The features of an average track [shape=(9,)]."""
        features = self.mean.copy()
        for name, floor in _LOGARITHMIC.items():
            column = FEATURES.index(name)
            features[column] = 2 ** features[column] - floor
        return features

    def scaled(self, features: np.ndarray) -> np.ndarray:
        """The transformed features in standard deviations [shape=(n, 9)]."""
        return in_deviations(features, self.mean, self.scale)

    def _percentile(self, ratings: np.ndarray) -> np.ndarray:
        return ndtr((ratings - self.centre) / self.spread)

    def to_dict(self) -> dict[str, Any]:
        """The model as numbers for a file."""
        maps = (self.whole, *self.without)
        return {
            "features": list(FEATURES),
            "outputs": list(OUTPUTS),
            "mean": _rounded(self.mean),
            "scale": _rounded(self.scale),
            "centre": _rounded(self.centre),
            "spread": _rounded(self.spread),
            "effect": _rounded(self.effect),
            "known": [_rounded(each.known) for each in maps],
            "alone": [_rounded(each.alone) for each in maps],
            "vocabulary": self.artists.vocabulary.to_dict(),
            "artists": dict(self.artists.known),
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
            if (numbers["features"], numbers["outputs"]) != (list(FEATURES), list(OUTPUTS)):
                raise ValueError
            outputs, features = len(OUTPUTS), len(FEATURES)
            whole, *without = (
                LinearMap(
                    np.array(known, float).reshape(outputs, features + 2),
                    np.array(alone, float).reshape(outputs, features + 1),
                )
                for known, alone in zip(numbers["known"], numbers["alone"], strict=True)
            )
            names = ("mean", "scale", "centre", "spread", "effect")
            vectors = {name: np.array(numbers[name], float) for name in names}
            artists = Artists(numbers["artists"], Vocabulary.from_dict(numbers["vocabulary"]))
        except (AttributeError, KeyError, TypeError, ValueError):
            raise CatalogueError("The affect model is damaged.") from None
        return cls(**vectors, whole=whole, without=tuple(without), artists=artists)


def transform(features: np.ndarray) -> np.ndarray:
    """Features on perceptual scales: some of them logarithmic."""
    transformed = np.array(features, float)
    for name, floor in _LOGARITHMIC.items():
        column = FEATURES.index(name)
        transformed[:, column] = np.log2(transformed[:, column] + floor)
    return transformed


def in_deviations(features: np.ndarray, mean: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """The transformed features in standard deviations [shape=(n, 9)]."""
    return np.clip((transform(features) - mean) / scale, -MAX_DEVIATIONS, MAX_DEVIATIONS)


def fold_of(artist: str) -> int:
    """The fold of an artist, the same in every table."""
    return zlib.crc32(artist_key(artist).encode()) % FOLDS


def _scores(artists: Sequence[Artist]) -> np.ndarray:
    unknown = np.full(len(OUTPUTS), np.nan)
    return np.array([unknown if a.scores is None else a.scores for a in artists])


def _rounded(values: np.ndarray) -> list:
    return np.round(values, 4).tolist()
