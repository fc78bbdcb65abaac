"""``emotify-train encoder``: Whisper's encoder as the TFLite file that the device runs."""

import argparse
from pathlib import Path

from device.emotion.encoder import ENCODER_FILE
from training.processes import in_processes

QUANTISATIONS = ("float", "float16", "dynamic", "int8")

TAPS = (2, 3, 4)
"""Blocks after which the representation is taken: together they tell the emotions best."""

TOKENS = 4
"""Of 20 ms, in one frame of the representation."""


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the sub-command to ``emotify-train``."""
    parser = subparsers.add_parser(
        "encoder",
        help="convert the encoder that the network hears through",
        description="Turn the first blocks of Whisper's encoder into a TFLite file.",
    )
    parser.add_argument(
        "--weights",
        type=Path,
        default=Path("../shared/data/whisper-base/model.safetensors"),
        metavar="FILE",
        help="safetensors file with Hugging Face's names, such as that of openai/whisper-base "
        "(default: %(default)s)",
    )
    parser.add_argument(
        "--taps",
        type=int,
        nargs="+",
        default=TAPS,
        metavar="BLOCK",
        help="blocks after which the representation is taken (default: 2 3 4)",
    )
    parser.add_argument(
        "--quantisation",
        choices=QUANTISATIONS,
        default="dynamic",
        help="how the weights are stored and computed with (default: %(default)s)",
    )
    parser.add_argument(
        "--calibration",
        type=Path,
        metavar="FILE",
        help=".npy of log-mel spectrograms [shape=(n, frames, 80)]: int8 takes the ranges of "
        "values from them",
    )
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("models") / ENCODER_FILE,
        metavar="FILE",
        help="what to write (default: %(default)s)",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Convert it, in a process of its own."""
    pieces = [(args.weights, tuple(args.taps), args.quantisation, args.output, args.calibration)]
    in_processes(_convert, pieces, jobs=1, what="converting")
    print(f"{args.output}: {args.output.stat().st_size / 1e6:.1f} MB")
    return 0


def _convert(
    weights: Path,
    taps: tuple[int, ...],
    quantisation: str,
    output: Path,
    calibration: Path | None,
) -> str:
    import numpy as np

    from training.conversion import encoder_to_tflite
    from training.whisper import Encoder, Weights

    encoder = Encoder(Weights.read(weights), taps, TOKENS)
    examples = np.load(calibration) if calibration else np.empty((0, 0, 0), np.float32)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(encoder_to_tflite(encoder, quantisation, examples))
    return f"{output.name}, {quantisation}"
