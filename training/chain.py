"""``emotify-train all``: from the recordings to the model and its card."""

import argparse
from pathlib import Path

from training import baseline, evaluate, golden, quantise, train
from training.arguments import add_data, add_encoder, add_jobs, add_run
from training.corpora import corpora
from training.encoded import Encodings
from training.report import report
from training.runs import clips_of, run_of
from training.ship import ship


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the sub-command to ``emotify-train``."""
    parser = subparsers.add_parser(
        "all",
        help="everything, from the recordings to the model and its card",
        description="Listen, train, quantise, evaluate, and put the model and its card into "
        "models/ (with --quick into the run's folder). What is finished already is kept.",
    )
    add_data(parser)
    add_encoder(parser)
    add_jobs(parser)
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
    for step in (baseline, train, quantise, evaluate):
        step.run(args)
    chosen, found = run_of(args), clips_of(corpora(args.data), args.quick)
    folder = chosen.folder / "models" if args.quick else shipped
    ship(chosen, found, Encodings(args.encoder, args.data), folder)
    golden.write(folder)
    report(folder)
    print(f"The model and its card are in {folder}")
    return 0
