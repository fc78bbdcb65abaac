"""The released encoder: its frames, and files that are no encoder."""

import numpy as np
import pytest

from device.config.config import Config
from device.emotion.encoder import ENCODER_FILE, FRAME_SECONDS, Encoder, loudest_part
from device.emotion.model import MODEL_FILE

MODELS = Config().models_folder


@pytest.fixture(scope="module")
def encoder():
    return Encoder((MODELS / ENCODER_FILE).read_bytes())


def noise(seconds: float) -> np.ndarray:
    return np.random.default_rng(3).normal(0, 0.1, int(seconds * 16_000)).astype(np.float32)


@pytest.mark.parametrize("seconds", [2.0, 0.5, 4.96])
def test_speech_of_any_length_has_its_frames(encoder, seconds):
    frames = encoder.encode(noise(seconds))

    assert frames.shape == (int(seconds / FRAME_SECONDS), encoder.channels)
    assert np.isfinite(frames).all()


@pytest.mark.parametrize("samples", [1, 100, 201, 2559])
def test_the_shortest_sound_has_two_frames(encoder, samples):
    assert encoder.encode(noise(1.0)[:samples]).shape == (2, encoder.channels)


def test_of_a_long_sentence_the_loudest_five_seconds_are_encoded(encoder):
    part = noise(5.0)
    sentence = np.concatenate((0.01 * noise(3.0), part, 0.01 * noise(2.0)))

    assert np.array_equal(loudest_part(sentence), part)
    assert np.array_equal(encoder.encode(sentence), encoder.encode(part))


@pytest.mark.parametrize("seconds", [0.5, 4.99, 5.0])
def test_a_sentence_of_five_seconds_is_encoded_whole(seconds):
    assert len(loudest_part(noise(seconds))) == round(seconds * 16_000)


def test_the_sentence_before_leaves_nothing_behind(encoder):
    first = encoder.encode(noise(1.0))
    encoder.encode(-noise(3.0))

    assert np.array_equal(encoder.encode(noise(1.0)), first)


def test_the_gain_of_the_microphone_changes_next_to_nothing(encoder):
    loud, quiet = encoder.encode(noise(1.0)), encoder.encode(0.01 * noise(1.0))

    assert np.abs(loud - quiet).mean() < 0.02 * loud.std()


def test_another_model_is_no_encoder():
    with pytest.raises(ValueError, match="not an encoder"):
        Encoder((MODELS / MODEL_FILE).read_bytes())


def test_no_model_at_all_is_no_encoder():
    with pytest.raises(ValueError, match="cannot read"):
        Encoder(b"nothing")
