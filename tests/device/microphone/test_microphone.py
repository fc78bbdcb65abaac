"""The names of microphones, and the simulated one. The real one is tested in ``tests/alsa``."""

import numpy as np
import pytest
import soundfile

from device.errors import MicrophoneError, RecordingError
from device.microphone import SAMPLE_RATE, microphone
from device.simulation.clock import SimulatedClock
from device.simulation.microphone import RecordedMicrophone

USB = "USB PnP Sound Device: Audio (hw:1,0)"
WEBCAM = "Webcam C270: USB Audio (hw:2,0)"


@pytest.mark.parametrize("name", ["PnP", "usb pnp", USB, USB.upper()])
def test_a_part_of_a_name_means_the_microphone(name):
    assert microphone.match(name, [WEBCAM, USB]) == USB


@pytest.mark.parametrize(
    ("name", "stable"),
    [
        (USB, "USB PnP Sound Device: Audio"),
        (USB.replace("hw:1", "hw:12"), "USB PnP Sound Device: Audio"),
        ("default", "default"),
        ("Mic (hw:1,0) of Ada", "Mic (hw:1,0) of Ada"),
    ],
)
def test_the_stable_name_has_no_number_of_a_card(name, stable):
    assert microphone.stable_name(name) == stable


def test_a_whole_name_wins_over_a_part_of_another():
    assert microphone.match("usb", ["USB Camera", "USB"]) == "USB"


def test_a_name_that_means_two_is_refused_with_both():
    with pytest.raises(MicrophoneError) as caught:
        microphone.match("USB", [USB, WEBCAM, "default"])

    assert USB in str(caught.value)
    assert WEBCAM in str(caught.value)
    assert "default" not in str(caught.value)


def test_a_name_that_means_none_is_refused_with_what_is_there():
    with pytest.raises(MicrophoneError, match=r"'Yeti'.*Webcam"):
        microphone.match("Yeti", [WEBCAM])


def test_where_there_is_no_microphone_the_remedy_is_to_plug_one_in():
    with pytest.raises(MicrophoneError, match="plug one in"):
        microphone.match("Yeti", [])


@pytest.fixture
def clock():
    return SimulatedClock()


@pytest.fixture
def wav(tmp_path):
    """Two seconds of noise."""
    path = tmp_path / "spoken.wav"
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, 2 * SAMPLE_RATE)
    soundfile.write(path, noise, SAMPLE_RATE, subtype="FLOAT")
    return path


def hear(sound, seconds: float) -> np.ndarray:
    pieces = []
    while sum(map(len, pieces)) < seconds * SAMPLE_RATE:
        pieces.append(next(sound))
    return np.concatenate(pieces)


def test_the_fake_plays_a_file_and_then_silence_without_end(wav, clock):
    with RecordedMicrophone(wav, clock).open() as sound:
        heard = hear(sound, 4.0)

    spoken, _ = soundfile.read(wav, dtype="float32")
    np.testing.assert_allclose(heard[: len(spoken)], spoken, atol=1e-6)
    assert not heard[len(spoken) :].any()


def test_the_fake_takes_as_long_as_the_sound(wav, clock):
    before = clock.now()
    with RecordedMicrophone(wav, clock).open() as sound:
        heard = hear(sound, 3.0)

    assert clock.now() - before == pytest.approx(len(heard) / SAMPLE_RATE)


def test_the_fake_plays_from_the_beginning_each_time(wav, clock):
    fake = RecordedMicrophone(wav, clock)
    with fake.open() as sound:
        first = next(sound)
    with fake.open() as sound:
        np.testing.assert_array_equal(next(sound), first)


def test_the_fake_can_be_absent(wav, clock):
    fake = RecordedMicrophone(wav, clock)
    fake.plugged_in = False

    with pytest.raises(MicrophoneError, match="plug one in"), fake.open():
        pass


def test_the_fake_can_be_unplugged_in_mid_sentence_and_plugged_in_again(wav, clock):
    fake = RecordedMicrophone(wav, clock, unplug_after_seconds=0.5)

    with pytest.raises(MicrophoneError, match="stopped delivering"), fake.open() as sound:
        hear(sound, 2.0)
    with pytest.raises(MicrophoneError, match="plug one in"), fake.open():
        pass
    fake.plugged_in = True
    with fake.open() as sound:
        assert len(hear(sound, 0.4))


def test_a_bad_file_gives_its_own_error_through_the_fake(tmp_path, clock):
    fake = RecordedMicrophone(tmp_path / "nowhere.wav", clock)

    with pytest.raises(RecordingError), fake.open() as sound:
        next(sound)
