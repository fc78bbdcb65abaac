"""``emotify-train evaluate``: the figures of a run, from its quantised networks."""

import argparse

from training.arguments import add_run
from training.compare import comparison
from training.figures import Judged
from training.runs import Run, run_of
from training.scoring import IN_ROOMS, TEST, predictions, score
from training.tables import strangers, summary


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the sub-command to ``emotify-train``."""
    parser = subparsers.add_parser(
        "evaluate",
        help="print how good the networks of the folds are",
        description="Let every quantised network hear the speakers that it never heard, one clip "
        "at a time through the device's own code, and print the figures.",
    )
    add_run(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Score what is not scored yet, and print the figures."""
    evaluate(run_of(args), args.jobs)
    return 0


def evaluate(run: Run, jobs: int) -> None:
    """Score what is not scored yet, and print the figures."""
    score(run, jobs)
    if not run.folds:
        print(comparison(run.folder.parent))
        return
    folds, in_rooms = (predictions(run.folds, file) for file in (TEST, IN_ROOMS))
    judged = Judged.of(folds, in_rooms, predictions(run.strangers, TEST))
    print(f"{summary(judged)}\n\n{strangers(judged)}")
