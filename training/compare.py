"""``emotify-train compare``: what was tried, and how good it was, from the records of all runs."""

import argparse
import json
from pathlib import Path

import numpy as np

from training import metrics
from training.corpora import RAVDESS, DataError
from training.predictions import Predictions, told_apart
from training.runs import RUNS, SETTINGS
from training.scoring import IN_ROOMS, TEST
from training.tables import figure, table

_DIGEST_CHARACTERS = 4


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the sub-command to ``emotify-train``."""
    parser = subparsers.add_parser(
        "compare",
        help="print what the runs differ in and how good their networks are",
        description="Print a row for each run below runs/ that was evaluated: in which settings "
        "it differs from the others, and the UAR of its networks without temperature and prior, "
        "on RAVDESS's folds, on the same in rooms, and on each corpus left out.",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the table."""
    print(comparison(RUNS))
    return 0


def comparison(runs: Path) -> str:
    """The table, in Markdown.

    Raises
    ------
    DataError
        No run has records.
    """
    folders = [path.parent for path in sorted(runs.glob(f"*/{SETTINGS}"))]
    folders = [folder for folder in folders if _records(folder, TEST)]
    if not folders:
        raise DataError(f"No run below {runs} was evaluated; run `emotify-train evaluate`.")
    recipes = [json.loads((one / SETTINGS).read_text(encoding="utf-8")) for one in folders]
    uars = [_uars(folder) for folder in folders]
    corpora = sorted({name for each in uars for name in each} - {RAVDESS, IN_ROOMS})
    head = ("run", "differs in", "networks", "RAVDESS", "in rooms", *corpora, "mean of these")
    rows = [
        (
            folder.name,
            difference or "-",
            str(len(_records(folder, TEST))),
            *(figure(each.get(name, np.nan)) for name in (RAVDESS, IN_ROOMS, *corpora)),
            figure(_mean([each.get(name, np.nan) for name in corpora])),
        )
        for folder, difference, each in zip(folders, _differences(recipes), uars, strict=True)
    ]
    return table(head, rows)


def _records(folder: Path, file: str) -> list[Path]:
    return sorted(folder.glob(f"*/seed*/{file}"))


def _uars(folder: Path) -> dict[str, float]:
    """The UAR on each corpus, and of the folds in rooms: the mean over the seeds."""
    tables = [Predictions.read(path) for path in _records(folder, TEST)]
    uars = {
        corpus: _uar([one for one in tables if one.corpora[0] == corpus])
        for corpus in {str(one.corpora[0]) for one in tables}
    }
    in_rooms = [Predictions.read(path) for path in _records(folder, IN_ROOMS)]
    return uars | ({IN_ROOMS: _uar(in_rooms)} if in_rooms else {})


def _uar(tables: list[Predictions]) -> float:
    whole = Predictions.joined(tables)
    emotions, answers = (told_apart(whole.corpora, n) for n in (whole.emotions, whole.answers))
    by_seed = [whole.seeds == seed for seed in np.unique(whole.seeds)]
    return _mean([metrics.uar(emotions[rows], answers[rows]) for rows in by_seed])


def _differences(recipes: list[dict[str, object]]) -> list[str]:
    """Of each recipe what it has otherwise than another one; of digests the beginning."""
    names = sorted({name for recipe in recipes for name in recipe} - {"seeds", "folds"})
    varied = [n for n in names if len({str(recipe.get(n)) for recipe in recipes}) > 1]
    return [", ".join(f"{n} {_shown(recipe.get(n, '-'))}" for n in varied) for recipe in recipes]


def _shown(value: object) -> str:
    return value[:_DIGEST_CHARACTERS] if isinstance(value, str) else str(value)


def _mean(values: list[float]) -> float:
    """NaN without a value, or where one is NaN."""
    return float(np.mean(values)) if values else np.nan
