"""Calibration: temperature and threshold, from voices and rooms that were left out of training.

At home the speakers and rooms are new, so the probabilities must be right for those. The
predictions for a corpus do not influence its own calibration: it uses all the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

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
"""How much more likely an emotion is at home than in the corpora, where all are equally likely."""

SURE_FACTOR = 1.4
"""Sure answers must be right this many times as often as all answers."""

_MIN_SURE_SHARE = 0.1
# A grid rather than scipy's minimize_scalar, because the committed figures were computed with it.
_TEMPERATURES = np.exp(np.linspace(np.log(0.3), np.log(4.0), 161))


@dataclass(frozen=True)
class Calibration:
    """The parameters of the device's probabilities.

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

    def applied(self, table: Predictions) -> Predictions:
        """A table with the device's probabilities."""
        return replace(table, probabilities=self.apply(table.probabilities))


NEVER_SURE = Calibration(temperature=1.0, threshold=1.0)
"""Used when there are no left-out predictions."""


def calibrations(left_out: Predictions, in_rooms: Predictions) -> dict[str, Calibration]:
    """The calibration for every corpus, and for RAVDESS's folds.

    Parameters
    ----------
    left_out : Predictions
        For corpora, by networks that were trained without them.
    in_rooms : Predictions
        For RAVDESS in rooms that do not occur in training, out of fold.
    """
    tables = left_out.by_corpus()
    others = {RAVDESS: list(tables.values())}
    for name in tables:
        others[name] = [in_rooms, *(table for own, table in tables.items() if own != name)]
    return {name: calibration(several) for name, several in others.items()}


def for_device(left_out: Predictions, in_rooms: Predictions) -> Calibration:
    """The calibration for the device, from all of them."""
    return calibration([in_rooms, *left_out.by_corpus().values()])


def calibration(tables: Sequence[Predictions]) -> Calibration:
    """Choose the temperature and the threshold on the clips with speech.

    Every table has the same weight. The temperature minimises the negative log-likelihood
    (Guo et al. 2017). The threshold is the lowest from which the sure answers are right
    :data:`SURE_FACTOR` times as often as all answers; where not even the surest are, nothing is
    sure. Without a clip with speech it is :data:`NEVER_SURE`.
    """
    tables = [table.where(table.heard) for table in tables if table.heard.any()]
    if not tables:
        return NEVER_SURE
    temperature = min(_TEMPERATURES, key=lambda t: np.mean([_loss(table, t) for table in tables]))
    scaled = Calibration(round(float(temperature), 3), 0.0)
    confidence, right, weight = [], [], []
    for table in tables:
        probabilities = scaled.apply(table.probabilities)
        confidence.append(probabilities.max(axis=1))
        right.append(is_right(table, probabilities.argmax(axis=1)))
        weight.append(np.full(len(table.clips), 1 / len(table.clips)))
    threshold = _threshold(*map(np.concatenate, (confidence, right, weight)))
    return Calibration(scaled.temperature, threshold)


def is_right(table: Predictions, answers: np.ndarray) -> np.ndarray:
    """Whether each answer is right; outside RAVDESS calm counts as neutral."""
    return merge_calm(table.corpora, answers) == merge_calm(table.corpora, table.emotions)


def _threshold(confidence: np.ndarray, right: np.ndarray, weight: np.ndarray) -> float:
    order = np.argsort(-confidence, kind="stable")
    weight = weight[order] / weight.sum()
    share = np.cumsum(weight)
    accuracy = np.cumsum(weight * right[order]) / share
    enough = np.flatnonzero((accuracy >= SURE_FACTOR * accuracy[-1]) | (share < _MIN_SURE_SHARE))
    if not len(enough):
        return NEVER_SURE.threshold
    # Rounded down, because rounded up it would exclude the answer at the threshold.
    return float(np.floor(1e6 * confidence[order[enough[-1]]]) / 1e6)


def _loss(table: Predictions, temperature: float) -> float:
    given = calibrated(table.probabilities, temperature, [1.0] * len(Emotion))
    rows = np.arange(len(given))
    likelihood = given[rows, table.emotions]
    neutral = (table.corpora != RAVDESS) & (table.emotions == 0)
    return float(-np.log(likelihood + np.where(neutral, given[:, 1], 0)).mean())
