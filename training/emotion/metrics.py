"""Metrics of classification, on scikit-learn's.

``emotions`` and ``answers`` are np.ndarray [shape=(n,), int]: numbers of emotions. The answer -1,
to a clip in which the endpointer found no speech, is a wrong one.
"""

import numpy as np
from sklearn.metrics import accuracy_score, confusion_matrix, recall_score

from device.mood import Emotion

CLASSES = len(Emotion)

_LABELS = [*range(CLASSES), -1]


def recalls(emotions: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """The share of each emotion's clips with the right answer.

    Returns
    -------
    np.ndarray [shape=(8,), float64]
        NaN for an emotion without clips.
    """
    return recall_score(emotions, answers, labels=_LABELS[:-1], average=None, zero_division=np.nan)


def uar(emotions: np.ndarray, answers: np.ndarray) -> float:
    """Unweighted average recall: the mean of the recalls of the emotions that occur; NaN without
    a clip."""
    return float(np.nanmean(recalls(emotions, answers))) if len(emotions) else float("nan")


def accuracy(emotions: np.ndarray, answers: np.ndarray) -> float:
    """The share of right answers."""
    return float(accuracy_score(emotions, answers))


def confusion(emotions: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """How often each emotion (row) got each answer (column); the last column is no answer.

    Returns
    -------
    np.ndarray [shape=(8, 9), int]
    """
    return confusion_matrix(emotions, answers, labels=_LABELS)[:-1]


def calm_as_neutral(numbers: np.ndarray) -> np.ndarray:
    """Seven emotions: calm counts as neutral. Only RAVDESS distinguishes them."""
    return np.where(numbers == 1, 0, numbers)


def speaker_bootstrap(
    emotions: np.ndarray, answers: np.ndarray, speakers: np.ndarray, draws: int = 2000
) -> tuple[float, float]:
    """The 95 % interval of the UAR over speakers (percentile bootstrap of whole speakers)."""
    own = [speakers == speaker for speaker in np.unique(speakers)]
    each = [confusion(emotions[rows], answers[rows]) for rows in own]
    chosen = np.random.default_rng(0).integers(len(each), size=(draws, len(each)))
    summed = np.array(each)[chosen].sum(axis=1)
    with np.errstate(invalid="ignore"):
        drawn = np.diagonal(summed, axis1=1, axis2=2) / summed.sum(axis=2)
    low, high = np.percentile(np.nanmean(drawn, axis=1), (2.5, 97.5))
    return float(low), float(high)


def calibration_error(right: np.ndarray, confidence: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error (Naeini et al. 2015; Guo et al. 2017), which scikit-learn lacks.

    Parameters
    ----------
    right : np.ndarray [shape=(n,), bool]
    confidence : np.ndarray [shape=(n,), float in 0..1]
        Probability of each answer.
    bins : int > 0
        Of equal width.
    """
    if not len(right):
        return float("nan")
    index = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(np.sum(right[index == b]) - np.sum(confidence[index == b])) for b in np.unique(index)
    ]
    return float(np.sum(gaps) / len(right))


def accuracy_at(right: np.ndarray, confidence: np.ndarray, coverage: float) -> float:
    """Accuracy on the share of the clips that are answered with the highest probability."""
    surest = np.argsort(-confidence, kind="stable")[: round(coverage * len(right))]
    return share(right[surest])


def share(rows: np.ndarray) -> float:
    """The share of true values; NaN of none."""
    return float(np.mean(rows)) if len(rows) else float("nan")
