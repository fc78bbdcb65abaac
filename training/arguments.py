"""Arguments that several sub-commands share."""

import argparse
import os
from dataclasses import asdict
from pathlib import Path

from device.emotion.encoder import ENCODER_FILE
from training.settings import Settings


def add_data(parser: argparse.ArgumentParser) -> None:
    """``--data``."""
    parser.add_argument(
        "--data",
        type=Path,
        default=Path(os.environ.get("EMOTIFY_DATA", "../shared/data")),
        metavar="DIR",
        help="folder of the recordings, with ravdess/ in it "
        "(default: $EMOTIFY_DATA, or ../shared/data)",
    )


def add_encoder(parser: argparse.ArgumentParser) -> None:
    """``--encoder``."""
    parser.add_argument(
        "--encoder",
        type=Path,
        default=Path("models") / ENCODER_FILE,
        metavar="FILE",
        help="the encoder that the network hears through (default: %(default)s)",
    )


def add_jobs(parser: argparse.ArgumentParser) -> None:
    """``--jobs``."""
    parser.add_argument(
        "--jobs",
        type=int,
        default=os.cpu_count() or 1,
        metavar="N",
        help="processes at once, of one thread each (default: one for each core)",
    )


def add_run(parser: argparse.ArgumentParser) -> None:
    """All of a run: ``--data``, ``--encoder``, ``--jobs``, and ``--name``, ``--seeds``,
    ``--set`` and ``--quick``: which run, and by which recipe."""
    add_data(parser)
    add_encoder(parser)
    add_jobs(parser)
    parser.add_argument(
        "--name",
        default=None,
        metavar="NAME",
        help="the run's results are in runs/NAME (default: first, or quick with --quick)",
    )
    parser.add_argument(
        "--seeds",
        type=int,
        default=1,
        metavar="N",
        help="train each fold so many times (default: 1)",
    )
    parser.add_argument(
        "--set",
        type=_setting,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="another recipe; `folds=0` trains only the networks that a whole corpus is kept "
        "from, by which a recipe is chosen",
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="a tiny network on a handful of clips: tries the chain, teaches nothing",
    )


def _setting(text: str) -> tuple[str, int | float | str]:
    name, _, value = text.partition("=")
    known = asdict(Settings())
    if name not in known:
        raise argparse.ArgumentTypeError(f"{name} is none of {', '.join(known)}")
    kind = type(known[name])
    try:
        return name, kind(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{name} is no {kind.__name__}: {value!r}") from error
