import numpy as np
import pytest
import soundfile

from device.doctor.microphone import microphone
from device.errors import MicrophoneError
from device.microphone import SAMPLE_RATE
from device.simulation.clock import SimulatedClock
from device.simulation.microphone import RecordedMicrophone


@pytest.fixture
def recorded(tmp_path):
    def make(samples):
        path = tmp_path / "sound.wav"
        soundfile.write(path, samples, SAMPLE_RATE)
        return RecordedMicrophone(path, SimulatedClock())

    return make


NOISE = np.random.default_rng(0).standard_normal(4 * SAMPLE_RATE)


def test_sound_is_good_and_its_level_is_shown_all_the_while(recorded):
    levels = []
    said = microphone(recorded(0.1 * NOISE), levels.append)
    assert said == "recording, at most -20 dB"
    assert len(levels) > 40
    assert np.mean(levels) == pytest.approx(-20, abs=0.5)


def test_only_zeros_are_a_muted_microphone(recorded):
    with pytest.raises(MicrophoneError, match=r"only zeros: switch it on, .*alsamixer"):
        microphone(recorded(np.zeros(SAMPLE_RATE)), lambda _: None)


def test_hardly_any_sound_is_a_quiet_microphone(recorded):
    with pytest.raises(MicrophoneError, match=r"very quiet \(at most -7\d dB\)"):
        microphone(recorded(2e-4 * NOISE), lambda _: None)


def test_a_microphone_that_is_not_there_is_said(recorded):
    absent = recorded(NOISE)
    absent.plugged_in = False
    with pytest.raises(MicrophoneError, match="no microphone"):
        microphone(absent, lambda _: None)
