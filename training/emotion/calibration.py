"""Calibration: temperature and threshold, from voices and rooms that were left out of training.

At home the box hears people and rooms that it has never met, so what it says of them must be true,
not only what it says of actors in the studio that it learned in. What a network gave for a corpus
decides nothing about that corpus: its temperature and threshold come from all the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from device.emotion.model import calibrated
from device.mood import Emotion
from training.emotion.corpora import RAVDESS
from training.emotion.predictions import Predictions, merge_calm

PRIOR = {
    Emotion.NEUTRAL: 1.2,
    Emotion.CALM: 1.2,
    Emotion.HAPPY: 1.0,
    Emotion.SAD: 1.0,
    Emotion.ANGRY: 0.9,
    Emotion.FEARFUL: 0.9,
    Emotion.DISGUST: 0.9,
    Emotion.SURPRISED: 0.9,
}
"""How much likelier an emotion is at home than in the corpora, where all are acted alike often."""

SURE_FACTOR = 1.4
"""So many times as often as all answers are those right that are called sure."""

_MIN_SURE_SHARE = 0.1
_TEMPERATURES = np.exp(np.linspace(np.log(0.3), np.log(4.0), 161))


@dataclass(frozen=True)
class Calibration:
    """How the device reads a network's probabilities.

    Attributes
    ----------
    temperature : float > 0
    threshold : float in 0..1
    """

    temperature: float
    threshold: float

    def apply(self, raw: np.ndarray) -> np.ndarray:
        """The device's probabilities; see :func:`device.emotion.model.calibrated`."""
        return calibrated(raw, self.temperature, tuple(PRIOR.values()))


NEVER_SURE = Calibration(temperature=1.0, threshold=1.0)
"""Where nobody was left out to tell how often the network is right."""


def calibrations(left_out: Predictions, in_rooms: Predictions) -> dict[str, Calibration]:
    """One for every corpus, and one for RAVDESS's folds.

    Parameters
    ----------
    left_out : Predictions
        Of corpora by networks that heard nothing of them.
    in_rooms : Predictions
        Of RAVDESS in rooms that no network heard, out of fold.
    """
    tables = left_out.by_corpus()
    others = {RAVDESS: list(tables.values())}
    for name in tables:
        others[name] = [in_rooms, *(table for own, table in tables.items() if own != name)]
    return {name: calibration(several) for name, several in others.items()}


def for_device(left_out: Predictions, in_rooms: Predictions) -> Calibration:
    """The one for the device, from all of them."""
    return calibration([in_rooms, *left_out.by_corpus().values()])


def calibration(tables: Sequence[Predictions]) -> Calibration:
    """The temperature and the threshold that suit the clips that were heard.

    Every table has the same weight. The temperature is that of the least negative log-likelihood
    (Guo et al. 2017). The threshold is the lowest from which the sure answers are right
    :data:`SURE_FACTOR` times as often as all answers; where not even the surest are, nothing is
    sure. Without a clip with speech it is :data:`NEVER_SURE`.
    """
    tables = [table.where(table.heard) for table in tables if table.heard.any()]
    if not tables:
        return NEVER_SURE
    temperature = min(_TEMPERATURES, key=lambda t: np.mean([_loss(table, t) for table in tables]))
    rough = Calibration(round(float(temperature), 3), 0.0)
    confidence, right, weight = [], [], []
    for table in tables:
        probabilities = rough.apply(table.probabilities)
        confidence.append(probabilities.max(axis=1))
        right.append(is_right(table, probabilities.argmax(axis=1)))
        weight.append(np.full(len(table.clips), 1 / len(table.clips)))
    threshold = _threshold(*map(np.concatenate, (confidence, right, weight)))
    return Calibration(rough.temperature, threshold)


def is_right(table: Predictions, answers: np.ndarray) -> np.ndarray:
    """Whether each answer is right; outside RAVDESS calm is as good as neutral."""
    return merge_calm(table.corpora, answers) == merge_calm(table.corpora, table.emotions)


def _threshold(confidence: np.ndarray, right: np.ndarray, weight: np.ndarray) -> float:
    order = np.argsort(-confidence, kind="stable")
    weight = weight[order] / weight.sum()
    share = np.cumsum(weight)
    accuracy = np.cumsum(weight * right[order]) / share
    enough = np.flatnonzero((accuracy >= SURE_FACTOR * accuracy[-1]) | (share < _MIN_SURE_SHARE))
    if not len(enough):
        return NEVER_SURE.threshold
    # Rounded down: rounded up it would leave out the answer that makes the rest right enough.
    return float(np.floor(1e6 * confidence[order[enough[-1]]]) / 1e6)


def _loss(table: Predictions, temperature: float) -> float:
    given = calibrated(table.probabilities, temperature, [1.0] * len(Emotion))
    rows = np.arange(len(given))
    likelihood = given[rows, table.emotions]
    neutral = (table.corpora != RAVDESS) & (table.emotions == 0)
    return float(-np.log(likelihood + np.where(neutral, given[:, 1], 0)).mean())
