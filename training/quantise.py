"""``emotify-train quantise``: every trained network of a run as a TFLite file."""

import argparse

from device.emotion.model import MODEL_FILE
from training.arguments import add_run
from training.corpora import DataError
from training.linear import Linear
from training.processes import in_processes
from training.projection import Projection
from training.runs import Part, Run, run_of
from training.settings import Settings
from training.train import LINEAR, PROJECTION, WEIGHTS


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the sub-command to ``emotify-train``."""
    parser = subparsers.add_parser(
        "quantise",
        help="turn the trained networks into small TFLite models",
        description="Turn every trained network of a run into an emotion.tflite.",
    )
    add_run(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Quantise what is not quantised yet."""
    quantise(run_of(args), args.jobs)
    return 0


def quantise(run: Run, jobs: int) -> None:
    """Quantise the networks of a run that are not quantised yet.

    Raises
    ------
    DataError
        A network is not trained.
    """
    for part in run.parts:
        if not (part.folder / WEIGHTS).exists():
            raise DataError(f"{part.folder} holds no network; run `emotify-train train` first.")
    run.begin()
    missing = [part for part in run.parts if not (part.folder / MODEL_FILE).exists()]
    in_processes(quantise_part, [(part, run.settings) for part in missing], jobs, "quantising")


def quantise_part(part: Part, settings: Settings) -> str:
    """Quantise one network, with its projection before it and its linear path beside it."""
    from training.conversion import head_to_tflite
    from training.network import build_model

    projection = Projection.read(part.shared / PROJECTION)
    linear = Linear.read(part.shared / LINEAR)
    sizes = projection.components.shape[1], len(linear.mean)
    model = build_model(*sizes, settings, padded=False)
    model.load_weights(part.folder / WEIGHTS)
    content = head_to_tflite(model, projection, linear, settings.quantisation)
    (part.folder / MODEL_FILE).write_bytes(content)
    return f"{part.title}, {len(content) / 1024:.0f} KiB"
