"""The front end: the same numbers in training and at home, whatever the microphone's gain."""

import json
import warnings
from dataclasses import replace

import numpy as np
import pytest

from device.features import FrontEnd

PLAIN = FrontEnd()
FRONT_END = replace(PLAIN, mean=(0.5,) * PLAIN.coefficients, scale=(2.0,) * PLAIN.coefficients)


def noise(seconds: float) -> np.ndarray:
    return np.random.default_rng(7).normal(0, 0.1, int(seconds * 16_000)).astype(np.float32)


@pytest.mark.parametrize(
    ("seconds", "windows"), [(0.01, 1), (0.3, 1), (2.0, 1), (2.7, 2), (5.0, 2), (10.0, 4)]
)
def test_speech_of_any_length_becomes_windows_of_one_shape(seconds, windows):
    features = FRONT_END.features(noise(seconds))

    assert features.shape == (windows, *FRONT_END.shape)
    assert features.dtype == np.float32
    assert np.isfinite(features).all()


def test_the_last_channel_says_where_there_is_speech():
    (window,) = FRONT_END.features(noise(1.0))

    frames = int(window[:, -1].sum())
    assert frames == len(FRONT_END.log_mel(noise(1.0)))
    assert (window[:frames, -1] == 1).all()
    assert not window[frames:].any()


def test_several_windows_cover_the_sentence_from_its_first_frame_to_its_last():
    coefficients = FRONT_END.cepstral(FRONT_END.log_mel(noise(4.0)))
    windows = FRONT_END.windows(coefficients)

    assert np.allclose(windows[0, 0, :-1], (coefficients[0] - 0.5) / 2)
    assert np.allclose(windows[-1, -1, :-1], (coefficients[-1] - 0.5) / 2)


@pytest.mark.parametrize("gain", [0.001, 0.1, 9.0])
def test_the_gain_of_the_microphone_does_not_matter(gain):
    speech = noise(1.5)

    louder = FRONT_END.features((gain * speech).astype(np.float32))

    assert np.allclose(louder, FRONT_END.features(speech), atol=1e-4)


def test_the_same_speech_gives_the_same_bits():
    assert FRONT_END.features(noise(2.0)).tobytes() == FRONT_END.features(noise(2.0)).tobytes()


def test_the_steps_that_training_takes_give_the_bits_that_the_device_gets():
    speech = noise(3.0)

    stepwise = FRONT_END.windows(FRONT_END.cepstral(FRONT_END.log_mel(speech)))

    assert stepwise.tobytes() == FRONT_END.features(speech).tobytes()


def test_the_first_cepstrum_is_the_level_of_all_bands():
    log_mel = np.full((5, FRONT_END.filters), 3.0)

    cepstra = FRONT_END.cepstral(log_mel)

    assert np.allclose(cepstra[:, 0], 3.0 * np.sqrt(FRONT_END.filters))
    assert np.allclose(cepstra[:, 1:], 0, atol=1e-4)


def test_a_tone_is_loudest_in_the_band_that_holds_it():
    tone = np.sin(2 * np.pi * 1000 * np.arange(16_000) / 16_000)
    mels = 2595 * np.log10(1 + np.array([FRONT_END.low_hz, FRONT_END.high_hz, 1000]) / 700)
    band = (mels[2] - mels[0]) / (mels[1] - mels[0]) * (FRONT_END.filters + 1) - 1

    loudest = FRONT_END.log_mel(tone).mean(axis=0).argmax()

    assert abs(loudest - band) <= 1


def test_nothing_warns():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        FRONT_END.features(noise(1.0))
        FRONT_END.features(noise(0.001))


def test_it_survives_the_way_through_json():
    assert FrontEnd.from_json(json.loads(json.dumps(FRONT_END.to_json()))) == FRONT_END


@pytest.mark.parametrize(
    "change",
    [
        {"hop_seconds": None},
        {"hop_seconds": "soon"},
        {"colour": "blue"},
        {"mean": [0.0]},
        {"scale": []},
        {"mean": [float("nan")] * FRONT_END.coefficients},
    ],
)
def test_json_that_is_no_front_end_is_refused(change):
    with pytest.raises((TypeError, ValueError)):
        FrontEnd.from_json(FRONT_END.to_json() | change)


def test_a_missing_parameter_is_refused():
    values = FRONT_END.to_json()
    del values["cepstra"]

    with pytest.raises(ValueError, match="cepstra"):
        FrontEnd.from_json(values)
