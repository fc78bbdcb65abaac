"""Fitting the affect model to tracks that people have labelled.

It is a ridge regression on what Spotify's valence and energy leave unexplained, so where the labels
do not decide, Spotify's own numbers stay.
"""

import numpy as np
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.preprocessing import StandardScaler

from device.playlist_builder.affect_model import (
    FOLDS,
    RAW,
    AffectModel,
    LinearMap,
    fold_of,
    transform,
)
from device.playlist_builder.catalogue import FEATURES
from training.music.labelled import Labelled

# With less, the few rap and electronic tracks among the labelled ones get arbitrary values; with
# more, the correlation with the labels falls.
RIDGE = 500.0


def fit(labelled: Labelled) -> AffectModel:
    """Fit the model."""
    scaler = StandardScaler().fit(transform(labelled.features))
    zero = LinearMap(np.zeros(2), np.zeros((2, len(FEATURES))))
    unfitted = AffectModel(scaler.mean_, scaler.scale_, np.ones(2), zero, ())
    scaled = unfitted.scaled(labelled.features)
    fold = np.array([fold_of(artist) for artist in labelled.artists])
    whole = _fit(scaled, labelled.labels)
    without = tuple(_fit(scaled[fold != k], labelled.labels[fold != k]) for k in range(FOLDS))
    return AffectModel(scaler.mean_, scaler.scale_, whole(scaled).std(axis=0), whole, without)


def correlations(model: AffectModel, labelled: Labelled) -> dict[str, tuple[float, float]]:
    """Pearson's r with the labels, for valence and arousal: of the model, for artists that it was
    not fitted to, and of Spotify's own valence and energy."""
    raw = labelled.features[:, RAW]
    predicted = model.predict_unseen(labelled.features, labelled.artists)
    return {"model": _r(predicted, labelled.labels), "raw": _r(raw, labelled.labels)}


def _fit(scaled: np.ndarray, labels: np.ndarray) -> LinearMap:
    intercept, slopes = np.empty(2), np.zeros((2, scaled.shape[1]))
    for k, column in enumerate(RAW):
        raw = LinearRegression().fit(scaled[:, [column]], labels[:, k])
        correction = Ridge(RIDGE).fit(scaled, labels[:, k] - raw.predict(scaled[:, [column]]))
        intercept[k] = raw.intercept_ + correction.intercept_
        slopes[k] = correction.coef_
        slopes[k, column] += raw.coef_[0]
    return LinearMap(intercept, slopes)


def _r(predicted: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    valence, arousal = (float(np.corrcoef(predicted[:, k], labels[:, k])[0, 1]) for k in (0, 1))
    return valence, arousal
