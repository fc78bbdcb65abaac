"""Shipping: a run's results become the files in ``models/``."""

import csv
import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from device.emotion.encoder import ENCODER_FILE
from device.emotion.interpreter import Network
from device.emotion.model import DESCRIPTION_FILE, MODEL_FILE, Description
from training import baseline, calibration
from training.corpora import DataError
from training.figures import Judged
from training.predictions import Predictions
from training.runs import Run
from training.scoring import IN_ROOMS, TEST, predictions
from training.train import HISTORY

OUT_OF_FOLD_FILE = "out_of_fold.csv.gz"
IN_ROOMS_FILE = "out_of_fold_in_rooms.csv.gz"
OUT_OF_CORPUS_FILE = "out_of_corpus.csv.gz"
RECIPE_FILE = "recipe.json"


@dataclass(frozen=True)
class Recipe:
    """How the model in the folder was made.

    Attributes
    ----------
    settings : dict
        Of the run; see :class:`training.settings.Settings`.
    minutes : float
        That the training of its networks took, one after the other.
    clips : dict of str to int
        Of every corpus.
    speakers : dict of str to int
    baseline : dict of str to float
        UAR of a logistic regression on each fold and each corpus left out.
    """

    settings: dict[str, Any]
    minutes: float
    clips: dict[str, int]
    speakers: dict[str, int]
    baseline: dict[str, float]

    @classmethod
    def read(cls, path: Path) -> "Recipe":
        """Raises DataError where there is no such file."""
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            why = getattr(error, "strerror", None) or error
            raise DataError(f"{path} is no recipe: {why}. Run `emotify-train all`.") from error

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")


def ship(run: Run, folder: Path) -> None:
    """Put a run's model, its predictions and its recipe into a folder."""
    in_rooms = predictions(run.folds, IN_ROOMS)
    strangers = predictions(run.strangers, TEST)
    decided = calibration.shipped(strangers, in_rooms)
    encoder = run.encodings.encoder.read_bytes()
    content = (run.shipped.folder / MODEL_FILE).read_bytes()
    description = Description(
        encoder_sha256=hashlib.sha256(encoder).hexdigest(),
        sha256=hashlib.sha256(content).hexdigest(),
        quantisation=Network(content).quantisation,
        temperature=decided.temperature,
        prior=tuple(calibration.PRIOR.values()),
        threshold=decided.threshold,
    )

    folder.mkdir(parents=True, exist_ok=True)
    (folder / ENCODER_FILE).write_bytes(encoder)
    (folder / MODEL_FILE).write_bytes(content)
    (folder / DESCRIPTION_FILE).write_text(description.text(), encoding="utf-8")
    predictions(run.folds, TEST).write(folder / OUT_OF_FOLD_FILE)
    in_rooms.write(folder / IN_ROOMS_FILE)
    strangers.write(folder / OUT_OF_CORPUS_FILE)
    Recipe(
        asdict(run.settings),
        _minutes(run),
        {name: len(clips) for name, clips in run.found.items()},
        {name: len({clip.speaker for clip in clips}) for name, clips in run.found.items()},
        baseline.read(run),
    ).write(folder / RECIPE_FILE)


def judged(folder: Path) -> Judged:
    """The figures of the model in a folder.

    Raises
    ------
    DataError
        A table of predictions is missing or damaged.
    """
    files = (OUT_OF_FOLD_FILE, IN_ROOMS_FILE, OUT_OF_CORPUS_FILE)
    return Judged.of(*(Predictions.read(folder / file) for file in files))


def _minutes(run: Run) -> float:
    seconds = 0.0
    for part in run.parts:
        with (part.folder / HISTORY).open(encoding="utf-8", newline="") as file:
            seconds += float(list(csv.DictReader(file))[-1]["seconds"])
    return round(seconds / 60, 1)
