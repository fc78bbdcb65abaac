"""Evaluation: the quantised networks classify the clips that were kept out of their training.

The features are those of the cache, because they are the same for every network.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from device.emotion.interpreter import Network
from device.emotion.model import MODEL_FILE, classify
from device.mood import Emotion
from training.emotion.corpora import RAVDESS, DataError
from training.emotion.features import PLAIN, ROOM
from training.emotion.figures import Evaluation
from training.emotion.folds import FOLDS
from training.emotion.predictions import Predictions
from training.emotion.processes import in_processes
from training.emotion.runs import SETTINGS_FILE, Part, Run
from training.emotion.tables import corpora_table, figure, summary, table

TEST_FILE = "test.csv.gz"
VALIDATION_FILE = "validation.csv.gz"
ROOMS_FILE = "in_rooms.csv.gz"

_DIGEST_CHARACTERS = 4


def evaluate(run: Run, jobs: int) -> None:
    """Predict what is not predicted yet, and print the figures of a run."""
    predict(run, jobs)
    if not run.folds:
        print(compare(run.folder.parent))
        return
    folds, in_rooms = (predictions(run.folds, file) for file in (TEST_FILE, ROOMS_FILE))
    figures = Evaluation.of(folds, in_rooms, predictions(run.left_out, TEST_FILE))
    print(f"{summary(figures)}\n\n{corpora_table(figures)}")


def predict(run: Run, jobs: int) -> None:
    """Let every network predict the clips that were kept out of its training, if it has not yet."""
    run.begin()
    parts = [part for part in run.evaluated if not (part.folder / TEST_FILE).exists()]
    in_processes(predict_part, [(run, part) for part in parts], jobs, "evaluating")


def predict_part(run: Run, part: Part) -> str:
    """Let one network predict its clips, one at a time."""
    network = Network((part.folder / MODEL_FILE).read_bytes())
    test = [clip for clip in run.clips if part.fold.tests_on(clip)]
    wanted = [(test, PLAIN, TEST_FILE)]
    if part.fold.corpus == RAVDESS:
        validation = [clip for clip in run.clips if part.fold.validates_on(clip)]
        wanted = [(validation, PLAIN, VALIDATION_FILE), (test, ROOM, ROOMS_FILE), *wanted]
    for clips, variant, file in wanted:
        raw = [_probabilities(network, frames) for frames in run.features.of(clips, variant)]
        Predictions.of(clips, part.seed, _number(part), raw).write(part.folder / file)
    return part.title


def predictions(parts: Sequence[Part], file: str) -> Predictions:
    """The predictions of several networks, of one of the files.

    Raises
    ------
    DataError
        One of them was not evaluated.
    """
    missing = [part for part in parts if not (part.folder / file).exists()]
    if missing:
        raise DataError(f"{missing[0].title} was not evaluated; run `emotify-train evaluate`.")
    return Predictions.joined(Predictions.read(part.folder / file) for part in parts)


def _number(part: Part) -> int:
    return FOLDS.index(part.fold) if part.fold in FOLDS else -1


def _probabilities(network: Network, frames: np.ndarray) -> np.ndarray:
    return classify(network, frames) if len(frames) else np.full(len(Emotion), np.nan)


# --- comparison of runs -------------------------------------------------------


def compare(runs: Path) -> str:
    """A table of all evaluated runs in Markdown: their settings and the UAR of their networks.

    Raises
    ------
    DataError
        No run was evaluated.
    """
    folders = [path.parent for path in sorted(runs.glob(f"*/{SETTINGS_FILE}"))]
    folders = [folder for folder in folders if _tables(folder, TEST_FILE)]
    if not folders:
        raise DataError(f"No run below {runs} was evaluated; run `emotify-train evaluate`.")
    recipes = [json.loads((one / SETTINGS_FILE).read_text(encoding="utf-8")) for one in folders]
    uars = [_uars(folder) for folder in folders]
    corpora = sorted({name for each in uars for name in each} - {RAVDESS, ROOMS_FILE})
    head = ("run", "differs in", "networks", "RAVDESS", "in rooms", *corpora, "mean of these")
    rows = [
        (
            folder.name,
            difference or "-",
            str(len(_tables(folder, TEST_FILE))),
            *(figure(each.get(name, np.nan)) for name in (RAVDESS, ROOMS_FILE, *corpora)),
            figure(_mean([each.get(name, np.nan) for name in corpora])),
        )
        for folder, difference, each in zip(folders, _differences(recipes), uars, strict=True)
    ]
    return table(head, rows)


def _tables(folder: Path, file: str) -> list[Path]:
    return sorted(folder.glob(f"*/seed*/{file}"))


def _uars(folder: Path) -> dict[str, float]:
    """The UAR on each corpus, and of the folds in rooms: the mean over the seeds."""
    tables = [Predictions.read(path) for path in _tables(folder, TEST_FILE)]
    uars = {
        corpus: Predictions.joined(one for one in tables if one.corpora[0] == corpus).uar
        for corpus in {str(one.corpora[0]) for one in tables}
    }
    in_rooms = [Predictions.read(path) for path in _tables(folder, ROOMS_FILE)]
    return uars | ({ROOMS_FILE: Predictions.joined(in_rooms).uar} if in_rooms else {})


def _differences(recipes: list[dict[str, object]]) -> list[str]:
    """The settings in which each recipe differs from another one; digests are cut short."""
    names = sorted({name for recipe in recipes for name in recipe} - {"seeds", "folds"})
    varied = [n for n in names if len({str(recipe.get(n)) for recipe in recipes}) > 1]
    return [", ".join(f"{n} {_shown(recipe.get(n, '-'))}" for n in varied) for recipe in recipes]


def _shown(value: object) -> str:
    return value[:_DIGEST_CHARACTERS] if isinstance(value, str) else str(value)


def _mean(values: list[float]) -> float:
    """NaN without a value, or where one is NaN."""
    return float(np.mean(values)) if values else np.nan
