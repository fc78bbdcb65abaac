"""The release: a run's model, predictions and recipe become the files in ``models/``."""

import csv
import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from device.emotion.encoder import ENCODER_FILE
from device.emotion.interpreter import Network
from device.emotion.model import METADATA_FILE, MODEL_FILE, ModelMetadata, Standard
from training.emotion import baseline, calibration
from training.emotion.corpora import DataError
from training.emotion.evaluation import ROOMS_FILE, TEST_FILE, predictions
from training.emotion.figures import Evaluation
from training.emotion.household_figures import HOUSEHOLD_FILE, HouseholdFigures
from training.emotion.linear import Projection
from training.emotion.predictions import Predictions
from training.emotion.runs import Run
from training.emotion.train import HISTORY_FILE, PROJECTION_FILE

OUT_OF_FOLD_FILE = "out_of_fold.csv.gz"
OUT_OF_FOLD_ROOMS_FILE = "out_of_fold_in_rooms.csv.gz"
OUT_OF_CORPUS_FILE = "out_of_corpus.csv.gz"
RECIPE_FILE = "recipe.json"


@dataclass(frozen=True)
class Recipe:
    """How the model in the folder was made.

    Attributes
    ----------
    settings : dict
        Of the run; see :class:`training.emotion.settings.Settings`.
    minutes : float
        Training time of its networks, one after the other.
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
        """Read a JSON file; raises DataError where there is no such file."""
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            why = getattr(error, "strerror", None) or error
            raise DataError(f"{path} is no recipe: {why}. Run `emotify-train all`.") from error

    def write(self, path: Path) -> None:
        """Write a JSON file."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")


def release(run: Run, folder: Path) -> None:
    """Put a run's model, its predictions and its recipe into a folder."""
    in_rooms = predictions(run.folds, ROOMS_FILE)
    left_out = predictions(run.left_out, TEST_FILE)
    chosen = calibration.for_device(left_out, in_rooms)
    encoder = run.features.encoder.read_bytes()
    content = (run.released.folder / MODEL_FILE).read_bytes()
    projection = Projection.read(run.released.shared / PROJECTION_FILE)
    metadata = ModelMetadata(
        encoder_sha256=hashlib.sha256(encoder).hexdigest(),
        sha256=hashlib.sha256(content).hexdigest(),
        quantisation=Network(content).quantisation,
        temperature=chosen.temperature,
        prior=tuple(calibration.PRIOR.values()),
        threshold=chosen.threshold,
        voice=Standard(projection.mean, projection.scale),
    )

    folder.mkdir(parents=True, exist_ok=True)
    (folder / ENCODER_FILE).write_bytes(encoder)
    (folder / MODEL_FILE).write_bytes(content)
    (folder / METADATA_FILE).write_text(metadata.text(), encoding="utf-8")
    predictions(run.folds, TEST_FILE).write(folder / OUT_OF_FOLD_FILE)
    in_rooms.write(folder / OUT_OF_FOLD_ROOMS_FILE)
    left_out.write(folder / OUT_OF_CORPUS_FILE)
    HouseholdFigures.of(run).write(folder / HOUSEHOLD_FILE)
    Recipe(
        settings=asdict(run.settings),
        minutes=_minutes(run),
        clips={name: len(clips) for name, clips in run.corpora.items()},
        speakers={name: len({clip.speaker for clip in own}) for name, own in run.corpora.items()},
        baseline=baseline.read(run),
    ).write(folder / RECIPE_FILE)


def evaluation(folder: Path) -> Evaluation:
    """The figures of the model in a folder, from the predictions beside it; see
    :func:`released_predictions`."""
    return Evaluation.of(*released_predictions(folder))


def released_predictions(folder: Path) -> tuple[Predictions, Predictions, Predictions]:
    """The predictions beside a model: of the folds, of the same in rooms, and of the corpora left
    out.

    Raises
    ------
    DataError
        A table is missing or damaged.
    """
    files = (OUT_OF_FOLD_FILE, OUT_OF_FOLD_ROOMS_FILE, OUT_OF_CORPUS_FILE)
    folds, in_rooms, left_out = (Predictions.read(folder / file) for file in files)
    return folds, in_rooms, left_out


def _minutes(run: Run) -> float:
    seconds = 0.0
    for part in run.parts:
        with (part.folder / HISTORY_FILE).open(encoding="utf-8", newline="") as file:
            seconds += float(list(csv.DictReader(file))[-1]["seconds"])
    return round(seconds / 60, 1)
