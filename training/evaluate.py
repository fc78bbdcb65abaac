"""``emotify-train evaluate``: the figures of a run, from its quantised networks."""

import argparse

from training.arguments import add_data, add_encoder, add_jobs, add_run
from training.corpora import corpora
from training.encoded import Encodings
from training.figures import Judged
from training.runs import clips_of, run_of
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
    add_data(parser)
    add_encoder(parser)
    add_jobs(parser)
    add_run(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Score what is not scored yet, and print the figures."""
    found = clips_of(corpora(args.data), args.quick)
    chosen = run_of(args)
    score(chosen, found, Encodings(args.encoder, args.data), args.jobs)
    folds, in_rooms = (predictions(chosen.folds, file) for file in (TEST, IN_ROOMS))
    others = predictions(chosen.strangers(found), TEST)
    judged = Judged.of(folds, in_rooms, others)
    print(f"{summary(judged)}\n\n{strangers(judged)}")
    return 0
