"""``emotify-train train``: the networks of a run, one for each fold and one for the device.

A network that is finished is not trained again; one that was killed begins again.
"""

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training.arguments import add_data, add_jobs, add_run
from training.corpora import Clip, ravdess
from training.folds import of_speakers
from training.heard import fill, heard
from training.processes import in_processes
from training.runs import Part, Run, clips_of, run_of
from training.settings import Settings

WEIGHTS = "weights.h5"
FRONT_END = "front_end.json"
HISTORY = "history.csv"


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the sub-command to ``emotify-train``."""
    parser = subparsers.add_parser(
        "train",
        help="train a network for each fold, and one on all actors",
        description="Train a network for each of the five speaker-independent folds, and the one "
        "that ships on all actors. Finished networks are kept, so it can be stopped at any time.",
    )
    add_data(parser)
    add_jobs(parser)
    add_run(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Train what is not trained yet."""
    clips = clips_of(ravdess(args.data), args.quick)
    fill(clips, args.jobs)
    train(run_of(args), clips, args.jobs)
    return 0


def train(run: Run, clips: Sequence[Clip], jobs: int) -> None:
    """Train the networks of a run that are not trained yet."""
    run.begin(clips)
    parts = [part for part in (*run.folds, run.shipped) if not (part.folder / WEIGHTS).exists()]
    pieces = [(part, of_speakers(clips, part.fold.train), run.settings) for part in parts]
    in_processes(train_part, pieces, jobs, "training")


def train_part(part: Part, clips: Sequence[Clip], settings: Settings) -> str:
    """Train one network on the clips in which the device hears speech.

    Parameters
    ----------
    part : Part
        Its folder receives the weights, the front end and the history.
    clips : sequence of Clip
        Of the fold's training actors.
    settings : Settings
    """
    from training.fitting import fit, normalised

    began = time.monotonic()
    speech = heard(clips)
    clips = [clip for clip in clips if len(speech[clip.name])]
    log_mels = [settings.front_end.log_mel(speech[clip.name]) for clip in clips]
    front_end = normalised(settings.front_end, log_mels)
    part.folder.mkdir(parents=True, exist_ok=True)
    with (part.folder / HISTORY).open("w", encoding="utf-8") as history:
        print("epoch,loss,seconds", file=history, flush=True)

        def note(epoch: int, told: dict[str, float]) -> None:
            seconds = time.monotonic() - began
            print(f"{epoch + 1},{told['loss']:.4f},{seconds:.0f}", file=history, flush=True)

        emotions = [clip.emotion for clip in clips]
        model = fit(front_end, log_mels, emotions, settings, part.seed, note)
    (part.folder / FRONT_END).write_text(json.dumps(front_end.to_json()), encoding="utf-8")
    _save_whole(model, part.folder / WEIGHTS)
    return f"{part.title}, {time.monotonic() - began:.0f} s"


def _save_whole(model: Any, path: Path) -> None:
    """Save the weights of a Keras model as a whole, or not at all."""
    unfinished = path.with_name(f"part-{path.name}")
    model.save_weights(unfinished)
    unfinished.replace(path)
