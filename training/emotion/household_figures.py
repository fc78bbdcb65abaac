"""How much knowing the household helps, from the answers in lives; the file ``household.csv``."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np

from training.emotion.calibration import Calibration, calibrations
from training.emotion.corpora import RAVDESS, DataError
from training.emotion.evaluation import ROOMS_FILE, TEST_FILE, predictions
from training.emotion.lives import (
    CHOICE_HEARD,
    CLUSTERS,
    HEARD,
    MIXES,
    NAMES,
    ONE_MEAN,
    OTHER_PRIORS,
    OTHER_VARIANCES,
    PEOPLE,
    WAYS,
    lives_path,
    mixed,
    shared,
    varied,
    weighted,
)
from training.emotion.predictions import Predictions
from training.emotion.runs import Part, Run
from training.emotion.tables import table

HOUSEHOLD_FILE = "household.csv"
FRESH = "fresh"


@dataclass(frozen=True)
class HouseholdFigures:
    """The UAR of each corpus for a fresh box, and for those of the names in
    :data:`training.emotion.lives.NAMES`.

    Attributes
    ----------
    uars : dict of str to dict of str to float
        By the corpus, then by the name.
    """

    uars: dict[str, dict[str, float]]

    @classmethod
    def of(cls, run: Run) -> Self:
        """The figures of a run.

        Raises
        ------
        DataError
            A network has not answered yet.
        """
        left_out = predictions(run.left_out, TEST_FILE)
        decided = calibrations(left_out, predictions(run.folds, ROOMS_FILE))
        parts: dict[str, list[Part]] = {}
        for part in run.evaluated:
            parts.setdefault(str(part.fold.corpus), []).append(part)
        return cls({name: _uars(own, decided[name]) for name, own in parts.items()})

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file that :meth:`write` wrote; raises DataError where there is no such file."""
        try:
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            if not rows:
                raise ValueError("it is empty")
            names = (FRESH, *NAMES)
            return cls({row["corpus"]: {n: float(row[n]) for n in names} for row in rows})
        except (OSError, ValueError, KeyError, TypeError) as error:
            why = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
            raise DataError(f"{path} has no figures of households: {why}.") from error

    def write(self, path: Path) -> None:
        """Write a table with a row for each corpus."""
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, ("corpus", FRESH, *NAMES), lineterminator="\n")
            writer.writeheader()
            for corpus, uars in self.uars.items():
                writer.writerow({"corpus": corpus} | {n: f"{uar:.4f}" for n, uar in uars.items()})

    def mean_of_left_out(self, name: str) -> float:
        """The mean over the corpora that were left out."""
        return float(
            np.mean([uars[name] for corpus, uars in self.uars.items() if corpus != RAVDESS])
        )

    @property
    def gain_of_clusters(self) -> float:
        """By how much a mean for each cluster is better than one mean: the mean over all corpora
        and numbers of people."""
        gains = [
            uars[shared(CLUSTERS, people)] - uars[shared(ONE_MEAN, people)]
            for uars in self.uars.values()
            for people in PEOPLE
        ]
        return float(np.mean(gains))

    def by_mix(self) -> str:
        """Fresh and known households, as a table."""
        return self._table([mixed(mix, heard) for mix in MIXES for heard in HEARD])

    def by_people(self) -> str:
        """Boxes that several people share, as a table."""
        return self._table([shared(way, people) for people in PEOPLE for way in WAYS])

    def by_weight(self) -> str:
        """Prior weights and variances of moods, as a table."""
        names: list[str] = []
        for mix in MIXES:
            names.append(mixed(mix, CHOICE_HEARD))
            names += (weighted(mix, prior) for prior in OTHER_PRIORS)
            names += (varied(mix, variance) for variance in OTHER_VARIANCES)
        return self._table(names)

    def text(self) -> str:
        """All tables, for the terminal."""
        return "\n\n".join(
            (
                f"UAR of a fresh box, and after {', '.join(map(str, HEARD))} sentences:",
                self.by_mix(),
                f"UAR after {max(HEARD)} sentences by several people:",
                self.by_people(),
                f"UAR after {CHOICE_HEARD} sentences with other weights of the mean:",
                self.by_weight(),
            )
        )

    def _table(self, names: Sequence[str]) -> str:
        """A row for the fresh box and for each of the names, a column for each corpus."""
        rows = (
            (
                name,
                *(f"{uars[name]:.3f}" for uars in self.uars.values()),
                f"**{self.mean_of_left_out(name):.3f}**",
            )
            for name in (FRESH, *names)
        )
        return table(("", *self.uars, "corpora left out, mean"), rows)


def _uars(parts: Sequence[Part], calibration: Calibration) -> dict[str, float]:
    tables = [Predictions.read(part.folder / TEST_FILE) for part in parts]
    answers = {FRESH: [table.probabilities for table in tables]}
    for part in parts:
        try:
            with np.load(lives_path(part)) as lives:
                for name in NAMES:
                    answers.setdefault(name, []).append(lives[name])
        except OSError:
            raise DataError(f"{part.title} has no lives; run `emotify-train household`.") from None
    uars = {}
    for name, each in answers.items():
        answered = (
            calibration.applied(replace(one, probabilities=raw))
            for one, raw in zip(tables, each, strict=True)
        )
        uars[name] = Predictions.joined(answered).uar
    return uars
