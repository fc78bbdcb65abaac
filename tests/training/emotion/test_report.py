"""The model card, from the files in the folder of the model."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from device.emotion.encoder import ENCODER_FILE
from device.emotion.model import METADATA_FILE, MODEL_FILE
from training.cli import main
from training.emotion.calibration import Calibration
from training.emotion.figures import Figures
from training.emotion.household_figures import FRESH, HOUSEHOLD_FILE, HouseholdFigures
from training.emotion.lives import NAMES
from training.emotion.predictions import Predictions
from training.emotion.release import (
    OUT_OF_CORPUS_FILE,
    OUT_OF_FOLD_FILE,
    OUT_OF_FOLD_ROOMS_FILE,
    RECIPE_FILE,
    Recipe,
    evaluation,
)
from training.emotion.report import CARD_FILE, report
from training.emotion.tables import by_actor, by_emotion, corpora_table, summary

MODELS = Path(__file__).parents[3] / "models"
PICTURES = (
    "corpora.png",
    "household.png",
    "confusion.png",
    "actors.png",
    "coverage.png",
    "reliability.png",
)
ONE = Calibration(1.2, 0.5)
BASELINE = {"fold0": 0.1, "emovo": 0.2}


@pytest.fixture
def folder(tmp_path, table, left_out):
    for name in (ENCODER_FILE, MODEL_FILE, METADATA_FILE):
        shutil.copy(MODELS / name, tmp_path)
    table.write(tmp_path / OUT_OF_FOLD_FILE)
    worse = replace(table, probabilities=np.sqrt(table.probabilities))
    worse.write(tmp_path / OUT_OF_FOLD_ROOMS_FILE)
    left_out.write(tmp_path / OUT_OF_CORPUS_FILE)
    uars = dict.fromkeys((FRESH, *NAMES), 0.4321)
    HouseholdFigures(dict.fromkeys(("ravdess", "cremad"), uars)).write(tmp_path / HOUSEHOLD_FILE)
    counts = {"ravdess": 384, "cremad": 336, "emovo": 336}
    settings, speakers = {"epochs": 3, "components": 512}, dict.fromkeys(counts, 24)
    Recipe(settings, 12.5, counts, speakers, BASELINE).write(tmp_path / RECIPE_FILE)
    return tmp_path


def test_the_card_holds_the_figures_of_the_tables(folder):
    report(folder)

    figures = evaluation(folder)
    card = (folder / CARD_FILE).read_text(encoding="utf-8")
    assert summary(figures) in card
    assert f"**{figures.ravdess.uar:.3f}**" in card
    assert f"**{figures.left_out['emovo'].uar:.3f}**" in card
    assert "1 of 384" in card
    assert "| even, 5 heard | 0.432 | 0.432 | **0.432** |" in card
    assert "| fold0 | 0.100 | " in card
    assert "| cremad | 336 | 24 | CREMA-D, ODbL 1.0" in card


def test_the_pictures_are_drawn_and_small(folder):
    report(folder)

    for name in PICTURES:
        assert 1_000 < (folder / name).stat().st_size < 150_000


@pytest.mark.parametrize(
    "name",
    [
        OUT_OF_FOLD_FILE,
        OUT_OF_FOLD_ROOMS_FILE,
        OUT_OF_CORPUS_FILE,
        HOUSEHOLD_FILE,
        RECIPE_FILE,
        MODEL_FILE,
    ],
)
def test_a_missing_file_is_told_in_one_line(folder, name, capsys):
    (folder / name).unlink()

    assert main(["report", "--models", str(folder)]) == 1
    assert name in capsys.readouterr().err


def test_the_figures_agree_with_each_other(table):
    figures = Figures.of(table, ONE)

    low, high = figures.interval
    assert low < figures.uar < high
    assert figures.uar == pytest.approx(np.mean(figures.recalls))
    assert figures.uar == pytest.approx(np.mean(list(figures.speaker_uars.values())))
    assert figures.accuracy_at(0.5) > figures.accuracy_at(1.0)
    assert figures.accuracy_when_sure > figures.accuracies[0]
    assert figures.sure_factor > 1
    assert len(figures.right) == figures.clips - figures.unheard


def test_of_the_clips_that_are_heard_as_many_are_right_as_without_the_others(table):
    deaf = replace(table, probabilities=table.probabilities.copy())
    deaf.probabilities[::3] = np.nan
    figures = Figures.of(deaf, ONE)

    assert figures.uar_when_heard > 1.2 * figures.uar
    assert figures.uar_when_heard == pytest.approx(Figures.of(deaf.where(deaf.heard), ONE).uar)


def test_outside_ravdess_calm_is_as_good_as_neutral(left_out):
    calm = np.eye(8)[np.where(left_out.emotions == 0, 1, left_out.emotions)]
    figures = Figures.of(replace(left_out, probabilities=calm), ONE)

    assert figures.uar == 1
    assert np.isnan(figures.recalls[1])


def test_two_seeds_are_averaged(table):
    again = replace(table, seeds=table.seeds + 1, probabilities=table.probabilities[:, ::-1])

    figures = Figures.of(Predictions.joined([table, again]), ONE)

    assert figures.clips == len(table.clips)
    assert figures.uar == pytest.approx(np.mean(figures.uars))
    assert figures.uar_deviation > 0


def test_the_committed_card_says_what_the_committed_predictions_give():
    figures = evaluation(MODELS)
    card = (MODELS / CARD_FILE).read_text(encoding="utf-8")

    for part in (summary(figures), corpora_table(figures), by_emotion(figures)):
        assert part in card
    assert by_actor(figures.ravdess) in card


@pytest.mark.parametrize("name", [OUT_OF_FOLD_FILE, OUT_OF_FOLD_ROOMS_FILE])
def test_the_committed_predictions_hear_every_clip_of_ravdess_once_a_seed(name):
    table = Predictions.read(MODELS / name)

    for seed in np.unique(table.seeds):
        assert len(set(table.clips[table.seeds == seed])) == 1440
        assert (table.seeds == seed).sum() == 1440
