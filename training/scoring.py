"""Scoring: the quantised models hear the clips that were kept from them, as the device would."""

from collections.abc import Sequence

import numpy as np

from device.emotion import EmotionModel
from device.mood import Emotion
from training.corpora import Clip, DataError
from training.folds import of_speakers
from training.heard import heard
from training.predictions import Predictions
from training.processes import in_processes
from training.runs import Part, Run

TEST = "test.csv.gz"
VALIDATION = "validation.csv.gz"


def score(run: Run, clips: Sequence[Clip], jobs: int) -> None:
    """Let the model of every fold hear its test and validation actors, where it has not yet."""
    run.begin(clips)
    parts = [part for part in run.folds if not (part.folder / TEST).exists()]
    in_processes(score_part, [(part, clips) for part in parts], jobs, "scoring")


def score_part(part: Part, clips: Sequence[Clip]) -> str:
    """Let one model hear its clips, one at a time."""
    model = EmotionModel.load(part.folder)
    for actors, file in ((part.fold.validation, VALIDATION), (part.fold.test, TEST)):
        speech = heard(of_speakers(clips, actors))
        rows = [(name, part.seed, part.number, _answer(model, s)) for name, s in speech.items()]
        Predictions.of_rows(rows).write(part.folder / file)
    return part.title


def predictions(run: Run, file: str) -> Predictions:
    """What all models of the run gave for their test or validation actors.

    Raises
    ------
    DataError
        The run was not scored.
    """
    missing = [part for part in run.folds if not (part.folder / file).exists()]
    if missing:
        raise DataError(f"{missing[0].title} was not scored; run `emotify-train evaluate`.")
    return Predictions.joined(Predictions.read(part.folder / file) for part in run.folds)


def _answer(model: EmotionModel, speech: np.ndarray) -> np.ndarray:
    return model.raw(speech) if len(speech) else np.full(len(Emotion), np.nan)
