import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.emotion.household import (
    MAX_REFUSAL,
    MEMORY_SENTENCES,
    PRIOR_SENTENCES,
    Household,
    weight_of,
)
from device.mood import Emotion

USB, ARRAY = "USB microphone", "array"
VOICE = np.array([0.3, -0.1, 0.2], np.float32)
OTHER = np.array([-0.1, 0.2, 0.0], np.float32)


def after(voices, household=None, microphone=USB, emotion=Emotion.CALM):
    """The household after some sentences of one emotion, a minute apart."""
    household = household or Household()
    for number, voice in enumerate(voices):
        household = household.with_sentence(microphone, voice, emotion, at=1e9 + 60 * number)
    return household


def rms(vector):
    return float(np.sqrt(np.mean(np.square(vector))))


def test_of_a_new_household_nothing_is_known():
    assert np.all(Household().shift(USB) == 0)
    assert np.all(Household().prior() == 1)


@pytest.mark.parametrize("count", [8, 16, 40])
def test_the_mean_of_training_has_the_weight_of_some_sentences(count):
    household = Household()
    for number in range(count):
        household = after([VOICE], household, emotion=list(Emotion)[number % len(Emotion)])
    expected = count / (PRIOR_SENTENCES + count) * VOICE
    # Of 40 sentences a quarter is forgotten.
    assert household.shift(USB) == pytest.approx(expected, rel=0.06)


def test_of_a_single_mood_less_is_subtracted_because_it_may_be_that_of_the_voice():
    one, nearly, four, all_ = (
        weight_of(np.array(counts))
        for counts in ([40] + [0] * 7, [37, 1, 1, 1] + [0] * 4, [10] * 4 + [0] * 4, [5] * 8)
    )
    assert one < 0.25 < nearly < 0.4 < four < 0.7 < 0.8 < all_


@given(st.lists(st.integers(0, 100), min_size=8, max_size=8).filter(any))
def test_the_weight_is_a_share_and_grows_with_the_sentences(counts):
    few, many = weight_of(np.array(counts)), weight_of(2 * np.array(counts))
    assert 0 < few < many < 1


def share_of_other(calm, sad):
    """The share of the sad sentences in the mean, after calm and sad ones in turn."""
    household = Household()
    for number in range(calm + sad):
        if (number + 1) * sad // (calm + sad) > number * sad // (calm + sad):
            household = after([OTHER], household, emotion=Emotion.SAD)
        else:
            household = after([VOICE], household)
    mean = household.voices[USB].mean
    return float((mean - VOICE) @ (OTHER - VOICE) / np.sum((OTHER - VOICE) ** 2))


def test_moods_that_are_heard_as_often_weigh_the_same():
    assert share_of_other(10, 10) == pytest.approx(0.5, abs=0.03)


def test_a_mood_that_is_the_rule_weighs_less_than_its_sentences():
    assert share_of_other(20, 5) == pytest.approx(1 / 3, abs=0.04)
    assert share_of_other(36, 4) == pytest.approx(1 / 4, abs=0.04)


def test_each_microphone_has_its_own_mean():
    household = after([OTHER] * 3, after([VOICE] * 5), ARRAY)
    assert household.voices[USB].sentences == 5
    assert household.voices[ARRAY].mean == pytest.approx(OTHER)


def test_the_microphones_that_were_heard_last_are_kept():
    household = Household()
    for number in range(20):
        household = household.with_sentence(f"{number}", VOICE, Emotion.SAD, at=number)
        household = household.with_sentence("always", VOICE, Emotion.SAD, at=number)
    assert set(household.voices) == {*(str(number) for number in range(13, 20)), "always"}


def test_the_microphone_at_a_new_place_is_known_again_after_some_evenings():
    moved = after([OTHER] * 6 * MEMORY_SENTENCES, after([VOICE] * 1000))
    assert rms(moved.voices[USB].mean - OTHER) < 0.1 * rms(VOICE - OTHER)


@given(
    st.lists(st.floats(-1e6, 1e6, width=32), min_size=3, max_size=3),
    st.integers(0, 80),
    st.sampled_from(Emotion),
)
def test_one_sentence_moves_the_shift_by_a_bounded_step(wild, count, emotion):
    known = after([VOICE] * count)
    wild = after([np.array(wild, np.float32)], known, emotion=emotion)
    assert rms(wild.shift(USB) - known.shift(USB)) < 0.08


def test_one_wild_evening_moves_it_little():
    known = after([VOICE] * 100)
    wild = after([np.array([50, -50, 50], np.float32)] * 12, known, emotion=Emotion.ANGRY)
    assert rms(wild.shift(USB) - known.shift(USB)) < 0.1


@pytest.mark.parametrize("distance", [0.2, 0.4, 0.6, 1.0, 5.0])
def test_an_evening_in_a_new_mood_moves_it_by_less_than_another_person_would(distance):
    known = after([VOICE] * 100)
    evening = after([VOICE + np.float32(distance)] * 12, known, emotion=Emotion.ANGRY)
    # The means of the corpora's speakers are 0.15 to 0.24 from that of all.
    assert rms(evening.shift(USB) - known.shift(USB)) < 0.15


def test_a_refusal_lowers_a_prior_a_little_and_it_comes_back():
    once = Household().with_refusal(Emotion.ANGRY)
    assert once.prior() == pytest.approx([1, 1, 1, 1, 0.819, 1, 1, 1], abs=0.001)
    later = after([VOICE] * 200, once)
    assert 0.95 < later.prior()[4] < 1
    assert later.refusals[Emotion.ANGRY].times == 1


@given(st.lists(st.sampled_from([*Emotion, None]), max_size=300))
def test_whatever_is_refused_no_emotion_becomes_less_than_half_as_likely(refused):
    household = Household()
    for emotion in refused:
        if emotion:
            household = household.with_refusal(emotion)
        else:
            household = household.with_sentence(USB, VOICE, Emotion.CALM, at=0)
    assert np.all(household.prior() > np.exp(-MAX_REFUSAL) - 1e-9)
    assert np.all(household.prior() <= 1)


def parsed(household, model="m"):
    return Household.parse(household.text("m").encode(), model, channels=3)


def test_the_file_holds_all_of_it():
    household = after([OTHER], after([VOICE] * 5).with_refusal(Emotion.SAD), ARRAY)
    again = parsed(household)
    assert again.text("m") == household.text("m")
    assert again.shift(USB) == pytest.approx(household.shift(USB), rel=1e-3)
    assert again.prior() == pytest.approx(household.prior(), rel=1e-3)


def test_a_clock_that_is_behind_loses_nothing():
    household = after([VOICE]).with_sentence(USB, VOICE, Emotion.SAD, at=0.0)
    assert parsed(household).voices[USB].sentences == 2
    assert parsed(household).voices[USB].until == 1e9


def test_a_household_of_another_model_or_format_begins_anew():
    household = after([VOICE]).with_refusal(Emotion.SAD)
    assert parsed(household, model="other") == Household()
    newer = json.dumps(json.loads(household.text("m")) | {"format": 2}).encode()
    assert Household.parse(newer, "m", channels=3) == Household()


def damaged(**changes):
    """The content of a file with one microphone."""
    values = {
        "sentences": 1,
        "since": 1,
        "until": 2,
        "counts": [1, 0, 0, 0, 0, 0, 0, 0],
        "mean": "AAAAAAAA",
    }
    return {"voices": {"a": values | changes}}


def test_the_values_that_are_damaged_below_are_good():
    content = json.dumps(json.loads(after([VOICE]).text("m")) | damaged()).encode()
    assert Household.parse(content, "m", channels=3).voices["a"].sentences == 1


@pytest.mark.parametrize(
    "change",
    [
        {"voices": []},
        {"voices": {"a": None}},
        {"voices": {"a": {}}},
        damaged(sentences=0),
        damaged(since=3),
        damaged(until=1e300),
        damaged(counts=[1] * 7),
        damaged(counts=[0] * 8),
        damaged(counts=[-1, 2, 0, 0, 0, 0, 0, 0]),
        damaged(counts=None),
        damaged(mean="AAAA"),
        damaged(mean="AHwAAAAA"),
        damaged(mean="!"),
        {"refusals": {"bored": {"times": 1, "strength": 0.1}}},
        {"refusals": {"sad": {"times": 0, "strength": 0.1}}},
        {"refusals": {"sad": {"times": 1, "strength": 3}}},
        {"refusals": None},
    ],
)
def test_a_damaged_household_is_refused(change):
    content = json.dumps(json.loads(after([VOICE]).text("m")) | change).encode()
    with pytest.raises(ValueError, match=r"."):
        Household.parse(content, "m", channels=3)
