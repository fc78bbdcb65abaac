"""Variants of a sentence."""

import numpy as np
import pytest

from device.speech.endpointing import loudness
from training.emotion.augmentation import (
    Surroundings,
    augmented,
    faster,
    in_room,
    synthetic_room,
    through_microphone,
    through_opus,
    through_telephone,
    with_noise,
)

RNG = np.random.default_rng(2)
ECHO = np.zeros(4000)
ECHO[[0, 3000]] = 0.8, 0.6
PLACES = Surroundings((ECHO,), (RNG.normal(0, 1, 5000),))


@pytest.fixture
def speech():
    """A tone of 440 Hz that swells, one second."""
    seconds = np.arange(16_000) / 16_000
    return (0.1 * seconds * np.sin(2 * np.pi * 440 * seconds)).astype(np.float32)


def pitch_hz(sound):
    return np.argmax(np.abs(np.fft.rfft(sound))) * 16_000 / len(sound)


@pytest.mark.parametrize("speed", [0.87, 1.15])
def test_a_faster_sentence_is_shorter_and_higher(speech, speed):
    other = faster(speech, speed)

    assert len(other) == pytest.approx(len(speech) / speed, abs=2)
    assert pitch_hz(other) == pytest.approx(440 * speed, abs=3)


def test_a_room_echoes(speech):
    knock = np.zeros(16_000, np.float32)
    knock[1000] = 0.5

    heard = in_room(knock, ECHO)

    assert np.flatnonzero(np.abs(heard) > 0.1).tolist() == [1000, 4000]
    assert loudness(in_room(speech, ECHO)) == pytest.approx(loudness(speech), rel=1e-5)


def test_rooms_are_made_up_whose_echoes_die_away():
    rooms = [synthetic_room(np.random.default_rng(seed)) for seed in range(20)]

    for room in rooms:
        half = len(room) // 2
        assert np.sum(room**2) == pytest.approx(1)
        assert np.argmax(np.abs(room)) == 0
        assert not np.any(room[1:16])
        assert np.sum(room[half:] ** 2) < 0.01 * np.sum(room[1:half] ** 2)
    assert len({len(room) for room in rooms}) > 10


@pytest.mark.parametrize("ratio_db", [8, 30])
def test_noise_is_as_loud_as_was_asked(speech, ratio_db):
    noise = with_noise(speech, PLACES.noises[0], ratio_db, np.random.default_rng(0)) - speech

    assert 20 * np.log10(loudness(speech) / loudness(noise)) == pytest.approx(ratio_db, abs=0.3)


@pytest.mark.parametrize("code", [lambda s: through_opus(s, 1.0), through_telephone])
def test_a_codec_keeps_the_pitch_and_loses_a_little(speech, code):
    coded = code(speech)

    assert len(coded) == len(speech)
    assert pitch_hz(coded) == pytest.approx(440, abs=2)
    alike = np.corrcoef(coded, speech)[0, 1]
    assert 0.9 < alike < 1 - 1e-6


def test_microphones_differ(speech):
    one, other = (through_microphone(speech, np.random.default_rng(seed)) for seed in (0, 1))

    assert len(one) == len(speech)
    assert np.abs(one - other).max() > 1e-3


@pytest.mark.parametrize("places", [PLACES, Surroundings((), ())], ids=["places", "none"])
def test_any_variant_is_a_sound_and_the_same_one_again(speech, places):
    for seed in range(30):
        variant = augmented(speech, places, np.random.default_rng(seed))
        again = augmented(speech, places, np.random.default_rng(seed))

        assert variant.dtype == np.float32
        assert np.isfinite(variant).all()
        assert loudness(variant) > 0
        assert np.array_equal(variant, again)


def test_training_and_test_share_no_room_and_no_noise(data):
    one, other = (Surroundings.read(data, half) for half in (0, 1))

    assert len(one.rooms) == len(other.rooms) == 6
    for these, those in ((one.rooms, other.rooms), (one.noises, other.noises)):
        assert not {sound.tobytes() for sound in these} & {sound.tobytes() for sound in those}


def test_a_folder_without_rooms_has_none(tmp_path):
    assert Surroundings.read(tmp_path, 0) == Surroundings((), ())
