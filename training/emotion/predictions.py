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
from training.emotion.corpora import RAVDESS, Clip, DataError, ravdess_clip
from training.emotion.metrics import calm_as_neutral

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
        cls,
        clips: Sequence[Clip],
        seeds: int | Sequence[int],
        folds: int | Sequence[int],
        probabilities: Iterable[Sequence[float] | np.ndarray],
    ) -> Self:
        """What networks gave for some clips; one seed and fold are those of all clips."""
        return cls(
            np.array([clip.corpus for clip in clips]),
            np.array([clip.name for clip in clips]),
            np.array([clip.speaker for clip in clips]),
            np.array([number(clip.emotion) for clip in clips], int),
            np.full(len(clips), seeds),
            np.full(len(clips), folds),
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
        return type(self)(*(getattr(self, name)[chosen] for name in _NAMES))

    @property
    def heard(self) -> np.ndarray:
        """Whether the device heard speech in each clip."""
        return ~np.isnan(self.probabilities).any(axis=1)

    def by_corpus(self) -> dict[str, Self]:
        """The rows of each corpus, by its name."""
        return {str(name): self.where(self.corpora == name) for name in np.unique(self.corpora)}

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


def number(emotion: Emotion) -> int:
    """Its place in the order of :class:`device.mood.Emotion`."""
    return list(Emotion).index(emotion)


def merge_calm(corpora: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Numbers of emotions, as far as a clip's corpus tells them apart: outside RAVDESS calm counts
    as neutral."""
    return np.where(corpora == RAVDESS, numbers, calm_as_neutral(numbers))
