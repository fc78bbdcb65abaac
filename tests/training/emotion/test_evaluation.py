"""The comparison of runs, from tables that are written here."""

import json
from dataclasses import asdict, replace

import pytest

from training.cli import main
from training.emotion.corpora import DataError, ravdess_clip
from training.emotion.evaluation import ROOMS_FILE, TEST_FILE, compare
from training.emotion.predictions import Predictions
from training.emotion.settings import Settings

NEUTRAL, CALM = ([float(n == emotion) for n in range(8)] for emotion in (0, 1))


def record(run, settings, given, file=TEST_FILE):
    """A run of one network that answered this to a neutral and a calm clip of RAVDESS."""
    (run / "fold0" / "seed0").mkdir(parents=True, exist_ok=True)
    recipe = asdict(settings) | {"code": "abcdef"}
    (run / "settings.json").write_text(json.dumps(recipe), encoding="utf-8")
    clips = [ravdess_clip(run / f"03-01-0{n}-01-01-01-01.wav") for n in (1, 2)]
    Predictions.of(clips, 0, 0, given).write(run / "fold0" / "seed0" / file)


def test_runs_are_told_apart_by_what_they_differ_in(tmp_path):
    record(tmp_path / "long", Settings(epochs=12), [NEUTRAL, CALM])
    record(tmp_path / "short", replace(Settings(), epochs=5), [NEUTRAL, NEUTRAL])
    record(tmp_path / "short", replace(Settings(), epochs=5), [CALM, NEUTRAL], ROOMS_FILE)

    assert compare(tmp_path).splitlines()[2:] == [
        "| long | epochs 12 | 1 | 1.000 | - | - |",
        "| short | epochs 5 | 1 | 0.500 | 0.000 | - |",
    ]


def test_without_a_record_there_is_nothing_to_compare(tmp_path):
    with pytest.raises(DataError, match="was evaluated"):
        compare(tmp_path)


@pytest.mark.parametrize("text", ["epoch=3", "epochs=three", "epochs"])
def test_a_setting_that_there_is_not_is_refused(text, capsys):
    with pytest.raises(SystemExit):
        main(["train", "--set", text])

    assert "epoch" in capsys.readouterr().err
