"""Predictions: what the quantised models gave for each clip, as a table."""

import csv
import gzip
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from device.mood import Emotion
from training.corpora import Clip, DataError, ravdess_clip

COLUMNS = ("clip", "seed", "fold", *Emotion)


@dataclass(frozen=True)
class Predictions:
    """A row for each clip and seed.

    Attributes
    ----------
    clips : np.ndarray [shape=(n,), str]
        Names.
    seeds, folds : np.ndarray [shape=(n,), int]
        Of the network that heard the clip.
    probabilities : np.ndarray [shape=(n, 8), float64]
        Before the temperature; NaN where the device heard no speech to judge.
    """

    clips: np.ndarray
    seeds: np.ndarray
    folds: np.ndarray
    probabilities: np.ndarray

    @classmethod
    def of_rows(cls, rows: Iterable[tuple[str, int, int, np.ndarray]]) -> Self:
        """From clip, seed, fold and probabilities of each row."""
        clips, seeds, folds, probabilities = zip(*rows, strict=True)
        return cls(np.array(clips), np.array(seeds), np.array(folds), np.array(probabilities))

    @classmethod
    def joined(cls, several: Iterable[Self]) -> Self:
        """The rows of several tables."""
        several = list(several)
        return cls(*(np.concatenate([getattr(one, name) for one in several]) for name in _NAMES))

    @classmethod
    def read(cls, path: Path) -> Self:
        """The table in a file.

        Raises
        ------
        DataError
            It is missing or no such table.
        """
        try:
            with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
                rows = list(csv.reader(file))
            if tuple(rows[0]) != COLUMNS:
                raise ValueError(f"its columns are not {','.join(COLUMNS)}")
            return cls.of_rows(
                (clip, int(seed), int(fold), np.array([float(p or "nan") for p in probabilities]))
                for clip, seed, fold, *probabilities in rows[1:]
            )
        except (OSError, EOFError, ValueError, IndexError) as error:
            why = getattr(error, "strerror", None) or error
            raise DataError(f"{path} is no table of predictions: {why}.") from error

    def write(self, path: Path) -> None:
        """Write the table, with four decimals; the same table gives the same bytes."""
        text = io.StringIO()
        table = csv.writer(text, lineterminator="\n")
        table.writerow(COLUMNS)
        for clip, seed, fold, row in zip(*(getattr(self, name) for name in _NAMES), strict=True):
            table.writerow([clip, seed, fold, *("" if np.isnan(p) else f"{p:.4f}" for p in row)])
        path.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))

    def where(self, chosen: np.ndarray) -> Self:
        """The rows for which a mask is true."""
        return type(self)(*(getattr(self, name)[chosen] for name in _NAMES))

    @property
    def heard(self) -> np.ndarray:
        """Whether the device heard speech in each clip."""
        return ~np.isnan(self.probabilities).any(axis=1)

    @property
    def emotions(self) -> np.ndarray:
        """Number of the emotion that each clip's name gives."""
        return np.array([list(Emotion).index(self._clip(name).emotion) for name in self.clips])

    @property
    def actors(self) -> np.ndarray:
        """The actor of each clip."""
        return np.array([self._clip(name).speaker for name in self.clips])

    @property
    def answers(self) -> np.ndarray:
        """Number of the likeliest emotion; -1 where the device heard no speech."""
        return np.where(self.heard, np.nan_to_num(self.probabilities).argmax(axis=1), -1)

    @staticmethod
    def _clip(name: str) -> Clip:
        return ravdess_clip(Path(name))


_NAMES = ("clips", "seeds", "folds", "probabilities")
