"""The whole chain, with a tiny network and sounds that nobody recorded."""

import json
from dataclasses import replace

import numpy as np
import pytest

from device.emotion import DESCRIPTION_FILE, Description, EmotionModel
from device.mood import Emotion
from training import heard
from training.cli import main
from training.corpora import Clip
from training.evaluate import calibrations
from training.folds import FOLDS
from training.predictions import Predictions
from training.quantise import quantise
from training.report import CARD_FILE, report
from training.runs import Run, clips_of
from training.scoring import TEST, VALIDATION, predictions, score
from training.settings import Settings
from training.ship import OUT_OF_FOLD_FILE, ship
from training.train import WEIGHTS, train


def voice(clip: Clip) -> np.ndarray:
    """A buzz whose pitch is the actor's and whose tremble is the emotion's."""
    seconds = np.arange(12_000) / 16_000
    pitch = 90 + 5 * int(clip.speaker)
    tremble = np.sin(2 * np.pi * (1 + list(Emotion).index(clip.emotion)) * seconds)
    buzz = np.sign(np.sin(2 * np.pi * pitch * seconds + 3 * tremble))
    return (0.1 * buzz).astype(np.float32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("chain")


@pytest.fixture(scope="module")
def clips(synthetic_clips):
    return clips_of(synthetic_clips, quick=True)


@pytest.fixture(scope="module")
def run(folder, clips):
    """A run of one fold, trained, quantised to eight bits throughout, scored and shipped."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for actor in FOLDS[0].train | FOLDS[0].test | FOLDS[0].validation:
            own = [clip for clip in clips if clip.speaker == actor]
            heard.keep(own, [EMPTY, *map(voice, own[1:])])
        settings = replace(Settings.quick(), epochs=1, folds=1, quantisation="int8")
        run = Run(folder / "run", settings)
        train(run, clips, jobs=2)
        quantise(run, clips, jobs=2)
        score(run, clips, jobs=2)
        ship(run, folder / "models")
        report(folder / "models")
        yield run


EMPTY = np.empty(0, np.float32)


def test_the_device_takes_the_model_that_comes_out(run, folder, clips):
    model = EmotionModel.load(folder / "models")
    mood = model.recognise(voice(clips[0]))

    assert model.description.quantisation == "int8"
    assert sum(mood.probabilities.values()) == pytest.approx(1)


def test_every_test_actor_was_heard_by_the_model_that_did_not_know_them(run, clips):
    table = predictions(run, TEST)

    assert set(table.actors) == FOLDS[0].test
    assert len(table.clips) == 8 * len(FOLDS[0].test)


def test_the_scores_are_those_of_the_device(run, clips):
    model = EmotionModel.load(run.folds[0].folder)
    table = predictions(run, TEST)
    by_name = {clip.name: clip for clip in clips}

    for name, row in zip(table.clips[table.heard], table.probabilities[table.heard], strict=True):
        assert np.allclose(model.raw(voice(by_name[name])), row, atol=1e-4)


def test_clips_without_speech_are_kept_as_such(run, folder):
    table = Predictions.read(folder / "models" / OUT_OF_FOLD_FILE)

    assert (~table.heard).sum() == len(FOLDS[0].test)


def test_the_card_is_written(run, folder):
    assert "5 of 40" in (folder / "models" / CARD_FILE).read_text(encoding="utf-8")


def test_the_temperature_is_decided_by_the_validation_actors_alone(run):
    assert set(predictions(run, VALIDATION).actors) == FOLDS[0].validation
    decided = calibrations(run)
    file = run.folds[0].folder / TEST
    aside = file.rename(file.with_name("aside"))
    try:
        assert calibrations(run) == decided
    finally:
        aside.rename(file)


def test_no_voice_but_the_training_actors_is_heard_in_training(tmp_path, clips, monkeypatch):
    """The others' voices are not there: whoever wants to hear them fails."""
    monkeypatch.chdir(tmp_path)
    for actor in FOLDS[0].train:
        own = [clip for clip in clips if clip.speaker == actor]
        heard.keep(own, [voice(clip) for clip in own])
    run = Run(tmp_path / "run", replace(Settings.quick(), epochs=1, folds=1, quantisation="int8"))
    # The network that ships hears everybody: here it is finished already.
    run.shipped.folder.mkdir(parents=True)
    for name in (WEIGHTS, DESCRIPTION_FILE):
        (run.shipped.folder / name).touch()
    train(run, clips, jobs=1)
    quantise(run, clips, jobs=1)

    made = Description.parse((run.folds[0].folder / DESCRIPTION_FILE).read_text())
    own = [clip for clip in clips if clip.speaker in FOLDS[0].train]
    log_mels = [run.settings.front_end.log_mel(voice(clip)) for clip in own]
    values = np.concatenate([run.settings.front_end.cepstral(log_mel) for log_mel in log_mels])
    assert np.allclose(made.front_end.mean, values.mean(axis=0), atol=1e-3)


def test_a_run_by_other_code_or_recordings_does_not_report_its_figures(run, clips):
    with pytest.raises(LookupError, match=r"another recipe \(data\)"):
        score(run, clips[1:], jobs=1)
    path = run.folder / "settings.json"
    before = path.read_text()
    path.write_text(json.dumps(json.loads(before) | {"code": "older"}))
    try:
        with pytest.raises(LookupError, match=r"another recipe \(code\)"):
            score(run, clips, jobs=1)
    finally:
        path.write_text(before)


def test_what_is_finished_is_not_done_again(run, clips):
    weights = run.folds[0].folder / WEIGHTS
    before = weights.stat().st_mtime_ns

    train(run, clips, jobs=1)
    quantise(run, clips, jobs=1)
    score(run, clips, jobs=1)

    assert weights.stat().st_mtime_ns == before


def test_another_recipe_needs_another_name(run, clips):
    with pytest.raises(LookupError, match="--name"):
        train(Run(run.folder, replace(run.settings, epochs=7)), clips, jobs=1)


def test_a_run_that_is_not_trained_cannot_be_quantised(tmp_path, clips):
    with pytest.raises(LookupError, match="emotify-train train"):
        quantise(Run(tmp_path, Settings.quick()), clips, jobs=1)


@pytest.mark.parametrize("command", ["features", "train", "quantise", "evaluate", "all"])
def test_without_recordings_every_command_says_so_in_one_line(command, tmp_path, capsys):
    assert main([command, "--data", str(tmp_path)]) == 1

    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "No RAVDESS clips" in said
