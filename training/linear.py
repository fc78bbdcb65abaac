"""The linear path: a logistic regression on the mean and the deviation over time of all channels.

It has no hidden layer and finds the best weights there are for its regularisation, so it overfits
the few speakers less than a network does; but it does not know in which order things were said.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from sklearn.linear_model import LogisticRegression

from device.mood import Emotion
from training.cache import write_whole
from training.corpora import RAVDESS
from training.settings import Settings

LEAST_VARIANCE = 1e-4

_ITERATIONS = 200
_TOLERANCE = 1e-3
_LEAST_DEVIATION = 1e-3
_NEVER = -30.0


@dataclass(frozen=True)
class Linear:
    """From statistics to one logit for each emotion.

    Attributes
    ----------
    mean, scale : np.ndarray [shape=(n,), float32]
        Of the statistics in training.
    weights : np.ndarray [shape=(n, 8), float32]
    bias : np.ndarray [shape=(8,), float32]
    """

    mean: np.ndarray
    scale: np.ndarray
    weights: np.ndarray
    bias: np.ndarray

    @classmethod
    def fit(
        cls,
        statistics: np.ndarray,
        emotions: Sequence[int],
        importance: np.ndarray,
        strength: float,
    ) -> Self:
        """The most likely one.

        Parameters
        ----------
        statistics : np.ndarray [shape=(clips, n), float32]
        emotions : sequence of int in 0..7
            At least three different ones.
        importance : np.ndarray [shape=(clips,)]
            What each clip counts; see :func:`importance`.
        strength : float > 0
            The inverse of the regularisation's strength, scikit-learn's ``C``.
        """
        mean, scale = statistics.mean(axis=0), statistics.std(axis=0) + _LEAST_DEVIATION
        model = LogisticRegression(C=strength, max_iter=_ITERATIONS, tol=_TOLERANCE)
        model.fit((statistics - mean) / scale, emotions, importance)
        weights = np.zeros((len(mean), len(Emotion)), np.float32)
        bias = np.full(len(Emotion), _NEVER, np.float32)
        weights[:, model.classes_], bias[model.classes_] = model.coef_.T, model.intercept_
        return cls(mean, scale, weights, bias)

    @classmethod
    def read(cls, path: Path) -> Self:
        """From a file that :meth:`write` wrote."""
        with np.load(path) as kept:
            return cls(*(kept[name] for name in ("mean", "scale", "weights", "bias")))

    def write(self, path: Path) -> None:
        """Into an ``.npz`` file, as a whole or not at all."""
        write_whole(path, vars(self))

    def standardised(self, statistics: np.ndarray) -> np.ndarray:
        """Of statistics [shape=(clips, n)] the same, with a mean of zero and a deviation of one in
        training."""
        return (statistics - self.mean) / self.scale

    def __call__(self, standardised: np.ndarray) -> np.ndarray:
        """Of standardised statistics [shape=(clips, n)] the logits [shape=(clips, 8)]."""
        return standardised @ self.weights + self.bias


def statistics(frames: np.ndarray) -> np.ndarray:
    """Mean and deviation over time [shape=(2 * channels,), float32] of standardised frames
    [shape=(n, channels), n > 0]."""
    deviation = np.sqrt(np.maximum(frames.var(axis=0), LEAST_VARIANCE))
    return np.concatenate((frames.mean(axis=0), deviation)).astype(np.float32)


def importance(corpora: Sequence[str], emotions: Sequence[int], settings: Settings) -> np.ndarray:
    """What each clip counts [shape=(clips,)], 1 on average: as often as it comes into a batch of
    the network, see :class:`training.fitting.Batches`."""
    kinds = list(zip(corpora, emotions, strict=True))
    counts, emotions_of = Counter(kinds), Counter(corpus for corpus, _ in set(kinds))
    other = settings.other_clips / max(1, len(emotions_of) - 1)
    shares = {name: settings.ravdess_clips if name == RAVDESS else other for name in emotions_of}
    weights = np.array([shares[kind[0]] / emotions_of[kind[0]] / counts[kind] for kind in kinds])
    return weights * (len(kinds) / weights.sum())
