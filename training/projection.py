"""The projection: the encoder's many channels as a few that vary most.

Neighbouring channels of the representation say much the same. Principal components of the
training frames, each corpus counted alike, keep what differs; no label is used.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

_FRAMES_OF_A_CORPUS = 15_000
_LEAST_DEVIATION = 1e-3


@dataclass(frozen=True)
class Projection:
    """From frames to components.

    Attributes
    ----------
    mean, scale : np.ndarray [shape=(channels,), float32]
        Of the frames.
    components : np.ndarray [shape=(channels, width), float32]
        Of standardised frames; what comes out has a mean of zero and a deviation of about one.
    """

    mean: np.ndarray
    scale: np.ndarray
    components: np.ndarray

    @classmethod
    def of(cls, corpora: Sequence[Sequence[np.ndarray]], width: int) -> Self:
        """The projection that suits the clips [shape=(n, channels)] of some corpora."""
        means, squares = [], []
        for clips in corpora:
            every = max(1, sum(map(len, clips)) // _FRAMES_OF_A_CORPUS)
            frames = np.concatenate(clips)[::every].astype(np.float32)
            means.append(frames.mean(axis=0))
            squares.append(frames.T @ frames / len(frames))
        mean = np.mean(means, axis=0)
        covariance = np.mean(squares, axis=0) - np.outer(mean, mean)
        scale = np.maximum(np.sqrt(np.maximum(np.diag(covariance), 0)), _LEAST_DEVIATION)
        variances, components = np.linalg.eigh(covariance / np.outer(scale, scale))
        largest = np.argsort(variances)[::-1][:width]
        deviations = np.sqrt(np.maximum(variances[largest], _LEAST_DEVIATION))
        return cls(
            mean.astype(np.float32),
            scale.astype(np.float32),
            (components[:, largest] / deviations).astype(np.float32),
        )

    @classmethod
    def read(cls, path: Path) -> Self:
        """From a file that :meth:`write` wrote."""
        with np.load(path) as kept:
            return cls(*(kept[name] for name in ("mean", "scale", "components")))

    def write(self, path: Path) -> None:
        """Into an ``.npz`` file."""
        np.savez(path, mean=self.mean, scale=self.scale, components=self.components)

    def standardised(self, frames: np.ndarray) -> np.ndarray:
        """Of frames [shape=(n, channels)] the same [float32], with a mean of zero and a deviation
        of one in training."""
        return (frames.astype(np.float32) - self.mean) / self.scale

    def __call__(self, standardised: np.ndarray) -> np.ndarray:
        """Of standardised frames the components [shape=(n, width), float16]."""
        return (standardised @ self.components).astype(np.float16)
