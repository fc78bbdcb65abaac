"""Endpointing with a scripted detector, and with Silero."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import fftconvolve

from device.microphone import SAMPLE_RATE, recording
from device.speech import endpointing
from device.speech.endpointing import CHUNK_SAMPLES, Endpointer, Unheard

CHUNK_SECONDS = CHUNK_SAMPLES / SAMPLE_RATE


def loud(chunk: np.ndarray) -> float:
    """A detector that takes everything for speech that can be heard."""
    return float(np.abs(chunk).max() > 1e-3)


def never(chunk: np.ndarray) -> float:
    return 0.0


def always(chunk: np.ndarray) -> float:
    return 1.0


def scripted(*probabilities: float):
    """A detector that answers these, a chunk each, and no speech after them."""
    answers = iter(probabilities)
    return lambda chunk: next(answers, 0.0)


def voice(seconds: float, amplitude: float = 0.3, hertz: float = 200.0) -> np.ndarray:
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return (amplitude * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def silence(seconds: float) -> np.ndarray:
    return np.full(round(seconds * SAMPLE_RATE), 2e-4, np.float32)


def hear(*sounds: np.ndarray, detector=loud) -> np.ndarray | Unheard:
    """What is heard in these sounds, as in a file that ends with the last one."""
    endpointer = Endpointer(lambda: detector)
    heard = endpointer.feed(np.concatenate(sounds))
    return endpointer.finish() if heard is None else heard


def seconds_until_it_ends(*sounds: np.ndarray, detector=loud) -> float:
    endpointer = Endpointer(lambda: detector)
    fed = 0
    for chunk in np.concatenate(sounds).reshape(-1, CHUNK_SAMPLES):
        fed += CHUNK_SAMPLES
        if endpointer.feed(chunk) is not None:
            return fed / SAMPLE_RATE
    raise AssertionError("it did not end")


def about(seconds: float, chunks: float = 1.0):
    return pytest.approx(seconds, abs=chunks * CHUNK_SECONDS)


def test_speech_is_kept_from_0_3_s_before_it_to_0_1_s_after_it():
    heard = hear(silence(1.0), voice(1.5), silence(2.0))

    assert len(heard) / SAMPLE_RATE == about(0.3 + 1.5 + 0.1, chunks=2)
    assert np.flatnonzero(np.abs(heard) > 1e-3)[0] / SAMPLE_RATE == about(0.3)


def test_a_sentence_begins_after_0_3_s_of_speech():
    endpointer = Endpointer(lambda: loud)

    endpointer.feed(voice(0.25))
    before = endpointer.speaking
    endpointer.feed(voice(0.1))

    assert (before, endpointer.speaking) == (False, True)


def test_it_ends_after_0_7_s_of_silence():
    sounds = voice(1.024), silence(3.2)

    assert seconds_until_it_ends(*sounds) == about(1.024 + 0.7)


def test_a_pause_of_less_does_not_end_it():
    heard = hear(voice(1.0), silence(0.6), voice(1.0), silence(2.0))

    assert len(heard) / SAMPLE_RATE == about(1.0 + 0.6 + 1.0 + 0.1, chunks=2)


def test_what_is_said_after_the_end_is_not_heard():
    heard = hear(voice(1.0), silence(1.0), voice(3.0))

    assert len(heard) / SAMPLE_RATE == about(1.1, chunks=2)


def test_it_gives_up_after_5_s_without_speech():
    assert seconds_until_it_ends(silence(9.6)) == about(5.0)


def test_it_does_not_give_up_on_a_sentence_that_has_just_begun():
    heard = hear(silence(4.9), voice(1.0), silence(2.0))

    assert len(heard) / SAMPLE_RATE == about(1.4, chunks=2)


def test_it_cuts_after_10_s_of_speech():
    sounds = silence(1.024), voice(19.2)

    assert seconds_until_it_ends(*sounds) == about(1.024 + 10.0)
    assert len(hear(*sounds)) / SAMPLE_RATE == about(10.3, chunks=2)


def test_a_file_that_ends_in_mid_sentence_is_heard_as_far_as_it_goes():
    heard = hear(silence(0.5), voice(1.0))

    assert len(heard) / SAMPLE_RATE == about(1.3, chunks=2)


def test_speech_that_has_begun_goes_on_at_a_lower_probability():
    hesitant = scripted(0.6, *[0.4] * 30)

    assert len(hear(voice(2.0), detector=hesitant)) / SAMPLE_RATE == about(31 * 0.032 + 0.1)
    assert hear(voice(2.0), detector=scripted(*[0.4] * 30)) is Unheard.NO_SPEECH


def test_a_cough_is_too_short():
    assert hear(silence(0.5), voice(0.2), silence(6.0)) is Unheard.TOO_SHORT


def test_a_cough_does_not_spoil_the_sentence_after_it():
    heard = hear(voice(0.1), silence(1.0), voice(1.0), silence(2.0))

    assert len(heard) / SAMPLE_RATE == about(1.4, chunks=2)


@pytest.mark.parametrize("seconds", [0.01, 0.1, 0.25])
def test_a_file_of_a_moment_is_too_short(seconds):
    assert hear(voice(seconds)) is Unheard.TOO_SHORT


def test_zeros_are_silence():
    assert hear(np.zeros(6 * SAMPLE_RATE, np.float32)) is Unheard.SILENT


def test_no_samples_are_silence():
    assert Endpointer(lambda: loud).finish() is Unheard.SILENT


def test_a_whisper_from_afar_is_too_quiet():
    assert hear(voice(6.0, amplitude=4e-4), detector=never) is Unheard.TOO_QUIET
    assert hear(voice(2.0, amplitude=4e-4), detector=always) is Unheard.TOO_QUIET


def in_turn(*detectors):
    """Detectors of which each look gets the next."""
    looks = iter(detectors)
    return lambda: next(looks)


def test_what_is_a_voice_only_when_slowed_is_heard_in_the_second_look():
    endpointer = Endpointer(in_turn(never, loud))

    endpointer.feed(np.concatenate((silence(1.0), voice(1.5), silence(0.5))))
    heard = endpointer.finish()

    assert len(heard) / SAMPLE_RATE == about(0.3 + 1.5 + 0.1, chunks=3)
    assert np.flatnonzero(np.abs(heard) > 1e-3)[0] / SAMPLE_RATE == about(0.3, chunks=2)


def test_the_second_look_ends_with_the_first_sentence():
    endpointer = Endpointer(in_turn(never, loud))

    endpointer.feed(np.concatenate((silence(0.5), voice(1.0), silence(1.0), voice(1.0))))

    assert len(endpointer.finish()) / SAMPLE_RATE == about(0.3 + 1.0 + 0.1, chunks=3)


@pytest.mark.parametrize("seconds", [0.1, 0.2])
def test_a_bark_is_too_short_for_the_second_look_too(seconds):
    endpointer = Endpointer(in_turn(never, loud, never))

    endpointer.feed(np.concatenate((silence(1.0), voice(seconds), silence(1.0))))

    assert endpointer.finish() is Unheard.NO_SPEECH


def test_the_second_look_takes_only_what_stands_out_of_the_room():
    endpointer = Endpointer(in_turn(never, always, never))

    endpointer.feed(voice(4.0))

    assert endpointer.finish() is Unheard.NO_SPEECH


def test_what_is_a_voice_only_without_its_echoes_is_heard_in_the_third_look():
    endpointer = Endpointer(in_turn(never, never, loud))
    words = [part for _ in range(8) for part in (voice(0.1, hertz=500.0), silence(0.1))]

    endpointer.feed(np.concatenate((silence(1.0), *words, silence(1.0))))
    heard = endpointer.finish()

    assert len(heard) / SAMPLE_RATE == about(0.3 + 1.5 + 0.1, chunks=4)
    assert np.flatnonzero(np.abs(heard) > 1e-3)[0] / SAMPLE_RATE == about(0.3, chunks=2)


def test_the_third_look_takes_only_what_stands_far_out_of_the_room():
    """As a kitchen that clatters."""
    room = np.random.default_rng(1).normal(0, 0.01, 4 * SAMPLE_RATE).astype(np.float32)
    room[SAMPLE_RATE : 3 * SAMPLE_RATE] *= 10 ** (12 / 20)

    for loud_enough, expected in ((1.0, Unheard), (2.0, np.ndarray)):
        sound = room.copy()
        sound[SAMPLE_RATE : 3 * SAMPLE_RATE] *= loud_enough
        endpointer = Endpointer(in_turn(never, never, always))
        endpointer.feed(sound)
        assert isinstance(endpointer.finish(), expected)


def test_an_engine_is_no_voice_without_its_echoes_either():
    """As a motorbike that passes: hardly anything of it is above 300 Hz."""
    endpointer = Endpointer(in_turn(never, never, loud))
    engine = [part for _ in range(8) for part in (voice(0.1, hertz=100.0), silence(0.1))]

    endpointer.feed(np.concatenate((silence(1.0), *engine, silence(1.0))))

    assert endpointer.finish() is Unheard.NO_SPEECH


def test_a_voice_that_is_no_louder_than_the_room_is_none():
    """As a clatter of dishes that the detector takes for a voice."""
    clatter = scripted(*[0.0] * 30, *[0.9] * 20)

    assert hear(voice(3.0), detector=clatter) is Unheard.NO_SPEECH
    assert len(hear(voice(3.0), detector=always)) / SAMPLE_RATE == about(3.0)


def test_sound_that_is_no_speech_is_none():
    assert hear(voice(6.0), detector=never) is Unheard.NO_SPEECH


def test_clipped_speech_is_its_own_outcome():
    clipped = np.clip(voice(2.0, amplitude=3.0), -1, 1)

    assert hear(clipped, silence(1.0)) is Unheard.CLIPPED


@settings(deadline=None)
@given(st.lists(st.integers(0, 3000), max_size=60), st.integers(50, 3000))
def test_it_does_not_matter_how_the_sound_is_cut(lengths, rest):
    sound = np.concatenate((silence(0.4), voice(0.9), silence(0.3), voice(0.5), silence(1.5)))
    endpointer = Endpointer(lambda: loud)

    first, heard = 0, None
    for length in [*lengths, *[rest] * (len(sound) // rest + 1)]:
        heard = endpointer.feed(sound[first : first + length])
        first += length
        if heard is not None:
            break

    np.testing.assert_array_equal(heard, hear(sound))


def pauses(sound: np.ndarray, detector=loud) -> tuple[list[np.ndarray], np.ndarray | Unheard]:
    """What is offered in pauses while it listens, and what is heard in the end.

    The later passes, which hear more, have another detector, and find nothing.
    """
    detectors = iter((detector,))
    offered = []
    pieces = np.split(sound, range(1024, len(sound), 1024))
    endpointer = Endpointer(lambda: next(detectors, never))
    for piece in pieces:
        if (heard := endpointer.feed(piece)) is not None:
            return offered, heard
        if (speech := endpointer.paused()) is not None:
            offered.append(speech)
    return offered, endpointer.finish()


def test_a_pause_is_offered_once_and_as_it_is_heard_in_the_end():
    offered, heard = pauses(np.concatenate((silence(0.5), voice(1.5), silence(2.0))))

    assert len(offered) == 1
    np.testing.assert_array_equal(offered[0], heard)


def test_no_pause_is_offered_before_there_is_a_sentence_or_when_it_cannot_be_judged():
    faint = np.concatenate((voice(1.0, amplitude=2e-4), silence(2.0)))

    assert pauses(np.concatenate((voice(0.2), silence(0.28), silence(5.0))))[0] == []
    assert pauses(faint, detector=lambda chunk: float(np.abs(chunk).max() > 1.9e-4))[0] == []


@given(st.lists(st.tuples(st.integers(1, 25), st.integers(1, 21)), min_size=1, max_size=6))
def test_wherever_the_voice_goes_on_the_last_pause_is_the_sentence(turns):
    """Turns of voice and silence, in chunks."""
    sound = [part for on, off in turns for part in (voice(on * 0.032), silence(off * 0.032))]
    offered, heard = pauses(np.concatenate((*sound, silence(1.0))))

    if isinstance(heard, Unheard):
        assert offered == []
    else:
        np.testing.assert_array_equal(offered[-1], heard)
    ends = [len(speech) for speech in offered]
    assert ends == sorted(set(ends))


def test_each_sentence_of_a_recording_is_found_with_its_time(spoken):
    faint = 1e-3 * spoken
    parts = (spoken, room(2.0), spoken, room(9.0), faint, room(2.0), spoken)
    sound = np.concatenate(parts)
    begins = np.cumsum([0, *map(len, parts)])[[0, 2, 6]] / SAMPLE_RATE
    found = list(endpointing.sentences(np.split(sound, range(1000, len(sound), 1000))))
    times = [at for at, heard in found if isinstance(heard, np.ndarray)]

    assert times == pytest.approx(begins.tolist(), abs=0.4)
    for at, heard in found:
        if isinstance(heard, np.ndarray):
            begin = round(at * SAMPLE_RATE)
            np.testing.assert_array_equal(heard, sound[begin : begin + len(heard)])
    assert list(endpointing.sentences([room(12.0)])) == []
    assert list(endpointing.sentences([])) == []


@pytest.fixture
def spoken(sentence) -> np.ndarray:
    """A synthetic sentence, 16 kHz."""
    return np.concatenate(list(recording.read(sentence)))


def room(seconds: float) -> np.ndarray:
    """The hiss of a quiet room."""
    noise = np.random.default_rng(1).normal(0, 3e-4, round(seconds * SAMPLE_RATE))
    return noise.astype(np.float32)


def test_silero_hears_a_sentence(spoken):
    heard = endpointing.listen([room(1.0), spoken, room(2.0)])

    assert len(heard) / SAMPLE_RATE == pytest.approx(len(spoken) / SAMPLE_RATE, abs=0.8)


def test_silero_hears_a_sentence_that_is_cut_off(spoken):
    heard = endpointing.listen([spoken[: 2 * SAMPLE_RATE]])

    assert len(heard) / SAMPLE_RATE > 1.5


def test_silero_takes_hiss_hum_and_silence_for_no_speech():
    noise = np.random.default_rng(1).normal(0, 0.1, 6 * SAMPLE_RATE).astype(np.float32)

    assert endpointing.listen([noise]) is Unheard.NO_SPEECH
    assert endpointing.listen([voice(6.0)]) is Unheard.NO_SPEECH
    assert endpointing.listen([np.zeros_like(noise)]) is Unheard.SILENT


def test_a_microphone_that_is_turned_up_too_far_is_told(spoken):
    assert endpointing.listen([np.clip(spoken * 40, -1, 1), room(2.0)]) is Unheard.CLIPPED


def test_silero_hears_the_sentence_in_recordings_of_people(data):
    for clip in sorted(data.glob("ravdess/Actor_*/*.flac"))[::240]:
        heard = endpointing.listen(recording.read(clip))
        assert not isinstance(heard, Unheard), f"{clip.name}: {heard}"
        assert 0.8 < len(heard) / SAMPLE_RATE < 5.0


def test_silero_computes_on_one_thread():
    """In a process of its own: how many threads there are is decided when it is imported."""
    program = (
        "import os, numpy\n"
        "from device.speech import endpointing\n"
        "before = len(os.listdir('/proc/self/task'))\n"
        "detector = endpointing.silero()\n"
        "detector(numpy.zeros(endpointing.CHUNK_SAMPLES, numpy.float32))\n"
        "print(len(os.listdir('/proc/self/task')) - before)\n"
    )
    environment = {key: value for key, value in os.environ.items() if not key.startswith("OMP_")}
    run = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout == "0\n"


def test_screams_are_heard(data):
    """Clips of RAVDESS that Silero alone does not take for speech."""
    for name in ("03-01-06-02-02-02-06", "03-01-05-02-02-02-06", "03-01-06-02-02-02-20"):
        clip = data / "ravdess" / f"Actor_{name[-2:]}" / f"{name}.flac"
        heard = endpointing.listen(recording.read(clip))
        assert not isinstance(heard, Unheard), f"{clip.name}: {heard}"


def test_voices_in_rooms_that_echo_are_heard(data):
    """Clips of RAVDESS that Silero does not take for speech in these rooms."""
    for room, name in (
        ("medium_room", "03-01-02-02-02-01-05"),
        ("large_room", "03-01-07-01-01-02-14"),
        ("hall", "03-01-07-02-02-01-01"),
    ):
        clip = data / "ravdess" / f"Actor_{name[-2:]}" / f"{name}.flac"
        sound, echoes = (
            np.concatenate(list(recording.read(path)))
            for path in (clip, data / "rir" / f"{room}.flac")
        )
        echoing = fftconvolve(sound, echoes[np.argmax(np.abs(echoes)) :])
        echoing *= np.abs(sound).max() / np.abs(echoing).max()
        heard = endpointing.listen([echoing])
        assert not isinstance(heard, Unheard), f"{clip.name} in {room}: {heard}"
