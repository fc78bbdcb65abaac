"""``emotify-train train``: the networks of a run, one for each fold and one for the device.

A network that is finished is not trained again; one that was killed begins again.
"""

import argparse
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from training.arguments import add_run
from training.corpora import Clip
from training.encoded import PLAIN, variants
from training.linear import Linear, importance, statistics
from training.predictions import number
from training.processes import in_processes
from training.projection import Projection
from training.runs import Part, Run, run_of
from training.settings import Settings

if TYPE_CHECKING:
    from training.fitting import Sentence

WEIGHTS = "weights.h5"
PROJECTION = "projection.npz"
LINEAR = "linear.npz"
HISTORY = "history.csv"

MINUTES_A_FOLD = 2
"""For what its networks share, with a process on each of two threads of one core."""

MINUTES_A_NETWORK = 2
"""For each of them."""


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
    missing: dict[str, list[Part]] = defaultdict(list)
    for part in run.parts:
        if not (part.folder / WEIGHTS).exists():
            missing[part.fold.name].append(part)
    count = sum(map(len, missing.values()))
    minutes = MINUTES_A_FOLD * -(-len(missing) // jobs) + MINUTES_A_NETWORK * -(-count // jobs)
    print(f"training: {count} networks, about {minutes} minutes in all", flush=True)
    in_processes(train_parts, [(run, parts) for parts in missing.values()], jobs, "training")


def train_parts(run: Run, parts: Sequence[Part]) -> str:
    """Train networks of one fold on the clips in which the device hears speech.

    Parameters
    ----------
    run : Run
        Those of its clips that are kept out are not looked at.
    parts : sequence of Part
        Of one fold. The folder that they share receives the projection and the linear path.
    """
    began = time.monotonic()
    sentences = _sentences(run, parts[0])
    for part in parts:
        train_part(part, sentences, run.settings)
    seeds = ", ".join(str(part.seed) for part in parts)
    return f"{parts[0].fold.name}, seeds {seeds}, {time.monotonic() - began:.0f} s"


def train_part(part: Part, sentences: Sequence["Sentence"], settings: Settings) -> None:
    """Train one network; its folder receives the weights and the history."""
    from training.fitting import fit

    began = time.monotonic()
    part.folder.mkdir(parents=True, exist_ok=True)
    with (part.folder / HISTORY).open("w", encoding="utf-8") as history:
        print("epoch,loss,seconds", file=history, flush=True)

        def note(epoch: int, told: dict[str, float]) -> None:
            seconds = time.monotonic() - began
            print(f"{epoch + 1},{told['loss']:.4f},{seconds:.0f}", file=history, flush=True)

        model = fit(sentences, settings, part.seed, note)
    _save_whole(model, part.folder / WEIGHTS)


def _sentences(run: Run, part: Part) -> list["Sentence"]:
    """What the networks of a fold learn from; where there is none yet, the projection and the
    linear path are fitted as well."""
    from training.fitting import Sentence

    heard = _heard(run, part)
    part.shared.mkdir(parents=True, exist_ok=True)
    fitted = (part.shared / LINEAR).exists()
    if not fitted:
        plain = [run.encodings.of(own) for own in heard.values()]
        Projection.of(plain, run.settings.components).write(part.shared / PROJECTION)
        del plain
    projection = Projection.read(part.shared / PROJECTION)
    frames_of, rows, whole = [], [], []
    for clips, frames in _versions(run, heard):
        for one in frames:
            standardised = projection.standardised(one)
            frames_of.append(projection(standardised))
            rows.append(statistics(standardised))
        whole += clips
    if not fitted:
        emotions = [number(clip.emotion) for clip in whole]
        weights = importance([clip.corpus for clip in whole], emotions, run.settings)
        linear = Linear.fit(np.array(rows), emotions, weights, run.settings.linear_strength)
        linear.write(part.shared / LINEAR)
    linear = Linear.read(part.shared / LINEAR)
    sentences: dict[Clip, Sentence] = {}
    for clip, projected, row in zip(whole, frames_of, rows, strict=True):
        empty = Sentence(clip.corpus, clip.emotion, clip.heard_as, [], [])
        sentence = sentences.setdefault(clip, empty)
        sentence.variants.append(projected)
        sentence.statistics.append(linear.standardised(row).astype(np.float16))
    return list(sentences.values())


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


def _versions(
    run: Run, heard: dict[str, list[Clip]]
) -> Iterator[tuple[list[Clip], list[np.ndarray]]]:
    """The clips of each corpus, as they are and then in each of their variants, with the frames."""
    for name, clips in heard.items():
        for variant in (PLAIN, *variants(run.found[name], run.settings.variants)):
            yield clips, run.encodings.of(clips, variant)


def _save_whole(model: Any, path: Path) -> None:
    """Save the weights of a Keras model as a whole, or not at all."""
    unfinished = path.with_name(f"part-{path.name}")
    model.save_weights(unfinished)
    unfinished.replace(path)
