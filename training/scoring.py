"""Scoring: the quantised networks hear the clips that were kept from them, as the device would.

What the encoder makes of a clip is the same for every network, so it comes from the cache.
"""

from collections.abc import Sequence

import numpy as np

from device.emotion import MODEL_FILE, answer
from device.interpreter import Network
from device.mood import Emotion
from training.corpora import RAVDESS, Clip, DataError
from training.encoded import PLAIN, ROOM, Encodings
from training.folds import FOLDS
from training.predictions import Predictions
from training.processes import in_processes
from training.runs import Part, Run

TEST = "test.csv.gz"
VALIDATION = "validation.csv.gz"
IN_ROOMS = "in_rooms.csv.gz"


def score(run: Run, found: dict[str, list[Clip]], encodings: Encodings, jobs: int) -> None:
    """Let every network hear the clips that are kept for it, where it has not yet."""
    run.begin(found, encodings)
    parts = [*run.folds, *run.strangers(found)]
    parts = [part for part in parts if not (part.folder / TEST).exists()]
    in_processes(score_part, [(part, found, encodings) for part in parts], jobs, "scoring")


def score_part(part: Part, found: dict[str, list[Clip]], encodings: Encodings) -> str:
    """Let one network hear its clips, one at a time."""
    network = Network((part.folder / MODEL_FILE).read_bytes())
    clips = found[part.fold.corpus or RAVDESS]
    test = [clip for clip in clips if part.fold.tests_on(clip)]
    validation = [clip for clip in clips if part.fold.validates_on(clip)]
    wanted = [(validation, PLAIN, VALIDATION), (test, ROOM, IN_ROOMS)] if validation else []
    for chosen, variant, file in (*wanted, (test, PLAIN, TEST)):
        given = [_given(network, frames) for frames in encodings.of(chosen, variant)]
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
