import os
import tracemalloc
import wave
from itertools import islice

import numpy as np
import pytest
import soundfile

from device.errors import RecordingError
from device.microphone import SAMPLE_RATE, recording

SECONDS = 0.5


def tone(rate_hz: int, channels: int = 1) -> np.ndarray:
    time = np.arange(round(SECONDS * rate_hz)) / rate_hz
    return np.repeat(0.3 * np.sin(2 * np.pi * 440 * time)[:, None], channels, axis=1)


def whole(path) -> np.ndarray:
    return np.concatenate(list(recording.read(path)))


def assert_is_the_tone(sound: np.ndarray, atol: float) -> None:
    middle = slice(1_000, 7_000)
    np.testing.assert_allclose(sound[middle], tone(SAMPLE_RATE)[middle, 0], atol=atol)


@pytest.fixture
def wav(tmp_path):
    """A good recording: 16 bits, 48 kHz, one channel."""
    path = tmp_path / "good.wav"
    soundfile.write(path, tone(48_000), 48_000, subtype="PCM_16")
    return path


@pytest.mark.parametrize(
    ("subtype", "atol"),
    [
        ("PCM_U8", 0.01),
        ("PCM_16", 1e-3),
        ("PCM_24", 1e-3),
        ("PCM_32", 1e-3),
        ("FLOAT", 1e-3),
        ("DOUBLE", 1e-3),
        ("ULAW", 0.02),
    ],
)
def test_every_kind_of_wav_is_read(tmp_path, subtype, atol):
    path = tmp_path / "tone.wav"
    soundfile.write(path, tone(48_000), 48_000, subtype=subtype)

    assert_is_the_tone(whole(path), atol)


@pytest.mark.parametrize(("ending", "atol"), [("flac", 1e-3), ("ogg", 0.05)])
def test_flac_and_ogg_are_read(tmp_path, ending, atol):
    path = tmp_path / f"tone.{ending}"
    soundfile.write(path, tone(48_000), 48_000)

    assert_is_the_tone(whole(path), atol)


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 16_000, 44_100, 96_000, 192_000])
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_every_rate_and_number_of_channels_becomes_16_khz_mono(tmp_path, rate_hz, channels):
    path = tmp_path / "tone.wav"
    soundfile.write(path, tone(rate_hz, channels), rate_hz, subtype="PCM_24")

    sound = whole(path)

    assert (sound.dtype, sound.ndim) == (np.float32, 1)
    assert_is_the_tone(sound, atol=3e-3)


def test_the_contents_decide_and_not_the_name(wav):
    assert_is_the_tone(whole(wav.rename(wav.with_suffix(".raw"))), atol=1e-3)


def test_a_file_that_was_cut_short_is_read_as_far_as_it_goes(wav):
    wav.write_bytes(wav.read_bytes()[: 44 + 2 * 12_000])

    assert len(whole(wav)) == pytest.approx(SAMPLE_RATE / 4, abs=2)


def test_an_hour_takes_no_more_memory_than_a_minute(tmp_path):
    path = tmp_path / "hour.wav"
    with wave.open(str(path), "wb") as hour:
        hour.setparams((1, 2, 16_000, 0, "NONE", ""))
        hour.setnframes(3600 * 16_000)
        hour.writeframesraw(b"")
    with path.open("r+b") as file:
        file.truncate(44 + 2 * 3600 * 16_000)
        file.seek(40)
        file.write((2 * 3600 * 16_000).to_bytes(4, "little"))

    tracemalloc.start()
    heard = sum(len(piece) for piece in islice(recording.read(path), 1000))
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert heard > 60 * SAMPLE_RATE
    assert peak_bytes < 1_000_000


def refusal(path) -> str:
    with pytest.raises(RecordingError) as caught:
        whole(path)
    assert str(path) in str(caught.value)
    return str(caught.value)


def test_a_missing_file_is_refused(tmp_path):
    assert "No such file" in refusal(tmp_path / "nowhere.wav")


def test_a_folder_is_refused(tmp_path):
    assert "folder" in refusal(tmp_path)


def test_what_is_no_file_is_refused():
    assert "no file" in refusal("/dev/zero")


def test_an_empty_file_is_refused(wav):
    wav.write_bytes(b"")

    assert "is empty" in refusal(wav)


@pytest.mark.parametrize("kept_bytes", [3, 12, 20, 40])
def test_a_header_that_was_cut_short_is_refused(wav, kept_bytes):
    wav.write_bytes(wav.read_bytes()[:kept_bytes])

    assert "no recording" in refusal(wav)


def test_a_header_without_samples_is_refused(wav):
    wav.write_bytes(wav.read_bytes()[:44])

    assert "no sound" in refusal(wav)


@pytest.mark.parametrize("contents", [b"Dear diary, " * 500, bytes(9_000)])
def test_what_is_no_sound_is_refused(wav, contents):
    wav.write_bytes(contents)

    assert "no recording" in refusal(wav)


@pytest.mark.parametrize("ending", ["flac", "ogg"])
def test_a_damaged_compressed_file_is_refused(tmp_path, ending):
    path = tmp_path / f"tone.{ending}"
    soundfile.write(path, tone(48_000), 48_000)
    path.write_bytes(path.read_bytes()[:60])

    assert "no recording" in refusal(path)


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_samples_that_are_no_numbers_are_refused_with_their_place(tmp_path, number):
    path = tmp_path / "broken.wav"
    sound = tone(48_000)
    sound[12_000] = number
    soundfile.write(path, sound, 48_000, subtype="FLOAT")

    assert "not numbers, 0.2 s from its beginning" in refusal(path)


@pytest.mark.parametrize("rate_hz", [4_000, 1_000_000])
def test_a_rate_that_no_microphone_has_is_refused(tmp_path, rate_hz):
    path = tmp_path / "tone.wav"
    soundfile.write(path, tone(48_000), rate_hz)

    assert f"{rate_hz} samples a second" in refusal(path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_recording_in_a_closed_folder_is_an_error(tmp_path):
    (tmp_path / "voice.wav").write_bytes(b"RIFF")
    tmp_path.chmod(0o700)
    os.seteuid(54321)
    try:
        with pytest.raises(RecordingError, match="Permission denied"):
            next(recording.read(tmp_path / "voice.wav"))
    finally:
        os.seteuid(0)
