"""``emotify-train train``: the networks of a run, one for each fold and one for the device.

A network that is finished is not trained again; one that was killed begins again.
"""

import argparse
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from training.arguments import add_run
from training.corpora import Clip
from training.encoded import PLAIN, variants
from training.linear import Linear, importance, statistics
from training.predictions import number
from training.processes import in_processes
from training.projection import Projection
from training.runs import Part, Run, run_of

WEIGHTS = "weights.h5"
PROJECTION = "projection.npz"
LINEAR = "linear.npz"
HISTORY = "history.csv"

MINUTES_A_NETWORK = 6
"""With a process on each of two threads of one core; 5 on a core of its own."""


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the sub-command to ``emotify-train``."""
    parser = subparsers.add_parser(
        "train",
        help="train a network for each fold and each corpus left out, and one on everybody",
        description="Train a network for each of RAVDESS's five speaker-independent folds, one "
        "without each of the other corpora, and the one that ships on all recordings. Finished "
        "networks are kept, so it can be stopped at any time.",
    )
    add_run(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Train what is not trained yet."""
    chosen = run_of(args)
    chosen.fill(args.jobs)
    train(chosen, args.jobs)
    return 0


def train(run: Run, jobs: int) -> None:
    """Train the networks of a run that are not trained yet."""
    run.begin()
    firsts = [part for part in run.parts if part.seed == 0]
    pieces = [(run, part) for part in firsts if not (part.shared / LINEAR).exists()]
    in_processes(prepare_part, pieces, jobs, "linear path")
    parts = [part for part in run.parts if not (part.folder / WEIGHTS).exists()]
    minutes = MINUTES_A_NETWORK * -(-len(parts) // jobs)
    print(f"training: {len(parts)} networks, about {minutes} minutes in all", flush=True)
    in_processes(train_part, [(run, part) for part in parts], jobs, "training")


def prepare_part(run: Run, part: Part) -> str:
    """Fit what the networks of all seeds share: the projection, and the linear path beside it.

    Parameters
    ----------
    run : Run
        Those of its clips that are kept out are not looked at.
    part : Part
    """
    began = time.monotonic()
    plain = [run.encodings.of(own) for own in _heard(run, part).values()]
    projection = Projection.of(plain, run.settings.components)
    del plain
    rows, clips_of_rows = [], []
    for clips, frames in _versions(run, part):
        rows += [statistics(projection.standardised(one)) for one in frames]
        clips_of_rows += clips
    corpora = [clip.corpus for clip in clips_of_rows]
    emotions = [number(clip.emotion) for clip in clips_of_rows]
    weights = importance(corpora, emotions, run.settings)
    linear = Linear.fit(np.array(rows), emotions, weights, run.settings.linear_strength)
    part.shared.mkdir(parents=True, exist_ok=True)
    projection.write(part.shared / PROJECTION)
    linear.write(part.shared / LINEAR)
    return f"{part.fold.name}, {time.monotonic() - began:.0f} s"


def train_part(run: Run, part: Part) -> str:
    """Train one network on the clips in which the device hears speech.

    Parameters
    ----------
    run : Run
        Those of its clips that are kept out are not looked at.
    part : Part
        Its folder receives the weights and the history.
    """
    from training.fitting import Sentence, fit

    began = time.monotonic()
    projection = Projection.read(part.shared / PROJECTION)
    versions = defaultdict(list)
    for clips, frames in _versions(run, part):
        for clip, one in zip(clips, frames, strict=True):
            versions[clip].append(projection(projection.standardised(one)))
    sentences = [
        Sentence(clip.corpus, clip.emotion, clip.heard_as, each) for clip, each in versions.items()
    ]
    part.folder.mkdir(parents=True, exist_ok=True)
    with (part.folder / HISTORY).open("w", encoding="utf-8") as history:
        print("epoch,loss,seconds", file=history, flush=True)

        def note(epoch: int, told: dict[str, float]) -> None:
            seconds = time.monotonic() - began
            print(f"{epoch + 1},{told['loss']:.4f},{seconds:.0f}", file=history, flush=True)

        model = fit(sentences, run.settings, part.seed, note)
    _save_whole(model, part.folder / WEIGHTS)
    return f"{part.title}, {time.monotonic() - began:.0f} s"


def _heard(run: Run, part: Part) -> dict[str, list[Clip]]:
    """The clips of every corpus that are trained on and in which there is speech."""
    heard = {}
    for name, clips in run.found.items():
        own = [clip for clip in clips if part.fold.trains_on(clip)]
        frames = run.encodings.of(own)
        own = [clip for clip, one in zip(own, frames, strict=True) if len(one)]
        if own:
            heard[name] = own
    return heard


def _versions(run: Run, part: Part) -> Iterator[tuple[list[Clip], list[np.ndarray]]]:
    """The same clips, corpus by corpus, as they are and then in each of their variants, with their
    frames."""
    for name, clips in _heard(run, part).items():
        for variant in (PLAIN, *variants(run.found[name], run.settings.variants)):
            yield clips, run.encodings.of(clips, variant)


def _save_whole(model: Any, path: Path) -> None:
    """Save the weights of a Keras model as a whole, or not at all."""
    unfinished = path.with_name(f"part-{path.name}")
    model.save_weights(unfinished)
    unfinished.replace(path)
