"""Predictions of the quantised networks for each clip, as a table."""

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from device.mood import Emotion
from training.emotion import metrics
from training.emotion.corpora import RAVDESS, Clip, DataError, ravdess_clip

OF_FOLDS = ("clip", "seed", "fold", *Emotion)
"""Columns of a table of RAVDESS, whose file names hold speaker and emotion."""

OF_CORPORA = ("corpus", "clip", "seed", *Emotion, "speaker", "emotion")
"""Columns of a table of corpora that were left out as a whole."""


@dataclass(frozen=True, kw_only=True)
class Predictions:
    """A row for each clip and seed.

    Attributes
    ----------
    corpora, clips, speakers : np.ndarray [shape=(n,), str]
    emotions : np.ndarray [shape=(n,), int]
        Number of the acted emotion.
    seeds : np.ndarray [shape=(n,), int]
        Of the network.
    folds : np.ndarray [shape=(n,), int]
        Number of the network's fold of RAVDESS; -1 in a table of corpora.
    probabilities : np.ndarray [shape=(n, 8), float64]
        Before temperature and prior; NaN for clips without speech.
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
        cls,
        clips: Sequence[Clip],
        seeds: int | Sequence[int],
        folds: int | Sequence[int],
        probabilities: Iterable[Sequence[float] | np.ndarray],
    ) -> Self:
        """Predictions for some clips; a single seed or fold applies to all of them."""
        rows = np.array(list(probabilities), np.float64)
        return cls(
            corpora=np.array([clip.corpus for clip in clips]),
            clips=np.array([clip.name for clip in clips]),
            speakers=np.array([clip.speaker for clip in clips]),
            emotions=np.array([number(clip.emotion) for clip in clips], int),
            seeds=np.full(len(clips), seeds),
            folds=np.full(len(clips), folds),
            probabilities=rows.reshape(len(clips), len(Emotion)),
        )

    @classmethod
    def joined(cls, several: Iterable[Self]) -> Self:
        """The rows of several tables."""
        several = list(several)
        joined = {n: np.concatenate([getattr(one, n) for one in several]) for n in _NAMES}
        return cls(**joined)

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
            return cls.of(
                [_clip(row) for row in rows],
                [int(row["seed"]) for row in rows],
                [int(row.get("fold", -1)) for row in rows],
                [[float(row[e] or "nan") for e in Emotion] for row in rows],
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
        return type(self)(**{name: getattr(self, name)[chosen] for name in _NAMES})

    @property
    def heard(self) -> np.ndarray:
        """Whether the endpointer found speech in each clip."""
        return ~np.isnan(self.probabilities).any(axis=1)

    def by_corpus(self) -> dict[str, Self]:
        """The rows of each corpus, by its name."""
        return {str(name): self.where(self.corpora == name) for name in np.unique(self.corpora)}

    @property
    def answers(self) -> np.ndarray:
        """Number of the most likely emotion; -1 for clips without speech."""
        return np.where(self.heard, np.nan_to_num(self.probabilities).argmax(axis=1), -1)

    @property
    def uars(self) -> list[float]:
        """UAR of the answers of each seed; outside RAVDESS calm counts as neutral."""
        emotions, answers = (merge_calm(self.corpora, n) for n in (self.emotions, self.answers))
        by_seed = [self.seeds == seed for seed in np.unique(self.seeds)]
        return [metrics.uar(emotions[rows], answers[rows]) for rows in by_seed]

    @property
    def uar(self) -> float:
        """Mean over the seeds."""
        return float(np.mean(self.uars))


_NAMES = ("corpora", "clips", "speakers", "emotions", "seeds", "folds", "probabilities")


def _clip(row: dict[str, str]) -> Clip:
    if "corpus" not in row:
        return ravdess_clip(Path(row["clip"]))
    path, emotion = Path(row["clip"]), Emotion(row["emotion"])
    return Clip(row["corpus"], row["clip"], path, row["speaker"], emotion)


def number(emotion: Emotion) -> int:
    """The index of an emotion in :class:`device.mood.Emotion`."""
    return list(Emotion).index(emotion)


def merge_calm(corpora: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Numbers of emotions with calm as neutral outside RAVDESS, where no other corpus has calm."""
    return np.where(corpora == RAVDESS, numbers, metrics.calm_as_neutral(numbers))
