from pathlib import Path

import numpy as np
import pytest

from device.emotion.household_classifier import HouseholdClassifier
from device.emotion.household_file import HouseholdFile
from device.emotion.model import EmotionModel
from device.mood import Emotion
from device.simulation.clock import SimulatedClock

MODELS = Path(__file__).parents[3] / "models"


@pytest.fixture(scope="module")
def model():
    return EmotionModel.load(MODELS)


@pytest.fixture
def file(model, tmp_path):
    metadata = model.metadata
    channels = len(metadata.voice.mean)
    return HouseholdFile(tmp_path / "h.json", metadata.sha256, channels, SimulatedClock())


@pytest.fixture
def classifier(model, file):
    return HouseholdClassifier(model, file, lambda: "USB")


def sound(seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 0.1, 32_000)
    return (noise * np.sin(np.arange(32_000) / 9)).astype(np.float32)


def test_a_new_household_gets_the_answers_of_the_model(model, classifier):
    assert classifier.recognise(sound(1)) == model.recognise(sound(1))


def test_a_sentence_takes_part_only_when_it_is_learned_and_only_once(classifier, file):
    classifier.recognise(sound(1))
    assert not file.read().voices
    classifier.recognise(sound(2))
    classifier.learn()
    classifier.learn()
    assert file.read().voices["USB"].sentences == 1


def test_what_is_known_is_subtracted_from_the_next_sentence(model, classifier, file):
    for seed in range(5):
        classifier.recognise(sound(seed))
        classifier.learn()
    mood = classifier.recognise(sound(9))
    frames = model.encode(sound(9))
    shift = file.read().shift("USB")
    assert mood == model.judge(frames, shift)
    assert mood != model.recognise(sound(9))
    # All of it subtracted, the sound is as far from the training as nothing is.
    voice = model.voice(frames)
    assert np.abs(voice - shift).mean() < np.abs(voice).mean()


def test_another_microphone_is_not_known(model, classifier, file):
    classifier.recognise(sound(1))
    classifier.learn()
    assert HouseholdClassifier(model, file, lambda: "array").recognise(sound(2)) == (
        model.recognise(sound(2))
    )


def test_a_refused_emotion_is_less_likely_from_then_on(classifier):
    before = classifier.recognise(sound(1))
    classifier.refuse(before.emotion)
    after = classifier.recognise(sound(1))
    assert after.probabilities[before.emotion] < before.probabilities[before.emotion]
    others = [emotion for emotion in Emotion if emotion is not before.emotion]
    assert all(after.probabilities[e] > before.probabilities[e] for e in others)
