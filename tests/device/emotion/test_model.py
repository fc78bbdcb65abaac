"""The model: its answers, and all mistakes in its three files."""

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from device.emotion.encoder import ENCODER_FILE
from device.emotion.model import METADATA_FILE, MODEL_FILE, EmotionModel, ModelMetadata, calibrated
from device.errors import Fault, ModelError
from device.microphone.recording import read
from device.mood import Emotion
from device.speech.endpointing import listen

MODELS = Path(__file__).parents[3] / "models"


@pytest.fixture
def folder(tmp_path):
    """A copy of the committed model, to be damaged."""
    for name in (ENCODER_FILE, MODEL_FILE, METADATA_FILE):
        shutil.copy(MODELS / name, tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def model():
    return EmotionModel.load(MODELS)


def noise(seconds: float) -> np.ndarray:
    return np.random.default_rng(3).normal(0, 0.1, int(seconds * 16_000)).astype(np.float32)


def describe(folder: Path, **changes: object) -> None:
    path = folder / METADATA_FILE
    values = json.loads(path.read_text(encoding="utf-8")) | changes
    path.write_text(json.dumps(values), encoding="utf-8")


def refusal(folder: Path) -> str:
    with pytest.raises(ModelError) as refused:
        EmotionModel.load(folder)
    assert refused.value.fault is Fault.SETUP
    return str(refused.value)


@pytest.mark.parametrize("seconds", [0.1, 2.0, 10.0])
def test_the_probabilities_of_any_speech_sum_to_one(model, seconds):
    mood = model.recognise(noise(seconds))

    assert set(mood.probabilities) == set(Emotion)
    assert sum(mood.probabilities.values()) == pytest.approx(1, abs=1e-12)
    assert all(0 < p < 1 for p in mood.probabilities.values())
    assert mood.threshold == model.metadata.threshold


def test_the_same_speech_gets_the_same_answer(model):
    assert model.recognise(noise(2.0)) == model.recognise(noise(2.0))


@pytest.mark.parametrize("name", [ENCODER_FILE, MODEL_FILE])
def test_a_file_that_changes_while_the_model_is_in_use_is_not_used(folder, name):
    model = EmotionModel.load(folder)
    model.recognise(noise(1.0))
    content = (folder / name).read_bytes()

    (folder / name).unlink()
    with pytest.raises(ModelError, match=name):
        model.recognise(noise(1.0))
    (folder / name).write_bytes(content)
    with pytest.raises(ModelError, match="has changed since Emotify started"):
        model.recognise(noise(1.0))

    EmotionModel.load(folder).recognise(noise(1.0))


def test_the_gain_of_the_microphone_does_not_change_the_answer(model):
    quiet = model.recognise(0.01 * noise(2.0)).probabilities
    loud = model.recognise(noise(2.0)).probabilities

    assert [quiet[e] for e in Emotion] == pytest.approx([loud[e] for e in Emotion], abs=0.02)


def test_a_higher_temperature_makes_the_model_less_sure_of_the_same_answer(folder):
    moods = []
    for temperature in (0.5, 1.0, 4.0):
        describe(folder, temperature=temperature, prior=[1] * 8)
        moods.append(EmotionModel.load(folder).recognise(noise(2.0)))

    likeliest = [mood.probabilities[mood.emotion] for mood in moods]
    assert likeliest == sorted(likeliest, reverse=True)
    assert len({mood.emotion for mood in moods}) == 1


def test_without_temperature_and_prior_the_answer_is_the_networks_own(folder):
    describe(folder, temperature=1.0, prior=[1] * 8)
    model = EmotionModel.load(folder)

    mood = model.recognise(noise(2.0))

    assert list(mood.probabilities.values()) == pytest.approx(
        model.raw(model.encode(noise(2.0))).tolist(), abs=1e-3
    )


def test_a_prior_makes_an_emotion_as_much_likelier_as_it_says(folder):
    describe(folder, prior=[1] * 8)
    before = EmotionModel.load(folder).recognise(noise(2.0)).probabilities
    describe(folder, prior=[1, 1, 3, 1, 1, 1, 1, 1])
    after = EmotionModel.load(folder).recognise(noise(2.0)).probabilities

    happy, sad = Emotion.HAPPY, Emotion.SAD
    assert after[happy] / after[sad] == pytest.approx(3 * before[happy] / before[sad])


def test_a_probability_of_nothing_is_still_a_little():
    given = calibrated(np.eye(8)[2], 0.5, [1.0] * 8)

    assert given.sum() == pytest.approx(1)
    assert (given > 0).all()


def test_the_description_survives_its_own_text(model):
    text = model.metadata.text()

    assert ModelMetadata.parse(text).text() == text


@pytest.mark.parametrize("name", [ENCODER_FILE, MODEL_FILE, METADATA_FILE])
def test_a_missing_file_is_named_with_the_remedy(folder, name):
    (folder / name).unlink()

    message = refusal(folder)

    assert message.count(str(folder / name)) == 1
    assert "emotify-train all" in message


@pytest.mark.parametrize("name", [ENCODER_FILE, MODEL_FILE, METADATA_FILE])
@pytest.mark.parametrize("kept_bytes", [0, 1, 400])
def test_a_file_that_was_cut_short_is_refused(folder, name, kept_bytes):
    (folder / name).write_bytes((folder / name).read_bytes()[:kept_bytes])

    assert str(folder / name) in refusal(folder)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"[]", b"3", b"null", b"{", b"{}"])
def test_a_description_that_is_none_is_refused(folder, content):
    (folder / METADATA_FILE).write_bytes(content)

    assert METADATA_FILE in refusal(folder)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": 4}, "format 4"),
        ({"labels": ["happy", "sad"]}, "labels"),
        ({"labels": list(reversed(Emotion))}, "labels"),
        ({"sha256": "0" * 64}, "not the file"),
        ({"temperature": 0}, "out of range"),
        ({"temperature": float("nan")}, "no ordinary number"),
        ({"temperature": None}, "wrong kind"),
        ({"threshold": 1.5}, "out of range"),
        ({"encoder_sha256": "0" * 64}, "not the file"),
        ({"prior": [1] * 7}, "prior"),
        ({"prior": [0] * 8}, "prior"),
        ({"prior": 1}, "wrong kind"),
        ({"quantisation": "int8"}, "its quantisation is"),
        ({"voice_mean": "!"}, "wrong kind"),
        ({"voice_mean": "AAAA"}, "wrong kind"),
        ({"voice_mean": "AADAfw=="}, "mean or its scale"),
        ({"voice_mean": "", "voice_scale": ""}, "voices of 0 channels"),
    ],
)
def test_a_description_that_does_not_fit_is_refused(folder, change, said):
    describe(folder, **change)

    assert said in refusal(folder)


@pytest.mark.parametrize(
    "missing",
    [
        "encoder_sha256",
        "sha256",
        "quantisation",
        "temperature",
        "prior",
        "threshold",
        "voice_mean",
        "voice_scale",
    ],
)
def test_a_description_without_a_value_is_refused(folder, missing):
    path = folder / METADATA_FILE
    values = json.loads(path.read_text(encoding="utf-8"))
    del values[missing]
    path.write_text(json.dumps(values), encoding="utf-8")

    assert missing in refusal(folder)


def test_a_folder_of_the_format_before_is_refused_in_one_sentence(folder):
    (folder / ENCODER_FILE).unlink()
    before = {"format": 1, "labels": list(Emotion), "front_end": {}, "temperature": 1.0}
    (folder / METADATA_FILE).write_text(json.dumps(before), encoding="utf-8")

    message = refusal(folder)

    assert "it has format 1; this Emotify reads 3" in message
    assert message.count("\n") == 0


@pytest.mark.parametrize("wrong", [ENCODER_FILE, MODEL_FILE])
def test_networks_that_do_not_fit_each_other_are_refused(folder, wrong):
    other = MODEL_FILE if wrong == ENCODER_FILE else ENCODER_FILE
    shutil.copy(folder / other, folder / wrong)
    sha256 = hashlib.sha256((folder / wrong).read_bytes()).hexdigest()
    describe(folder, **{"encoder_sha256" if wrong == ENCODER_FILE else "sha256": sha256})

    assert str(folder / wrong) in refusal(folder)


def test_a_file_that_is_no_model_is_refused(folder):
    content = b"no model at all" * 100
    (folder / MODEL_FILE).write_bytes(content)
    describe(folder, sha256=hashlib.sha256(content).hexdigest())

    assert "the interpreter cannot read it" in refusal(folder)


def test_it_recognises_most_of_the_recordings_that_it_was_trained_on(model, data):
    """Two clips of each emotion by sixteen actors, all heard in training: this shows that the
    committed files work together, not how good the model is."""
    names = [
        f"03-01-{emotion:02}-01-{1 + turn:02}-01-{1 + (3 * emotion + 11 * turn) % 24:02}"
        for emotion in range(1, 9)
        for turn in range(2)
    ]
    right = 0
    for name in names:
        path = data / "ravdess" / f"Actor_{name[-2:]}" / f"{name}.flac"
        mood = model.recognise(listen(read(path)))
        right += mood.emotion is list(Emotion)[int(name[6:8]) - 1]

    assert right > len(names) / 2
