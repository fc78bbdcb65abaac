"""``emotify-train evaluate``: the figures of a run, from its quantised models."""

import argparse

from training.arguments import add_data, add_jobs, add_run
from training.calibration import best_temperature, threshold_for
from training.corpora import ravdess
from training.figures import Calibration, Figures
from training.heard import fill
from training.predictions import Predictions
from training.runs import Run, clips_of, run_of
from training.scoring import TEST, VALIDATION, predictions, score
from training.tables import summary


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the sub-command to ``emotify-train``."""
    parser = subparsers.add_parser(
        "evaluate",
        help="print how good the models of the folds are",
        description="Let every quantised model hear the actors that it never heard, one clip at a "
        "time through the device's own code, and print the figures.",
    )
    add_data(parser)
    add_jobs(parser)
    add_run(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Score what is not scored yet, and print the figures."""
    clips = clips_of(ravdess(args.data), args.quick)
    fill(clips, args.jobs)
    chosen = run_of(args)
    score(chosen, clips, args.jobs)
    print(summary(Figures.of(predictions(chosen, TEST), calibrations(chosen))))
    return 0


def calibrations(run: Run) -> list[Calibration]:
    """The temperature and the threshold of each fold's model, by its own validation actors."""
    table = predictions(run, VALIDATION)
    decided = []
    for part in run.folds:
        own = (table.seeds == part.seed) & (table.folds == part.number)
        decided.append(Calibration(part.seed, part.number, *decide(table.where(own))))
    return decided


def decide(validation: Predictions) -> tuple[float, float]:
    """The temperature and the threshold that suit the clips that were heard."""
    validation = validation.where(validation.heard)
    temperature = best_temperature(validation.probabilities, validation.emotions)
    return temperature, threshold_for(validation.probabilities, temperature)
