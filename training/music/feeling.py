"""From features to feeling: the map from what Spotify measures to what people hear.

Spotify's valence and energy follow human valence and arousal only loosely. The map begins with
those two and corrects them by all the features, with a ridge regression on what they leave
unexplained: so far as the listeners' tags cannot decide, Spotify's own numbers stand. It is
learnt once and shipped as numbers.
"""

import zlib
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from scipy.special import ndtr
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.preprocessing import StandardScaler

from training.music.catalogue import FEATURES
from training.music.columns import CatalogueError
from training.music.labelled import Labelled

# With less, the few rap and electronic tracks among the labelled ones are placed by chance; with
# more, the correlation with the tags falls.
RIDGE = 500.0
FOLDS = 10

# Beyond, nothing was learnt.
_MOST_DEVIATIONS = 3.0

_RAW = tuple(FEATURES.index(name) for name in ("valence", "energy"))

# Keep the logarithm of a silent or wholly electric track finite.
_FLOORS = {"acousticness": 1e-3, "instrumentalness": 1e-4, "speechiness": 0.02}
_LOGARITHMIC = {"tempo": 0.0, "duration_ms": 0.0} | _FLOORS


@dataclass(frozen=True)
class Line:
    """A linear map from scaled features to human ratings.

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
class Feeling:
    """The map from features to the plane of valence and arousal.

    Attributes
    ----------
    mean, scale : np.ndarray [shape=(9,)]
        Of the shaped features, so that they count alike.
    spread : np.ndarray [shape=(2,)]
        Standard deviations of what the map tells of the tracks that it learnt from.
    whole : Line
        Learnt from everything.
    without : tuple of Line
        Each learnt without the artists of one fold, for whoever wants to score the map.
    """

    mean: np.ndarray
    scale: np.ndarray
    spread: np.ndarray
    whole: Line
    without: tuple[Line, ...]

    def place(self, features: np.ndarray) -> np.ndarray:
        """Where tracks lie for those who hear them.

        Parameters
        ----------
        features : np.ndarray [shape=(n, 9), float]

        Returns
        -------
        np.ndarray [shape=(n, 2), float64]
            Valence and arousal in 0..1, as percentile ranks among the tracks that the map learnt
            from (as if they were normally distributed).
        """
        return self._spread_out(self.whole(self.scaled(features)))

    def place_unseen(self, features: np.ndarray, artists: list[str]) -> np.ndarray:
        """The same, each track by a map that learnt from no track of its artist."""
        fold = np.array([fold_of(artist) for artist in artists])
        scaled = self.scaled(features)
        place = np.stack([line(scaled) for line in self.without])
        return self._spread_out(place[fold, np.arange(len(fold))])

    def typical(self) -> np.ndarray:
        """The features of an average track [shape=(9,)]."""
        features = self.mean.copy()
        for name, floor in _LOGARITHMIC.items():
            column = FEATURES.index(name)
            features[column] = 2 ** features[column] - floor
        return features

    def scaled(self, features: np.ndarray) -> np.ndarray:
        """The shaped features in standard deviations [shape=(n, 9)]."""
        deviations = (shape(features) - self.mean) / self.scale
        return np.clip(deviations, -_MOST_DEVIATIONS, _MOST_DEVIATIONS)

    def _spread_out(self, rating: np.ndarray) -> np.ndarray:
        return ndtr((rating - 0.5) / self.spread)

    def numbers(self) -> dict[str, Any]:
        """The map as numbers for a file."""
        lines = [np.column_stack((line.intercept, line.slopes)) for line in
                 (self.whole, *self.without)]  # fmt: skip
        return {
            "features": list(FEATURES),
            "mean": _rounded(self.mean),
            "scale": _rounded(self.scale),
            "spread": _rounded(self.spread),
            "whole": _rounded(lines[0]),
            "without": [_rounded(line) for line in lines[1:]],
        }

    @classmethod
    def of(cls, numbers: dict[str, Any]) -> Self:
        """The map from its numbers.

        Raises
        ------
        CatalogueError
            When they are not such numbers.
        """
        try:
            if numbers["features"] != list(FEATURES):
                raise ValueError
            lines = [np.array(line, float).reshape(2, 1 + len(FEATURES))
                     for line in (numbers["whole"], *numbers["without"])]  # fmt: skip
            whole, *without = [Line(line[:, 0], line[:, 1:]) for line in lines]
            mean, scale, spread = (np.array(numbers[n], float) for n in ("mean", "scale", "spread"))
        except (KeyError, TypeError, ValueError):
            raise CatalogueError("The map from features to feeling is damaged.") from None
        return cls(mean, scale, spread, whole, tuple(without))


def learn(labelled: Labelled) -> Feeling:
    """Learn the map from tracks that people have labelled."""
    scaler = StandardScaler().fit(shape(labelled.features))
    nothing = Line(np.zeros(2), np.zeros((2, len(FEATURES))))
    draft = Feeling(scaler.mean_, scaler.scale_, np.ones(2), nothing, ())
    scaled = draft.scaled(labelled.features)
    fold = np.array([fold_of(artist) for artist in labelled.artists])
    whole = _fit(scaled, labelled.labels)
    without = tuple(_fit(scaled[fold != k], labelled.labels[fold != k]) for k in range(FOLDS))
    return Feeling(scaler.mean_, scaler.scale_, whole(scaled).std(axis=0), whole, without)


def correlations(feeling: Feeling, labelled: Labelled) -> dict[str, tuple[float, float]]:
    """Pearson's r with the labels, of the map on artists it has not learnt from and of Spotify's
    own valence and energy; each for valence and for arousal."""
    raw = labelled.features[:, _RAW]
    heard = feeling.place_unseen(labelled.features, labelled.artists)
    return {"map": _r(heard, labelled.labels), "raw": _r(raw, labelled.labels)}


def shape(features: np.ndarray) -> np.ndarray:
    """Features on scales on which equal steps sound alike: some of them logarithmic."""
    shaped = np.array(features, float)
    for name, floor in _LOGARITHMIC.items():
        column = FEATURES.index(name)
        shaped[:, column] = np.log2(shaped[:, column] + floor)
    return shaped


def fold_of(artist: str) -> int:
    """The fold of an artist, the same in every table."""
    return zlib.crc32(artist.casefold().encode()) % FOLDS


def _fit(scaled: np.ndarray, labels: np.ndarray) -> Line:
    intercept, slopes = np.empty(2), np.zeros((2, scaled.shape[1]))
    for k, column in enumerate(_RAW):
        raw = LinearRegression().fit(scaled[:, [column]], labels[:, k])
        correction = Ridge(RIDGE).fit(scaled, labels[:, k] - raw.predict(scaled[:, [column]]))
        intercept[k] = raw.intercept_ + correction.intercept_
        slopes[k] = correction.coef_
        slopes[k, column] += raw.coef_[0]
    return Line(intercept, slopes)


def _r(found: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    valence, arousal = (float(np.corrcoef(found[:, k], labels[:, k])[0, 1]) for k in (0, 1))
    return valence, arousal


def _rounded(values: np.ndarray) -> list:
    return np.round(values, 5).tolist()
