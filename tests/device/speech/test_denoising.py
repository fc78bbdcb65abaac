"""Denoising sounds with known noise and reverberation."""

import numpy as np
import pytest

from device.microphone import SAMPLE_RATE
from device.speech.denoising import denoised
from device.speech.endpointing import loudness


def tone(seconds: float, hertz: float = 500.0, amplitude: float = 0.3) -> np.ndarray:
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return (amplitude * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def hiss(seconds: float, rms: float = 0.01) -> np.ndarray:
    random = np.random.default_rng(1)
    return random.normal(0, rms, round(seconds * SAMPLE_RATE)).astype(np.float32)


def part(sound: np.ndarray, first_second: float, last_second: float) -> np.ndarray:
    return sound[round(first_second * SAMPLE_RATE) : round(last_second * SAMPLE_RATE)]


def change_db(before: np.ndarray, after: np.ndarray, *seconds: float) -> float:
    return 20 * np.log10(loudness(part(after, *seconds)) / loudness(part(before, *seconds)))


def test_steady_noise_goes_and_what_begins_in_it_stays():
    noisy = hiss(3.0)
    noisy[SAMPLE_RATE : 2 * SAMPLE_RATE] += tone(1.0)

    clear = denoised(noisy)

    assert change_db(noisy, clear, 0.2, 0.9) < -10
    assert change_db(noisy, clear, 1.0, 1.05) == pytest.approx(0, abs=1)


def test_the_echo_of_a_sound_goes():
    dry = np.concatenate((tone(0.3), np.zeros(SAMPLE_RATE, np.float32)))
    decay = np.random.default_rng(2).normal(0, 1, SAMPLE_RATE // 2)
    decay *= 10 ** (-3 * np.arange(len(decay)) / (0.8 * SAMPLE_RATE))
    echoing = np.convolve(dry, decay / np.sqrt(np.sum(decay**2)))[: len(dry)].astype(np.float32)

    clear = denoised(echoing)

    assert change_db(echoing, clear, 0.45, 0.7) < -10
    assert change_db(echoing, clear, 0.0, 0.05) == pytest.approx(0, abs=1)


@pytest.mark.parametrize("samples", [512, 513, 5000])
def test_it_is_as_long_as_before(samples):
    assert denoised(hiss(1.0)[:samples]).shape == (samples,)


def test_silence_stays_silence():
    assert np.all(denoised(np.zeros(4096, np.float32)) == 0)
