"""``emotify-train all``: from the recordings to the model and its card."""

import argparse
from pathlib import Path

from training import golden
from training.arguments import add_run
from training.baseline import baseline
from training.evaluate import evaluate
from training.quantise import quantise
from training.report import report
from training.runs import run_of
from training.ship import ship
from training.train import train


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the sub-command to ``emotify-train``."""
    parser = subparsers.add_parser(
        "all",
        help="everything, from the recordings to the model and its card",
        description="Listen, train, quantise, evaluate, and put the model and its card into "
        "models/ (with --quick into the run's folder). What is finished already is kept.",
    )
    add_run(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Do every step in turn.

    Raises
    ------
    DataError
        When the code computes something else than for the shipped model; see
        :mod:`training.golden`.
    """
    shipped = Path("models")
    if (shipped / golden.GOLDEN_FILE).exists():
        golden.check(shipped)
    chosen = run_of(args)
    chosen.fill(args.jobs)
    for step in (baseline, train, quantise, evaluate):
        step(chosen, args.jobs)
    folder = chosen.folder / "models" if args.quick else shipped
    ship(chosen, folder)
    golden.write(folder)
    report(folder)
    print(f"The model and its card are in {folder}")
    return 0
