"""Figures: everything the card says in numbers, from the out-of-fold predictions alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from training import metrics
from training.calibration import tempered
from training.predictions import Predictions

COVERAGES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)


@dataclass(frozen=True)
class Calibration:
    """What the validation actors of one network decided.

    Attributes
    ----------
    seed, fold : int
    temperature : float > 0
    threshold : float in 0..1
    """

    seed: int
    fold: int
    temperature: float
    threshold: float


@dataclass(frozen=True)
class Figures:
    """How good the models of all folds are on the actors that they never heard.

    A clip in which the device hears no speech counts as wrong in ``uars``, ``accuracies``,
    ``seven_way``, ``recalls`` and by actor; calibration and coverage are of the clips it hears.

    Attributes
    ----------
    clips, unheard : int
        Of one seed.
    uars, accuracies, seven_way : list of float
        Of each seed: UAR, accuracy, and accuracy where neutral counts as calm.
    fold_uars : dict of int to float
    interval : tuple of float
        95 % of the UAR, over other actors.
    recalls : np.ndarray [shape=(8,)]
    actor_recalls : dict of str to float
        UAR of each actor's clips.
    confusion : np.ndarray [shape=(8, 9), int]
    right : np.ndarray [shape=(n,), bool]
        Whether each heard clip's answer is right.
    confidence : np.ndarray [shape=(n,)]
        Probability of each answer, with the temperature of its fold.
    calibration_error_before, calibration_error : float
        Without and with the temperature.
    sure : float
        Share of the heard clips that reach the threshold of their fold.
    accuracy_when_sure : float
    """

    clips: int
    unheard: int
    uars: list[float]
    accuracies: list[float]
    seven_way: list[float]
    fold_uars: dict[int, float]
    interval: tuple[float, float]
    recalls: np.ndarray
    actor_recalls: dict[str, float]
    confusion: np.ndarray
    right: np.ndarray
    confidence: np.ndarray
    calibration_error_before: float
    calibration_error: float
    sure: float
    accuracy_when_sure: float

    @classmethod
    def of(cls, table: Predictions, calibrations: Sequence[Calibration]) -> Self:
        """Compute them.

        Parameters
        ----------
        table : Predictions
            Out of fold, of every seed.
        calibrations : sequence of Calibration
            One for each network.
        """
        emotions, answers, actors = table.emotions, table.answers, table.actors
        by_seed = [table.seeds == seed for seed in np.unique(table.seeds)]
        seven, seven_answers = map(metrics.neutral_as_calm, (emotions, answers))

        heard = table.heard
        right = (emotions == answers)[heard]
        confidence, thresholds = _confidence(table.where(heard), calibrations)
        sure = confidence >= thresholds
        return cls(
            clips=int(by_seed[0].sum()),
            unheard=int((~heard[by_seed[0]]).sum()),
            uars=[metrics.uar(emotions[s], answers[s]) for s in by_seed],
            accuracies=[metrics.accuracy(emotions[s], answers[s]) for s in by_seed],
            seven_way=[metrics.accuracy(seven[s], seven_answers[s]) for s in by_seed],
            fold_uars={
                int(fold): metrics.uar(emotions[table.folds == fold], answers[table.folds == fold])
                for fold in np.unique(table.folds)
            },
            interval=metrics.actor_bootstrap(emotions, answers, actors),
            recalls=metrics.recalls(emotions, answers),
            actor_recalls={
                str(actor): metrics.uar(emotions[actors == actor], answers[actors == actor])
                for actor in np.unique(actors)
            },
            confusion=metrics.confusion(emotions, answers),
            right=right,
            confidence=confidence,
            calibration_error_before=metrics.calibration_error(
                right, table.probabilities[heard].max(axis=1)
            ),
            calibration_error=metrics.calibration_error(right, confidence),
            sure=float(sure.mean()),
            accuracy_when_sure=float(right[sure].mean()) if sure.any() else float("nan"),
        )

    @property
    def uar(self) -> float:
        """Mean over the seeds."""
        return float(np.mean(self.uars))

    @property
    def uar_deviation(self) -> float:
        """Standard deviation over the seeds; 0 for one."""
        return float(np.std(self.uars, ddof=1)) if len(self.uars) > 1 else 0.0

    def accuracy_at(self, coverage: float) -> float:
        """Accuracy on the share of the heard clips that are answered with the most confidence."""
        return metrics.accuracy_at(self.right, self.confidence, coverage)


def _confidence(
    heard: Predictions, calibrations: Sequence[Calibration]
) -> tuple[np.ndarray, np.ndarray]:
    """Of each heard clip the probability of the answer, and the threshold of its network."""
    confidence, thresholds = np.empty(len(heard.clips)), np.empty(len(heard.clips))
    for one in calibrations:
        rows = (heard.seeds == one.seed) & (heard.folds == one.fold)
        confidence[rows] = tempered(heard.probabilities[rows], one.temperature).max(axis=1)
        thresholds[rows] = one.threshold
    return confidence, thresholds
