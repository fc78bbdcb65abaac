import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.microphone import SAMPLE_RATE
from device.microphone.resampling import resampled


def tone(hz: float, rate_hz: int, seconds: float = 1.0) -> np.ndarray:
    """A sine of amplitude 0.5 [shape=(frames, 1), float32]."""
    time = np.arange(round(seconds * rate_hz)) / rate_hz
    return (0.5 * np.sin(2 * np.pi * hz * time)).astype(np.float32)[:, None]


def whole(blocks: list[np.ndarray], rate_hz: int) -> np.ndarray:
    return np.concatenate(list(resampled(blocks, rate_hz)))


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 22_050, 44_100, 48_000, 96_000])
def test_a_tone_keeps_its_pitch_its_loudness_and_its_length(rate_hz):
    sound = whole([tone(1000, rate_hz)], rate_hz)

    middle = slice(1_000, 15_000)
    expected = tone(1000, SAMPLE_RATE)[:, 0]
    assert len(sound) == pytest.approx(SAMPLE_RATE, abs=2)
    assert sound.dtype == np.float32
    np.testing.assert_allclose(sound[middle], expected[middle], atol=2e-3)


def test_what_16_khz_cannot_hold_is_not_mirrored_into_the_speech():
    sound = whole([tone(10_000, 48_000)], 48_000)

    assert np.abs(sound[1_000:15_000]).max() < 1e-3


def test_channels_are_folded_to_their_mean():
    left, right = tone(300, 16_000), tone(700, 16_000)

    both = whole([np.hstack((left, right))], 16_000)

    np.testing.assert_allclose(both, ((left + right) / 2)[:, 0], atol=1e-6)


@settings(deadline=None)
@given(st.lists(st.integers(100, 5_000), min_size=1, max_size=12))
def test_it_does_not_matter_how_the_sound_is_cut(lengths):
    sound = tone(440, 44_100, sum(lengths) / 44_100)

    pieces = np.split(sound, np.cumsum(lengths)[:-1])

    np.testing.assert_allclose(whole(pieces, 44_100), whole([sound], 44_100), atol=1e-5)
