"""The whole pipeline, with a tiny encoder, a tiny network and synthetic sounds."""

import json
from dataclasses import replace

import numpy as np
import pytest
import soundfile
from safetensors.numpy import save_file

from device.emotion.encoder import Encoder
from device.emotion.interpreter import Network
from device.emotion.model import MODEL_FILE, EmotionModel, classify
from device.features import N_MELS
from device.mood import Emotion
from training.cli import main
from training.emotion.baseline import baseline, read
from training.emotion.corpora import Clip, by_speaker, corpora
from training.emotion.evaluation import (
    ROOMS_FILE,
    TEST_FILE,
    VALIDATION_FILE,
    evaluate,
    predict,
    predictions,
)
from training.emotion.features import PLAIN, FeatureCache, keep_speech, variants
from training.emotion.folds import FOLDS
from training.emotion.linear import Projection
from training.emotion.lives import live
from training.emotion.predictions import Predictions
from training.emotion.release import OUT_OF_CORPUS_FILE, OUT_OF_FOLD_FILE, release
from training.emotion.report import CARD_FILE, report
from training.emotion.runs import Run, clips_of
from training.emotion.settings import Settings
from training.emotion.train import LINEAR_FILE, PROJECTION_FILE, WEIGHTS_FILE, quantise, train

OWN = "own"
EMPTY = np.empty(0, np.float32)


def voice(clip: Clip) -> np.ndarray:
    """A buzz whose pitch is the speaker's and whose tremble is the emotion's."""
    seconds = np.arange(8_000) / 16_000
    pitch = 90 + 5 * int(clip.speaker)
    tremble = np.sin(2 * np.pi * (1 + list(Emotion).index(clip.emotion)) * seconds)
    buzz = np.sign(np.sin(2 * np.pi * pitch * seconds + 3 * tremble))
    return (0.1 * buzz).astype(np.float32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, random_encoder):
    """Recordings of RAVDESS and of a corpus of one's own, and a tiny encoder."""
    folder = tmp_path_factory.mktemp("pipeline")
    silence = np.zeros(1600, np.float32)
    for actor in range(1, 25):
        (folder / f"ravdess/Actor_{actor:02}").mkdir(parents=True)
        for emotion in range(1, 9):
            name = f"Actor_{actor:02}/03-01-{emotion:02}-01-01-01-{actor:02}.wav"
            soundfile.write(folder / "ravdess" / name, silence, 16_000)
    (folder / OWN).mkdir()
    rows = ["file,speaker,emotion"]
    for speaker in ("3", "7"):
        for emotion in ("neutral", "happy", "sad"):
            rows.append(f"{emotion}{speaker}.wav,{speaker},{emotion}")
            soundfile.write(folder / OWN / f"{emotion}{speaker}.wav", silence, 16_000)
    (folder / OWN / "labels.csv").write_text("\n".join(rows))

    tensors = random_encoder(2, N_MELS, 1)
    save_file({f"model.encoder.{n}": t for n, t in tensors.items()}, folder / "w.safetensors")
    weights, output = str(folder / "w.safetensors"), str(folder / "encoder.tflite")
    assert main(["encoder", "--weights", weights, "--taps", "1", "--output", output]) == 0
    return folder


@pytest.fixture(scope="module")
def found(folder):
    return corpora(folder)


@pytest.fixture(scope="module")
def encodings(folder):
    return FeatureCache(folder / "encoder.tflite", folder)


@pytest.fixture(scope="module")
def run(folder, found, encodings):
    """A run of one fold and one corpus, trained, quantised, scored and released."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for clips in found.values():
            for own in by_speaker(clips):
                keep_speech(own, [EMPTY, *map(voice, own[1:])])
        run = Run(folder / "run", replace(Settings.quick(), folds=1), found, encodings)
        run.fill(jobs=2)
        for step in (baseline, train, quantise, evaluate, live):
            step(run, jobs=2)
        release(run, folder / "models")
        report(folder / "models")
        yield run


def test_the_device_takes_the_model_that_comes_out(run, folder, found):
    model = EmotionModel.load(folder / "models")
    mood = model.recognise(voice(found[OWN][0]))

    assert sum(mood.probabilities.values()) == pytest.approx(1)


def test_every_test_actor_was_heard_by_the_network_that_did_not_know_them(run):
    table = predictions(run.folds, TEST_FILE)

    assert set(table.speakers) == FOLDS[0].test
    assert len(table.clips) == 8 * len(FOLDS[0].test)
    assert set(predictions(run.folds, VALIDATION_FILE).speakers) == FOLDS[0].validation
    assert set(predictions(run.folds, ROOMS_FILE).clips) == set(table.clips)


def test_the_scores_are_those_of_the_device(run, found, encodings):
    network = Network((run.folds[0].folder / MODEL_FILE).read_bytes())
    encoder = Encoder(encodings.encoder.read_bytes())
    table = predictions(run.folds, TEST_FILE)
    by_name = {clip.name: clip for clip in found["ravdess"]}

    for name, row in zip(table.clips[table.heard], table.probabilities[table.heard], strict=True):
        frames = encoder.encode(voice(by_name[name]))
        assert np.allclose(classify(network, frames), row, atol=5e-3)


def test_clips_without_speech_are_kept_as_such(run, folder):
    folds = Predictions.read(folder / "models" / OUT_OF_FOLD_FILE)
    left_out = Predictions.read(folder / "models" / OUT_OF_CORPUS_FILE)

    assert (~folds.heard).sum() == len(FOLDS[0].test)
    assert (~left_out.heard).sum() == 2
    assert set(left_out.corpora) == {OWN}


def test_the_card_is_written(run, folder):
    card = (folder / "models" / CARD_FILE).read_text(encoding="utf-8")

    assert "5 of 40" in card
    assert "| own | 6 | 2 | your own |" in card


def test_a_recipe_is_chosen_by_the_corpora_left_out_alone(run, capsys):
    without_folds = replace(run, settings=replace(run.settings, folds=0))

    evaluate(without_folds, jobs=1)

    assert {part.fold.corpus for part in without_folds.parts} == {OWN}
    assert "| run | - | 2 |" in capsys.readouterr().out


def test_the_baseline_is_judged_on_the_same_folds(run):
    uars = read(run)

    assert set(uars) == {"fold0", OWN}
    assert all(0 <= uar <= 1 for uar in uars.values())


def test_no_voice_but_the_training_speakers_is_heard_in_training(
    tmp_path, found, encodings, monkeypatch
):
    """The others' voices are not there: whoever wants to hear them fails."""
    monkeypatch.chdir(tmp_path)
    run = Run(tmp_path / "run", replace(Settings.quick(), folds=1), found, encodings)
    fold = run.folds[0].fold
    frames = {}
    for name, clips in found.items():
        for own in by_speaker(clips):
            if fold.trains_on(own[0]):
                rng = np.random.default_rng(int(own[0].speaker))
                frames[name, own[0].speaker] = [rng.normal(5, 1, (9, 2)) for _ in own]
                for variant in (PLAIN, *variants(clips, run.settings.variants)):
                    encodings.keep(own, variant, frames[name, own[0].speaker])
    for part in (*run.left_out, run.released):  # these are trained on other clips
        part.folder.mkdir(parents=True, exist_ok=True)
        (part.shared / LINEAR_FILE).touch()
        (part.folder / WEIGHTS_FILE).touch()
    train(run, jobs=1)

    made = Projection.read(run.folds[0].shared / PROJECTION_FILE)
    means = [
        np.mean([one for (name, _), own in frames.items() if name == corpus for one in own], (0, 1))
        for corpus in found
    ]
    assert np.allclose(made.mean, np.mean(means, axis=0), atol=1e-2)


def test_a_run_by_other_code_or_recordings_does_not_report_its_figures(run, found):
    fewer = replace(run, corpora=found | {OWN: found[OWN][1:]})
    with pytest.raises(LookupError, match=r"another recipe \(data\)"):
        predict(fewer, jobs=1)
    path = run.folder / "settings.json"
    before = path.read_text()
    path.write_text(json.dumps(json.loads(before) | {"code": "older"}))
    try:
        with pytest.raises(LookupError, match=r"another recipe \(code\)"):
            predict(run, jobs=1)
    finally:
        path.write_text(before)


def test_a_corpus_that_is_left_out_is_judged_with_one_seed(run):
    many = replace(run, settings=replace(run.settings, seeds=3))

    assert [part.seed for part in many.folds] == [0, 1, 2]
    assert [part.seed for part in many.left_out] == [0]


def test_what_is_finished_is_not_done_again(run):
    weights = run.folds[0].folder / WEIGHTS_FILE
    before = weights.stat().st_mtime_ns

    train(run, jobs=1)
    quantise(run, jobs=1)
    predict(run, jobs=1)

    assert weights.stat().st_mtime_ns == before


def test_another_recipe_needs_another_name(run):
    with pytest.raises(LookupError, match="--name"):
        train(replace(run, settings=replace(run.settings, epochs=7)), jobs=1)


def test_a_run_that_is_not_trained_cannot_be_quantised(tmp_path, found, encodings):
    with pytest.raises(LookupError, match="emotify-train train"):
        quantise(Run(tmp_path, Settings.quick(), found, encodings), jobs=1)


def test_a_quick_run_hears_each_emotion_of_each_actor_once(synthetic_clips):
    others = {name: [replace(c, corpus=name) for c in synthetic_clips] for name in ("a", "b")}
    others["b"] = others["b"][:40]
    quick = clips_of({"ravdess": synthetic_clips} | others, quick=True)

    assert {(c.speaker, c.emotion) for c in quick["ravdess"]} == {
        (c.speaker, c.emotion) for c in synthetic_clips
    }
    assert len(quick["ravdess"]) == 24 * 8
    assert set(quick) == {"ravdess", "b"}
    assert len({clip.speaker for clip in quick["b"]}) == 1


@pytest.mark.parametrize(
    "command", ["features", "baseline", "train", "quantise", "evaluate", "all"]
)
def test_without_recordings_every_command_says_so_in_one_line(command, tmp_path, capsys):
    assert main([command, "--data", str(tmp_path)]) == 1

    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "No RAVDESS clips" in said


def test_without_weights_the_encoder_cannot_be_made(tmp_path, capsys):
    output = tmp_path / "encoder.tflite"

    assert main(["encoder", "--weights", str(tmp_path / "none"), "--output", str(output)]) == 1
    assert "cannot be read as weights" in capsys.readouterr().err
    assert not output.exists()
