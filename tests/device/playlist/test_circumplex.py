"""The plane: where emotions stand, and walks through it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.mood import Emotion, Mood
from device.playlist.circumplex import CENTRE, RADIUS, Way, feeling, place, walk

SETTLED = np.array([0.8, 0.4])
chances = st.lists(st.floats(0.01, 1), min_size=8, max_size=8)


def mood(*weights):
    total = sum(weights)
    return Mood({e: w / total for e, w in zip(Emotion, weights, strict=True)})


def certain(emotion):
    return Mood({each: float(each is emotion) for each in Emotion})


@pytest.mark.parametrize("emotion", Emotion)
def test_every_emotion_stands_in_the_plane_and_only_neutral_in_its_centre(emotion):
    away = np.linalg.norm(place(emotion) - CENTRE)
    assert away == pytest.approx(0 if emotion is Emotion.NEUTRAL else RADIUS)
    assert ((place(emotion) > 0) & (place(emotion) < 1)).all()


def test_pleasant_emotions_stand_right_and_stirred_ones_above():
    assert place(Emotion.HAPPY)[0] > 0.5 > place(Emotion.SAD)[0]
    assert place(Emotion.ANGRY)[1] > 0.5 > place(Emotion.CALM)[1]


def test_a_mixed_mood_stands_between_its_emotions():
    half = dict.fromkeys(Emotion, 0.0) | {Emotion.SAD: 0.5, Emotion.HAPPY: 0.5}
    middle = (place(Emotion.SAD) + place(Emotion.HAPPY)) / 2
    assert feeling(Mood(half)) == pytest.approx(middle)


def test_to_match_is_to_stay():
    there = walk(certain(Emotion.SAD), Way.MATCH, SETTLED)
    assert there.stays
    assert there.at(np.array([0, 0.5, 1])) == pytest.approx(np.tile(place(Emotion.SAD), (3, 1)))


@given(chances)
def test_a_lift_begins_where_the_person_is_and_ends_in_the_settled_place(weights):
    there = walk(mood(*weights), Way.LIFT, SETTLED)
    assert there.at(np.array([0, 1])) == pytest.approx(np.stack((feeling(mood(*weights)), SETTLED)))


@given(chances)
def test_a_lift_turns_back_in_neither_valence_nor_arousal(weights):
    places = walk(mood(*weights), Way.LIFT, SETTLED).at(np.linspace(0, 1, 50))
    for axis, goal in enumerate(SETTLED):
        assert (np.diff(np.abs(places[:, axis] - goal)) <= 1e-9).all()


@pytest.mark.parametrize("emotion", [Emotion.ANGRY, Emotion.FEARFUL])
def test_anger_and_fear_come_down_before_they_brighten(emotion):
    places = walk(certain(emotion), Way.LIFT, SETTLED).at(np.linspace(0, 1, 50))
    coming_down = places[:, 1] > SETTLED[1] + 1e-6
    assert coming_down[:10].all()
    assert places[coming_down, 0] == pytest.approx(place(emotion)[0])


@given(chances, st.floats(0, 1))
def test_progress_tells_how_far_along_a_place_of_the_walk_is(weights, share):
    there = walk(mood(*weights), Way.LIFT, SETTLED)
    if not there.stays:
        assert there.progress(there.at(np.array([share]))) == pytest.approx(share, abs=1e-6)
