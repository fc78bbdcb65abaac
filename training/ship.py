"""Shipping: a run's results become the files in ``models/``."""

import csv
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from device.emotion import DESCRIPTION_FILE, MODEL_FILE, Description
from training.corpora import DataError
from training.evaluate import calibrations, decide
from training.figures import Calibration
from training.runs import Run
from training.scoring import TEST, VALIDATION, predictions
from training.train import HISTORY

OUT_OF_FOLD_FILE = "out_of_fold.csv.gz"
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
    calibrations : list of Calibration
    """

    settings: dict[str, Any]
    minutes: float
    calibrations: list[Calibration]

    @classmethod
    def read(cls, path: Path) -> "Recipe":
        """Raises DataError where there is no such file."""
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            values["calibrations"] = [Calibration(**one) for one in values["calibrations"]]
            return cls(**values)
        except (OSError, ValueError, TypeError, KeyError) as error:
            why = getattr(error, "strerror", None) or error
            raise DataError(f"{path} is no recipe: {why}. Run `emotify-train all`.") from error

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")


def ship(run: Run, folder: Path) -> None:
    """Put a run's model, its out-of-fold predictions and its recipe into a folder.

    The model's temperature and threshold suit the validation actors of all folds, as the folds'
    models heard them.
    """
    validation = predictions(run, VALIDATION)
    temperature, threshold = decide(validation)
    made = Description.parse((run.shipped.folder / DESCRIPTION_FILE).read_text(encoding="utf-8"))
    description = replace(made, temperature=temperature, threshold=threshold)

    folder.mkdir(parents=True, exist_ok=True)
    (folder / MODEL_FILE).write_bytes((run.shipped.folder / MODEL_FILE).read_bytes())
    (folder / DESCRIPTION_FILE).write_text(description.text(), encoding="utf-8")
    predictions(run, TEST).write(folder / OUT_OF_FOLD_FILE)
    Recipe(asdict(run.settings), _minutes(run), calibrations(run)).write(folder / RECIPE_FILE)


def _minutes(run: Run) -> float:
    seconds = 0.0
    for part in (*run.folds, run.shipped):
        with (part.folder / HISTORY).open(encoding="utf-8", newline="") as file:
            seconds += float(list(csv.DictReader(file))[-1]["seconds"])
    return round(seconds / 60, 1)
