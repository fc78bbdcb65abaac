"""Predictions: what the quantised models gave for each clip, as a table."""

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from device.mood import Emotion
from training.corpora import RAVDESS, Clip, DataError, ravdess_clip

OF_FOLDS = ("clip", "seed", "fold", *Emotion)
"""Columns of a table of RAVDESS, whose names say who speaks how."""

OF_CORPORA = ("corpus", "clip", "seed", *Emotion, "speaker", "emotion")
"""Columns of a table of corpora that were left out as a whole."""


@dataclass(frozen=True)
class Predictions:
    """A row for each clip and seed.

    Attributes
    ----------
    corpora, clips, speakers : np.ndarray [shape=(n,), str]
    emotions : np.ndarray [shape=(n,), int]
        Number of the emotion that was acted.
    seeds : np.ndarray [shape=(n,), int]
        Of the network that heard the clip.
    folds : np.ndarray [shape=(n,), int]
        Number of the network's fold of RAVDESS; -1 in a table of corpora.
    probabilities : np.ndarray [shape=(n, 8), float64]
        Before temperature and prior; NaN where the device heard no speech to judge.
    """

    corpora: np.ndarray
    clips: np.ndarray
    speakers: np.ndarray
    emotions: np.ndarray
    seeds: np.ndarray
    folds: np.ndarray
    probabilities: np.ndarray

    @classmethod
    def of(
        cls, clips: Sequence[Clip], seed: int, fold: int, probabilities: Iterable[np.ndarray]
    ) -> Self:
        """What one network gave for some clips."""
        return cls(
            np.array([clip.corpus for clip in clips]),
            np.array([clip.name for clip in clips]),
            np.array([clip.speaker for clip in clips]),
            np.array([_number(clip.emotion) for clip in clips], int),
            np.full(len(clips), seed),
            np.full(len(clips), fold),
            np.array(list(probabilities), np.float64).reshape(len(clips), len(Emotion)),
        )

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
                table = csv.DictReader(file)
                rows = list(table)
            if tuple(table.fieldnames or ()) not in (OF_FOLDS, OF_CORPORA) or not rows:
                raise ValueError(f"it has no rows, or not the columns {','.join(OF_FOLDS)}")
            clips = list(map(_clip, rows))
            return cls(
                np.array([clip.corpus for clip in clips]),
                np.array([clip.name for clip in clips]),
                np.array([clip.speaker for clip in clips]),
                np.array([_number(clip.emotion) for clip in clips]),
                np.array([int(row["seed"]) for row in rows]),
                np.array([int(row.get("fold", -1)) for row in rows]),
                np.array([[float(row[e] or "nan") for e in Emotion] for row in rows]),
            )
        except (OSError, EOFError, ValueError, TypeError, DataError) as error:
            why = getattr(error, "strerror", None) or error
            raise DataError(f"{path} is no table of predictions: {why}.") from error

    def write(self, path: Path) -> None:
        """Write the table, with four decimals; the same table gives the same bytes."""
        columns = OF_FOLDS if set(self.corpora) == {RAVDESS} else OF_CORPORA
        text = io.StringIO()
        table = csv.DictWriter(text, columns, lineterminator="\n", extrasaction="ignore")
        table.writeheader()
        for values in zip(*(getattr(self, name) for name in _NAMES), strict=True):
            corpus, clip, speaker, emotion, seed, fold, probabilities = values
            numbers = ("" if np.isnan(p) else f"{p:.4f}" for p in probabilities)
            row = {"corpus": corpus, "clip": clip, "speaker": speaker, "seed": seed, "fold": fold}
            row["emotion"] = list(Emotion)[emotion]
            table.writerow(row | dict(zip(Emotion, numbers, strict=True)))
        path.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))

    def where(self, chosen: np.ndarray) -> Self:
        """The rows for which a mask is true."""
        return type(self)(*(getattr(self, name)[chosen] for name in _NAMES))

    @property
    def heard(self) -> np.ndarray:
        """Whether the device heard speech in each clip."""
        return ~np.isnan(self.probabilities).any(axis=1)

    @property
    def answers(self) -> np.ndarray:
        """Number of the likeliest emotion; -1 where the device heard no speech."""
        return np.where(self.heard, np.nan_to_num(self.probabilities).argmax(axis=1), -1)


_NAMES = ("corpora", "clips", "speakers", "emotions", "seeds", "folds", "probabilities")


def _clip(row: dict[str, str]) -> Clip:
    if "corpus" not in row:
        return ravdess_clip(Path(row["clip"]))
    path, emotion = Path(row["clip"]), Emotion(row["emotion"])
    return Clip(row["corpus"], row["clip"], path, row["speaker"], emotion)


def _number(emotion: Emotion) -> int:
    return list(Emotion).index(emotion)
