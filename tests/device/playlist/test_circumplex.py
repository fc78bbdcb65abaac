"""The places of emotions, and the trajectories from them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.mood import Emotion, Mood
from device.playlist.circumplex import LIFT_STARTS, MATCHES, WORDS, trajectory
from device.playlist.preferences import Preferences, Strategy, default_strategies

TARGET = Preferences().lift_target
chances = st.lists(st.floats(0.01, 1), min_size=8, max_size=8)
targets = st.tuples(st.floats(0, 1), st.floats(0, 1))
ALONG = np.linspace(0, 1, 50)


def mood(*weights):
    total = sum(weights)
    return Mood({e: w / total for e, w in zip(Emotion, weights, strict=True)})


@pytest.mark.parametrize("places", [MATCHES, LIFT_STARTS])
@pytest.mark.parametrize("emotion", Emotion)
def test_every_emotion_has_a_place_in_the_plane(places, emotion):
    place = places[emotion]
    assert 0 < place.valence < 1
    assert 0 < place.arousal < 1
    assert sum(place.moods.values()) <= 1


def test_valence_and_arousal_have_the_signs_of_the_emotions():
    assert MATCHES[Emotion.HAPPY].valence > 0.5 > MATCHES[Emotion.SAD].valence
    assert MATCHES[Emotion.ANGRY].arousal > 0.5 > MATCHES[Emotion.CALM].arousal


@pytest.mark.parametrize("emotion", [Emotion.FEARFUL, Emotion.DISGUST])
def test_fear_and_disgust_are_met_with_calm_music_that_is_not_unpleasant(emotion):
    assert MATCHES[emotion].arousal < 0.4
    assert MATCHES[emotion].valence > 0.5
    assert LIFT_STARTS[emotion].arousal < 0.5
    assert set(MATCHES[emotion].moods) <= {"calm", "tender"}
    assert {(emotion, Strategy.MATCH), (emotion, Strategy.LIFT)} <= set(WORDS)


def test_every_lift_that_is_a_default_is_told_in_words():
    lifted = [e for e, strategy in default_strategies().items() if strategy is Strategy.LIFT]
    assert all("pleasant within half an hour" in WORDS[e, Strategy.LIFT] for e in lifted)


def test_a_mixed_mood_is_between_its_emotions():
    half = dict.fromkeys(Emotion, 0.0) | {Emotion.SAD: 0.5, Emotion.HAPPY: 0.5}
    sad, happy = (MATCHES[emotion].to_array() for emotion in (Emotion.SAD, Emotion.HAPPY))
    found = trajectory(Mood(half), Strategy.MATCH, TARGET).waypoints[0]
    assert found == pytest.approx((sad + happy) / 2)


@pytest.mark.parametrize("emotion", Emotion)
def test_to_match_is_to_stay(emotion):
    found = trajectory(Mood.certain(emotion), Strategy.MATCH, TARGET)
    assert found.is_constant
    assert found.at(ALONG) == pytest.approx(np.tile(MATCHES[emotion].to_array(), (50, 1)))


@given(chances, targets)
def test_a_lift_never_lowers_the_valence(weights, target):
    valence = trajectory(mood(*weights), Strategy.LIFT, target).at(ALONG)[:, 0]
    assert (np.diff(valence) >= -1e-9).all()
    assert valence[-1] >= target[0] - 1e-9


@pytest.mark.parametrize("emotion", [Emotion.HAPPY, Emotion.SURPRISED])
@given(target=targets)
def test_a_lift_of_a_pleasant_emotion_stays_or_rises(emotion, target):
    affect = trajectory(Mood.certain(emotion), Strategy.LIFT, target).at(ALONG)[:, :2]
    start = np.array([MATCHES[emotion].valence, MATCHES[emotion].arousal])
    assert (affect >= start - 1e-9).all()
    assert (np.diff(affect, axis=0) >= -1e-9).all()


@pytest.mark.parametrize(
    "emotion", [Emotion.NEUTRAL, Emotion.CALM, Emotion.SAD, Emotion.FEARFUL, Emotion.DISGUST]
)
def test_a_lift_starts_at_the_emotion_and_ends_at_the_target(emotion):
    start, end = trajectory(Mood.certain(emotion), Strategy.LIFT, TARGET).at(np.array([0, 1]))
    assert start == pytest.approx(LIFT_STARTS[emotion].to_array())
    assert tuple(end[:2]) == pytest.approx(TARGET)


def test_anger_becomes_relaxing_and_then_pleasant():
    affect = trajectory(Mood.certain(Emotion.ANGRY), Strategy.LIFT, TARGET).at(ALONG)
    lowest = int(affect[:, 1].argmin())
    assert 5 < lowest < 45
    assert affect[lowest, 1] < TARGET[1]
    # It is not sad in between: where the arousal is low, the valence is not.
    assert affect[affect[:, 1] < 0.45, 0].min() > 0.45
