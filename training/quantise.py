"""``emotify-train quantise``: every trained network of a run as the device's two files."""

import argparse
import hashlib
import json
from collections.abc import Sequence

import numpy as np

from device.emotion import DESCRIPTION_FILE, MODEL_FILE, Description
from device.features import FrontEnd
from training.arguments import add_data, add_jobs, add_run
from training.corpora import Clip, DataError, ravdess
from training.folds import of_speakers
from training.heard import fill, heard
from training.processes import in_processes
from training.runs import Part, Run, clips_of, run_of
from training.settings import Settings
from training.train import FRONT_END, WEIGHTS

CALIBRATION_CLIPS = 200


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the sub-command to ``emotify-train``."""
    parser = subparsers.add_parser(
        "quantise",
        help="turn the trained networks into small TFLite models",
        description="Turn every trained network of a run into emotion.tflite and emotion.json.",
    )
    add_data(parser)
    add_jobs(parser)
    add_run(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Quantise what is not quantised yet."""
    clips = clips_of(ravdess(args.data), args.quick)
    fill(clips, args.jobs)
    quantise(run_of(args), clips, args.jobs)
    return 0


def quantise(run: Run, clips: Sequence[Clip], jobs: int) -> None:
    """Quantise the networks of a run that are not quantised yet.

    Raises
    ------
    DataError
        A network is not trained.
    """
    parts = [*run.folds, run.shipped]
    for part in parts:
        if not (part.folder / WEIGHTS).exists():
            raise DataError(f"{part.folder} holds no network; run `emotify-train train` first.")
    run.begin(clips)
    missing = [part for part in parts if not (part.folder / DESCRIPTION_FILE).exists()]
    pieces = [(part, of_speakers(clips, part.fold.train), run.settings) for part in missing]
    in_processes(quantise_part, pieces, jobs, "quantising")


def quantise_part(part: Part, clips: Sequence[Clip], settings: Settings) -> str:
    """Quantise one network; its temperature is still one.

    Parameters
    ----------
    part : Part
    clips : sequence of Clip
        Of the fold's training actors: some of them show what values occur.
    settings : Settings
    """
    from training.conversion import to_tflite
    from training.network import build_model

    front_end = FrontEnd.from_json(json.loads((part.folder / FRONT_END).read_text("utf-8")))
    model = build_model(front_end, settings.width, settings.dropout)
    model.load_weights(part.folder / WEIGHTS)
    some = clips[:: -(-len(clips) // CALIBRATION_CLIPS)]
    windows = [front_end.features(speech) for speech in heard(some).values() if len(speech)]
    content = to_tflite(model, settings.quantisation, np.concatenate(windows))
    (part.folder / MODEL_FILE).write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    description = Description(front_end, 1.0, 0.0, settings.quantisation, sha256)
    (part.folder / DESCRIPTION_FILE).write_text(description.text(), encoding="utf-8")
    return f"{part.title}, {len(content) / 1024:.0f} KiB"
