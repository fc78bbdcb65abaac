"""``emotify-train report``: the card of the model, from the files beside it."""

import argparse
from pathlib import Path

from device.emotion.model import EmotionModel
from training.card import card
from training.latency import latency_ms
from training.ship import RECIPE_FILE, Recipe, judged

CARD_FILE = "MODEL_CARD.md"


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the sub-command to ``emotify-train``."""
    parser = subparsers.add_parser(
        "report",
        help="write the model's card",
        description="Write MODEL_CARD.md and its pictures. Every figure is computed from the "
        "tables of predictions beside the model; no recordings are needed.",
    )
    parser.add_argument(
        "--models",
        type=Path,
        default=Path("models"),
        metavar="DIR",
        help="folder of the model (default: %(default)s)",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the card."""
    report(args.models)
    print(f"{args.models / CARD_FILE} is written")
    return 0


def report(folder: Path) -> None:
    """Write the card of the model in a folder, and its pictures.

    Raises
    ------
    DataError, ModelError
        A file that belongs to the model is missing or damaged.
    """
    from training.pictures import draw

    recipe, figures = Recipe.read(folder / RECIPE_FILE), judged(folder)
    model = EmotionModel.load(folder)
    draw(figures, folder)
    text = card(figures, recipe, model, latency_ms(model))
    (folder / CARD_FILE).write_text(text, encoding="utf-8")
