"""``emotify-train train``: the networks of a run, one for each fold and one for the device.

A network that is finished is not trained again; one that was killed begins again.
"""

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.arguments import add_run
from training.encoded import variants
from training.processes import in_processes
from training.projection import Projection
from training.runs import Part, Run, run_of

if TYPE_CHECKING:
    from training.fitting import Sentence

WEIGHTS = "weights.h5"
PROJECTION = "projection.npz"
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
    parts = [part for part in run.parts if not (part.folder / WEIGHTS).exists()]
    minutes = MINUTES_A_NETWORK * -(-len(parts) // jobs)
    print(f"training: {len(parts)} networks, about {minutes} minutes in all", flush=True)
    in_processes(train_part, [(run, part) for part in parts], jobs, "training")


def train_part(run: Run, part: Part) -> str:
    """Train one network on the clips in which the device hears speech.

    Parameters
    ----------
    run : Run
        Those of its clips that are kept out are not looked at.
    part : Part
        Its folder receives the weights, the projection and the history.
    """
    from training.fitting import fit

    began = time.monotonic()
    projection, sentences = _material(run, part)
    part.folder.mkdir(parents=True, exist_ok=True)
    with (part.folder / HISTORY).open("w", encoding="utf-8") as history:
        print("epoch,loss,seconds", file=history, flush=True)

        def note(epoch: int, told: dict[str, float]) -> None:
            seconds = time.monotonic() - began
            print(f"{epoch + 1},{told['loss']:.4f},{seconds:.0f}", file=history, flush=True)

        model = fit(sentences, run.settings, part.seed, note)
    projection.write(part.folder / PROJECTION)
    _save_whole(model, part.folder / WEIGHTS)
    return f"{part.title}, {time.monotonic() - began:.0f} s"


def _material(run: Run, part: Part) -> tuple[Projection, list["Sentence"]]:
    """The projection that suits the training clips, and these clips, projected."""
    from training.fitting import Sentence

    encodings, settings = run.encodings, run.settings
    heard = {}
    for name, clips in run.found.items():
        own = [clip for clip in clips if part.fold.trains_on(clip)]
        frames = encodings.of(own)
        heard[name] = [(clip, one) for clip, one in zip(own, frames, strict=True) if len(one)]
    heard = {name: pairs for name, pairs in heard.items() if pairs}
    plain = [[frames for _, frames in pairs] for pairs in heard.values()]
    projection = Projection.of(plain, settings.components)
    del plain
    sentences = []
    for name, pairs in heard.items():
        own = [clip for clip, _ in pairs]
        each = [[projection(frames)] for _, frames in pairs]
        for variant in variants(run.found[name], settings.variants):
            for versions, other in zip(each, encodings.of(own, variant), strict=True):
                versions.append(projection(other))
        sentences += [
            Sentence(clip.corpus, clip.emotion, clip.heard_as, versions)
            for clip, versions in zip(own, each, strict=True)
        ]
    return projection, sentences


def _save_whole(model: Any, path: Path) -> None:
    """Save the weights of a Keras model as a whole, or not at all."""
    unfinished = path.with_name(f"part-{path.name}")
    model.save_weights(unfinished)
    unfinished.replace(path)
