"""The log-mel spectrogram, compared with one computed sample by sample from its definition."""

import numpy as np
import pytest

from device.features import N_MELS, log_mel

RNG = np.random.default_rng(4)
SPEECH = (RNG.normal(0, 0.05, 8000) * np.hanning(8000)).astype(np.float32)


def slaney_hz(mel: float) -> float:
    return mel * 200 / 3 if mel < 15 else 1000 * 6.4 ** ((mel - 15) / 27)


def defined(speech: np.ndarray, frame: int) -> np.ndarray:
    """The bands of one frame, before the logarithm, of speech at -26 dB."""
    speech = speech.astype(np.float64)
    speech *= 10 ** (-26 / 20) / np.sqrt(np.mean(speech**2))
    padded = np.concatenate((speech[200:0:-1], speech, speech[-2:-202:-1]))
    window = np.array([0.5 - 0.5 * np.cos(2 * np.pi * n / 400) for n in range(400)])
    samples = padded[160 * frame : 160 * frame + 400] * window
    powers = [
        abs(np.sum(samples * np.exp(-2j * np.pi * bin_ * np.arange(400) / 400))) ** 2
        for bin_ in range(201)
    ]
    top = 15 + 27 * np.log(8) / np.log(6.4)
    edges = [slaney_hz(top * place / 81) for place in range(82)]
    bands = []
    for low, middle, high in zip(edges, edges[1:], edges[2:], strict=False):
        total = 0.0
        for bin_, power in enumerate(powers):
            hz = 40 * bin_
            height = min((hz - low) / (middle - low), (high - hz) / (high - middle))
            total += power * max(0.0, height) * 2 / (high - low)
        bands.append(total)
    return np.array(bands)


@pytest.mark.parametrize("frame", [0, 1, 25, 49])
def test_a_frame_is_what_its_definition_gives(frame):
    spectrogram = log_mel(SPEECH)

    wanted = np.log10(np.maximum(defined(SPEECH, frame), 1e-10))
    ceiling = 4 * spectrogram.max() - 4
    assert 4 * spectrogram[frame] - 4 == pytest.approx(np.maximum(wanted, ceiling - 8), abs=1e-4)


def test_there_are_a_hundred_frames_a_second():
    assert log_mel(SPEECH).shape == (50, N_MELS)


def test_the_gain_of_the_microphone_changes_nothing():
    assert np.allclose(log_mel(SPEECH), log_mel(0.01 * SPEECH), atol=1e-4)


def test_nothing_is_more_than_eight_decades_below_the_loudest():
    tone = np.sin(2 * np.pi * 440 * np.arange(16_000) / 16_000).astype(np.float32)

    spectrogram = log_mel(tone)

    assert spectrogram.max() - spectrogram.min() == pytest.approx(2.0, abs=1e-6)
