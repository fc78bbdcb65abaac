"""The microphone with real PyAudio, PortAudio and ALSA; the ALSA device plays a file."""

import numpy as np
import pytest
import soxr

from device.microphone import SAMPLE_RATE

USB = "USB PnP Sound Device"
RATE_HZ = 48_000


def hiss(seconds: float, rate_hz: int = RATE_HZ, channels: int = 1) -> np.ndarray:
    """Noise below 3 kHz [shape=(frames, channels), int16]."""
    noise = np.random.default_rng(1).normal(0, 6000, (round(seconds * 6000), channels))
    return soxr.resample(noise, 6000, rate_hz).clip(-32768, 32767).astype(np.int16)


@pytest.fixture
def microphone(bed):
    return bed.microphone(USB, hiss(1.0), RATE_HZ)


@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_sound_arrives_whole_as_16_khz_mono_but_for_the_first_tenth_of_a_second(
    bed, listener, rate_hz, channels
):
    spoken = hiss(1.0, rate_hz, channels)
    bed.microphone(USB, spoken, rate_hz)

    listener.listen(seconds=0.8)

    expected = soxr.resample(spoken.mean(axis=1) / 32768, rate_hz, SAMPLE_RATE)[1600:]
    sound = listener.sound()[:12_000]
    # The filter needs 20 ms to settle where the cold beginning was cut off.
    difference = (sound - expected[: len(sound)])[320:]
    assert np.sqrt(np.mean(difference**2)) < 1e-3 * np.sqrt(np.mean(expected**2))


def test_sound_arrives_as_fast_as_it_is_spoken(microphone, listener):
    heard = listener.listen(seconds=1.0)

    assert 0.9 < heard["took_seconds"] < 2.5


def test_a_part_of_the_name_finds_the_microphone(bed, listener):
    other = bed.microphone("Webcam", hiss(0.1), 44_100)
    wanted = bed.microphone(USB, hiss(0.5), RATE_HZ)

    heard = listener.listen("usb pnp", seconds=0.2)
    assert heard["seconds"] >= 0.2
    assert heard["device"] == USB
    assert (wanted.log, other.log) == (["start", "stop"], [])


def test_no_sound_is_taken_before_the_opening_or_after_it(microphone, listener):
    before = microphone.log
    during = []
    listener.listen(seconds=0.2, when_hearing=lambda: during.extend(microphone.log))

    assert (before, during, microphone.log) == ([], ["start"], ["start", "stop"])


def test_an_unknown_name_is_answered_with_those_that_are_there(microphone, listener):
    heard = listener.listen("Blue Yeti")

    assert "'Blue Yeti'" in heard["error"]
    assert USB in heard["error"]


def test_no_microphone_at_all_is_told_within_a_second(listener):
    heard = listener.listen()

    assert heard["error"] == "There is no microphone; plug one in."
    assert heard["took_seconds"] < 1.0


@pytest.mark.parametrize("mishap", ["unplug", "stall"])
def test_a_microphone_that_ends_in_mid_sentence_is_told_in_about_a_second(
    microphone, listener, mishap
):
    heard = listener.listen(seconds=60.0, when_hearing=getattr(microphone, mishap))

    assert heard["error"] == "The microphone stopped delivering sound; check its plug."
    assert heard["took_seconds"] < 3.0


def test_the_microphone_works_again_once_it_is_plugged_in(microphone, listener):
    listener.listen(seconds=60.0, when_hearing=microphone.unplug)
    while_out = listener.listen()
    microphone.plug_in()
    back = listener.listen(seconds=0.2)

    assert "no microphone" in while_out["error"]
    assert "error" not in back


def test_a_microphone_that_is_plugged_in_later_is_found(bed, listener):
    first = bed.microphone(USB, hiss(0.5), RATE_HZ)
    first.unplug()
    absent = listener.listen("USB")
    first.plug_in()

    assert "error" in absent
    assert "error" not in listener.listen("USB", seconds=0.2)


def test_a_muted_microphone_gives_zeros(microphone, listener):
    microphone.mute()
    listener.listen(seconds=0.2)

    assert not listener.sound().any()


def test_a_gap_in_the_sound_is_survived_and_told_once(microphone, listener):
    heard = listener.listen(seconds=0.5, when_hearing=microphone.hiccup)

    assert heard["seconds"] >= 0.5
    # A busy machine may make gaps of its own.
    assert listener.close().count("Gaps in the sound: ") == 1


def test_a_device_that_hangs_portaudio_hangs_nobody_else(microphone, listener):
    wedged = listener.listen(seconds=60.0, when_hearing=microphone.wedge)
    again = listener.listen()

    assert "stopped delivering sound" in wedged["error"]
    assert wedged["took_seconds"] < 4.0
    assert "still in use" in again["error"]


def test_nothing_of_alsa_and_portaudio_reaches_stderr(bed, listener):
    bed.microphone(USB, hiss(0.5), RATE_HZ).unplug()
    listener.listen()

    assert listener.close() == ""
