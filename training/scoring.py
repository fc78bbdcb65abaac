"""Scoring: the quantised networks hear the clips that were kept from them, as the device would.

What the encoder makes of a clip is the same for every network, so it comes from the cache.
"""

from collections.abc import Sequence

import numpy as np

from device.emotion.interpreter import Network
from device.emotion.model import MODEL_FILE, answer
from device.mood import Emotion
from training.corpora import RAVDESS, DataError
from training.encoded import PLAIN, ROOM
from training.folds import FOLDS
from training.predictions import Predictions
from training.processes import in_processes
from training.runs import Part, Run

TEST = "test.csv.gz"
VALIDATION = "validation.csv.gz"
IN_ROOMS = "in_rooms.csv.gz"


def score(run: Run, jobs: int) -> None:
    """Let every network hear the clips that are kept for it, where it has not yet."""
    run.begin()
    parts = [part for part in run.judged if not (part.folder / TEST).exists()]
    in_processes(score_part, [(run, part) for part in parts], jobs, "scoring")


def score_part(run: Run, part: Part) -> str:
    """Let one network hear its clips, one at a time."""
    network = Network((part.folder / MODEL_FILE).read_bytes())
    test = [clip for clip in run.clips if part.fold.tests_on(clip)]
    wanted = [(test, PLAIN, TEST)]
    if part.fold.corpus == RAVDESS:
        validation = [clip for clip in run.clips if part.fold.validates_on(clip)]
        wanted = [(validation, PLAIN, VALIDATION), (test, ROOM, IN_ROOMS), *wanted]
    for chosen, variant, file in wanted:
        given = [_given(network, frames) for frames in run.encodings.of(chosen, variant)]
        Predictions.of(chosen, part.seed, _number(part), given).write(part.folder / file)
    return part.title


def predictions(parts: Sequence[Part], file: str) -> Predictions:
    """What all these networks gave for the clips of a table.

    Raises
    ------
    DataError
        One of them was not scored.
    """
    missing = [part for part in parts if not (part.folder / file).exists()]
    if missing:
        raise DataError(f"{missing[0].title} was not scored; run `emotify-train evaluate`.")
    return Predictions.joined(Predictions.read(part.folder / file) for part in parts)


def _number(part: Part) -> int:
    return FOLDS.index(part.fold) if part.fold in FOLDS else -1


def _given(network: Network, frames: np.ndarray) -> np.ndarray:
    return answer(network, frames) if len(frames) else np.full(len(Emotion), np.nan)
