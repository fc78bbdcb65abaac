"""What is fitted in closed form or to an optimum before the network: projection and regression.

The projection reduces the encoder's many channels, of which neighbours carry much the same, to the
principal components of the training frames. No label is used.

The linear path is a logistic regression on the mean and the deviation over time of all channels.
It has no hidden layer, so it overfits the few speakers less than a network does, but it cannot use
the order of the frames.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from sklearn.linear_model import LogisticRegression

from device.mood import Emotion
from training.emotion.cache import write_npz
from training.emotion.corpora import RAVDESS
from training.emotion.settings import Settings

MIN_VARIANCE = 1e-4

_MIN_DEVIATION = 1e-3
_FRAMES_OF_A_CORPUS = 15_000
_ITERATIONS = 200
_TOLERANCE = 1e-3
_NEVER = -30.0


@dataclass(frozen=True)
class Projection:
    """From frames to principal components.

    scikit-learn's PCA cannot give every corpus the same weight, so the covariance is computed here.

    Attributes
    ----------
    mean, scale : np.ndarray [shape=(channels,), float32]
        Of the frames.
    components : np.ndarray [shape=(channels, width), float32]
        Of standardised frames; the result has mean zero and a deviation of about one.
    """

    mean: np.ndarray
    scale: np.ndarray
    components: np.ndarray

    @classmethod
    def fit(cls, corpora: Sequence[Sequence[np.ndarray]], width: int) -> Self:
        """The projection for the clips [shape=(n, channels)] of some corpora, weighted alike."""
        means, squares = [], []
        for clips in corpora:
            every = max(1, sum(map(len, clips)) // _FRAMES_OF_A_CORPUS)
            frames = np.concatenate(clips)[::every].astype(np.float32)
            means.append(frames.mean(axis=0))
            squares.append(frames.T @ frames / len(frames))
        mean = np.mean(means, axis=0)
        covariance = np.mean(squares, axis=0) - np.outer(mean, mean)
        scale = np.maximum(np.sqrt(np.maximum(np.diag(covariance), 0)), _MIN_DEVIATION)
        variances, components = np.linalg.eigh(covariance / np.outer(scale, scale))
        largest = np.argsort(variances)[::-1][:width]
        deviations = np.sqrt(np.maximum(variances[largest], _MIN_DEVIATION))
        return cls(
            mean.astype(np.float32),
            scale.astype(np.float32),
            (components[:, largest] / deviations).astype(np.float32),
        )

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file that :meth:`write` wrote."""
        with np.load(path) as content:
            return cls(*(content[name] for name in ("mean", "scale", "components")))

    def write(self, path: Path) -> None:
        """Write an ``.npz`` file."""
        write_npz(path, vars(self))

    def standardised(self, frames: np.ndarray) -> np.ndarray:
        """The frames [shape=(n, channels)] with mean zero and deviation one in training
        [float32]."""
        return (frames.astype(np.float32) - self.mean) / self.scale

    def __call__(self, standardised: np.ndarray) -> np.ndarray:
        """The components of standardised frames [shape=(n, width), float16]."""
        return (standardised @ self.components).astype(np.float16)


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
        """Fit a multinomial logistic regression.

        Parameters
        ----------
        statistics : np.ndarray [shape=(clips, n), float32]
        emotions : sequence of int in 0..7
            At least three different ones.
        importance : np.ndarray [shape=(clips,)]
            Sample weights; see :func:`importance`.
        strength : float > 0
            The inverse of the regularisation's strength, scikit-learn's ``C``.
        """
        mean, scale = statistics.mean(axis=0), statistics.std(axis=0) + _MIN_DEVIATION
        model = LogisticRegression(C=strength, max_iter=_ITERATIONS, tol=_TOLERANCE)
        model.fit((statistics - mean) / scale, emotions, importance)
        weights = np.zeros((len(mean), len(Emotion)), np.float32)
        bias = np.full(len(Emotion), _NEVER, np.float32)
        weights[:, model.classes_], bias[model.classes_] = model.coef_.T, model.intercept_
        return cls(mean, scale, weights, bias)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file that :meth:`write` wrote."""
        with np.load(path) as content:
            return cls(*(content[name] for name in ("mean", "scale", "weights", "bias")))

    def write(self, path: Path) -> None:
        """Write an ``.npz`` file."""
        write_npz(path, vars(self))

    def standardised(self, statistics: np.ndarray) -> np.ndarray:
        """The statistics [shape=(clips, n)] with mean zero and deviation one in training."""
        return (statistics - self.mean) / self.scale

    def __call__(self, standardised: np.ndarray) -> np.ndarray:
        """The logits [shape=(clips, 8)] of standardised statistics [shape=(clips, n)]."""
        return standardised @ self.weights + self.bias


def statistics(frames: np.ndarray) -> np.ndarray:
    """Mean and deviation over time [shape=(2 * channels,), float32] of standardised frames
    [shape=(n, channels), n > 0]."""
    deviation = np.sqrt(np.maximum(frames.var(axis=0), MIN_VARIANCE))
    return np.concatenate((frames.mean(axis=0), deviation)).astype(np.float32)


def importance(corpora: Sequence[str], emotions: Sequence[int], settings: Settings) -> np.ndarray:
    """The weight of each clip [shape=(clips,)], 1 on average: as often as it comes into a batch of
    the network, see :class:`training.emotion.fitting.Batches`."""
    kinds = list(zip(corpora, emotions, strict=True))
    counts, emotions_of = Counter(kinds), Counter(corpus for corpus, _ in set(kinds))
    other = settings.other_clips / max(1, len(emotions_of) - 1)
    shares = {name: settings.ravdess_clips if name == RAVDESS else other for name in emotions_of}
    weights = np.array([shares[kind[0]] / emotions_of[kind[0]] / counts[kind] for kind in kinds])
    return weights * (len(kinds) / weights.sum())
