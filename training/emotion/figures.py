"""The figures of the model card, from the predictions."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from training.emotion import metrics
from training.emotion.calibration import Calibration, calibrations
from training.emotion.corpora import RAVDESS
from training.emotion.predictions import Predictions, merge_calm

COVERAGES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The figures of networks on speakers of one corpus who are not in their training set.

    Answers are the device's, with temperature and prior. Outside RAVDESS calm counts as neutral.
    A clip without speech counts as wrong in ``uars``, ``accuracies``, ``seven_way``, ``recalls``
    and by speaker; calibration and coverage are for the clips with speech.

    Attributes
    ----------
    clips, unheard : int
        Of one seed.
    uars, accuracies, seven_way : list of float
        Of each seed: UAR, accuracy, and accuracy where calm counts as neutral.
    uar_when_heard : float
        UAR of the clips with speech; NaN without any.
    fold_uars : dict of int to float
    interval : tuple of float
        95 % interval of the UAR over speakers.
    recalls : np.ndarray [shape=(8,)]
    speaker_uars : dict of str to float
    confusion : np.ndarray [shape=(8, 9), int]
    right : np.ndarray [shape=(n,), bool]
        Whether the answer to each clip with speech is right.
    confidence : np.ndarray [shape=(n,)]
        Probability of each answer, with temperature and prior.
    calibration_error_before, calibration_error : float
        Without and with temperature and prior.
    sure : float
        Share of the clips with speech that reach the threshold.
    accuracy_when_sure : float
    """

    clips: int
    unheard: int
    uars: list[float]
    accuracies: list[float]
    seven_way: list[float]
    uar_when_heard: float
    fold_uars: dict[int, float]
    interval: tuple[float, float]
    recalls: np.ndarray
    speaker_uars: dict[str, float]
    confusion: np.ndarray
    right: np.ndarray
    confidence: np.ndarray
    calibration_error_before: float
    calibration_error: float
    sure: float
    accuracy_when_sure: float

    @classmethod
    def of(cls, table: Predictions, calibration: Calibration) -> Self:
        """Compute the figures.

        Parameters
        ----------
        table : Predictions
            Of one corpus, of every seed.
        calibration : Calibration
            Chosen without this corpus.
        """
        heard = table.heard
        given = calibration.applied(table)
        emotions, answers = table.emotions, given.answers
        seven, seven_answers = map(metrics.calm_as_neutral, (emotions, answers))
        emotions, answers = (merge_calm(table.corpora, one) for one in (emotions, answers))
        speakers = table.speakers
        by_seed = [table.seeds == seed for seed in np.unique(table.seeds)]

        right = (emotions == answers)[heard]
        confidence = given.probabilities[heard].max(axis=1)
        sure = confidence >= calibration.threshold
        return cls(
            clips=int(by_seed[0].sum()),
            unheard=int((~heard[by_seed[0]]).sum()),
            uars=given.uars,
            accuracies=[metrics.accuracy(emotions[s], answers[s]) for s in by_seed],
            seven_way=[metrics.accuracy(seven[s], seven_answers[s]) for s in by_seed],
            uar_when_heard=metrics.uar(emotions[heard], answers[heard]),
            fold_uars={
                int(fold): metrics.uar(emotions[table.folds == fold], answers[table.folds == fold])
                for fold in np.unique(table.folds)
            },
            interval=metrics.speaker_bootstrap(emotions, answers, speakers),
            recalls=metrics.recalls(emotions, answers),
            speaker_uars={
                str(one): metrics.uar(emotions[speakers == one], answers[speakers == one])
                for one in np.unique(speakers)
            },
            confusion=metrics.confusion(emotions, answers),
            right=right,
            confidence=confidence,
            calibration_error_before=metrics.calibration_error(
                right, table.probabilities[heard].max(axis=1)
            ),
            calibration_error=metrics.calibration_error(right, confidence),
            sure=metrics.share(sure),
            accuracy_when_sure=metrics.share(right[sure]),
        )

    @property
    def uar(self) -> float:
        """Mean over the seeds."""
        return float(np.mean(self.uars))

    @property
    def uar_deviation(self) -> float:
        """Standard deviation over the seeds; 0 for one."""
        return float(np.std(self.uars, ddof=1)) if len(self.uars) > 1 else 0.0

    @property
    def sure_factor(self) -> float:
        """How many times as often as all answers the sure ones are right."""
        return self.accuracy_when_sure / metrics.share(self.right)

    def accuracy_at(self, coverage: float) -> float:
        """Accuracy on the share of the clips with the highest probabilities."""
        return metrics.accuracy_at(self.right, self.confidence, coverage)


@dataclass(frozen=True)
class Evaluation:
    """The figures of a run.

    Attributes
    ----------
    ravdess : Figures
        For the test actors of the folds.
    in_rooms : Figures
        For the same, in rooms with noise that do not occur in training.
    left_out : dict of str to Figures
        For every other corpus, by networks that were trained without it.
    """

    ravdess: Figures
    in_rooms: Figures
    left_out: dict[str, Figures]

    @classmethod
    def of(cls, folds: Predictions, in_rooms: Predictions, left_out: Predictions) -> Self:
        """Compute the figures from the tables of predictions."""
        decided = calibrations(left_out, in_rooms)
        own, each = decided[RAVDESS], left_out.by_corpus()
        return cls(
            Figures.of(folds, own),
            Figures.of(in_rooms, own),
            {corpus: Figures.of(table, decided[corpus]) for corpus, table in each.items()},
        )

    @property
    def left_out_uar(self) -> float:
        """Mean over the other corpora."""
        return float(np.mean([figures.uar for figures in self.left_out.values()]))
