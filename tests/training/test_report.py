"""The card, from the files beside the model alone."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from device.emotion import DESCRIPTION_FILE, MODEL_FILE
from training.cli import main
from training.figures import Calibration, Figures
from training.predictions import Predictions
from training.report import CARD_FILE, report
from training.ship import OUT_OF_FOLD_FILE, RECIPE_FILE, Recipe
from training.tables import by_actor, by_emotion, summary

MODELS = Path(__file__).parents[2] / "models"
CALIBRATIONS = [Calibration(0, fold, 1.2, 0.5) for fold in range(5)]
PICTURES = ("confusion.png", "actors.png", "coverage.png", "reliability.png")


@pytest.fixture
def folder(tmp_path, table):
    for name in (MODEL_FILE, DESCRIPTION_FILE):
        shutil.copy(MODELS / name, tmp_path)
    table.write(tmp_path / OUT_OF_FOLD_FILE)
    Recipe({"epochs": 3}, 12.5, CALIBRATIONS).write(tmp_path / RECIPE_FILE)
    return tmp_path


def test_the_card_holds_the_figures_of_the_table(folder):
    report(folder)

    figures = Figures.of(Predictions.read(folder / OUT_OF_FOLD_FILE), CALIBRATIONS)
    card = (folder / CARD_FILE).read_text(encoding="utf-8")
    assert summary(figures) in card
    assert f"**{figures.uar:.3f}**" in card
    assert "1 of 384" in card


def test_the_pictures_are_drawn_and_small(folder):
    report(folder)

    for name in PICTURES:
        assert 1_000 < (folder / name).stat().st_size < 150_000


@pytest.mark.parametrize("name", [OUT_OF_FOLD_FILE, RECIPE_FILE, MODEL_FILE])
def test_a_missing_file_is_told_in_one_line(folder, name, capsys):
    (folder / name).unlink()

    assert main(["report", "--models", str(folder)]) == 1
    assert name in capsys.readouterr().err


def test_the_figures_agree_with_each_other(table):
    figures = Figures.of(table, CALIBRATIONS)

    low, high = figures.interval
    assert low < figures.uar < high
    assert figures.uar == pytest.approx(np.mean(figures.recalls))
    assert figures.uar == pytest.approx(np.mean(list(figures.actor_recalls.values())))
    assert figures.accuracy_at(0.5) > figures.accuracy_at(1.0)
    assert figures.accuracy_when_sure > figures.accuracies[0]
    assert len(figures.right) == figures.clips - figures.unheard


def test_two_seeds_are_averaged(table):
    again = Predictions(table.clips, table.seeds + 1, table.folds, table.probabilities[:, ::-1])
    both = Predictions.joined([table, again])

    figures = Figures.of(both, [Calibration(s, f, 1.0, 0.5) for s in (0, 1) for f in range(5)])

    assert figures.clips == len(table.clips)
    assert figures.uar == pytest.approx(np.mean(figures.uars))
    assert figures.uar_deviation > 0


def test_the_committed_card_says_what_the_committed_predictions_give():
    recipe = Recipe.read(MODELS / RECIPE_FILE)
    figures = Figures.of(Predictions.read(MODELS / OUT_OF_FOLD_FILE), recipe.calibrations)
    card = (MODELS / CARD_FILE).read_text(encoding="utf-8")

    for part in (summary(figures), by_emotion(figures), by_actor(figures)):
        assert part in card


def test_the_committed_predictions_hear_every_clip_of_ravdess_once_a_seed():
    table = Predictions.read(MODELS / OUT_OF_FOLD_FILE)

    for seed in np.unique(table.seeds):
        assert len(set(table.clips[table.seeds == seed])) == 1440
        assert (table.seeds == seed).sum() == 1440
