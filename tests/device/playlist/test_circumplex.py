"""The affect of emotions and moods, and trajectories through the plane."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.mood import Emotion, Mood
from device.playlist.circumplex import (
    CENTRE,
    RADIUS,
    Strategy,
    emotion_affect,
    mood_affect,
    trajectory,
)

TARGET = np.array([0.8, 0.4])
chances = st.lists(st.floats(0.01, 1), min_size=8, max_size=8)


def mood(*weights):
    total = sum(weights)
    return Mood({e: w / total for e, w in zip(Emotion, weights, strict=True)})


@pytest.mark.parametrize("emotion", Emotion)
def test_every_emotion_is_in_the_plane_and_only_neutral_in_its_centre(emotion):
    away = np.linalg.norm(emotion_affect(emotion) - CENTRE)
    assert away == pytest.approx(0 if emotion is Emotion.NEUTRAL else RADIUS)
    assert ((emotion_affect(emotion) > 0) & (emotion_affect(emotion) < 1)).all()


def test_valence_and_arousal_have_the_signs_of_the_emotions():
    assert emotion_affect(Emotion.HAPPY)[0] > 0.5 > emotion_affect(Emotion.SAD)[0]
    assert emotion_affect(Emotion.ANGRY)[1] > 0.5 > emotion_affect(Emotion.CALM)[1]


def test_a_mixed_mood_is_between_its_emotions():
    half = dict.fromkeys(Emotion, 0.0) | {Emotion.SAD: 0.5, Emotion.HAPPY: 0.5}
    middle = (emotion_affect(Emotion.SAD) + emotion_affect(Emotion.HAPPY)) / 2
    assert mood_affect(Mood(half)) == pytest.approx(middle)


def test_to_match_is_to_stay():
    found = trajectory(Mood.certain(Emotion.SAD), Strategy.MATCH, TARGET)
    assert found.is_constant
    assert found.at(np.array([0, 0.5, 1])) == pytest.approx(
        np.tile(emotion_affect(Emotion.SAD), (3, 1))
    )


@given(chances)
def test_a_lift_starts_at_the_mood_and_ends_at_the_target(weights):
    found = trajectory(mood(*weights), Strategy.LIFT, TARGET)
    assert found.at(np.array([0, 1])) == pytest.approx(
        np.stack((mood_affect(mood(*weights)), TARGET))
    )


@given(chances)
def test_a_lift_turns_back_in_neither_valence_nor_arousal(weights):
    affect = trajectory(mood(*weights), Strategy.LIFT, TARGET).at(np.linspace(0, 1, 50))
    for axis, goal in enumerate(TARGET):
        assert (np.diff(np.abs(affect[:, axis] - goal)) <= 1e-9).all()


@pytest.mark.parametrize("emotion", [Emotion.ANGRY, Emotion.FEARFUL])
def test_anger_and_fear_come_down_before_they_brighten(emotion):
    affect = trajectory(Mood.certain(emotion), Strategy.LIFT, TARGET).at(np.linspace(0, 1, 50))
    coming_down = affect[:, 1] > TARGET[1] + 1e-6
    assert coming_down[:10].all()
    assert affect[coming_down, 0] == pytest.approx(emotion_affect(emotion)[0])


@given(chances, st.floats(0, 1))
def test_progress_is_the_share_of_the_length(weights, share):
    found = trajectory(mood(*weights), Strategy.LIFT, TARGET)
    if not found.is_constant:
        assert found.progress(found.at(np.array([share]))) == pytest.approx(share, abs=1e-6)
