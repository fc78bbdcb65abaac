import pytest

from device.mood import Emotion, Mood


def test_a_mood_without_an_emotion_is_the_next_likeliest_one():
    mood = Mood(dict.fromkeys(Emotion, 0.1) | {Emotion.SAD: 0.2, Emotion.ANGRY: 0.2}, 0.25)
    rest = mood.without([Emotion.SAD])
    assert rest.emotion is Emotion.ANGRY
    assert rest.probabilities[Emotion.SAD] == 0
    assert rest.probabilities[Emotion.ANGRY] == pytest.approx(0.25)
    assert sum(rest.probabilities.values()) == pytest.approx(1)
    assert rest.threshold == 0.25


def test_without_its_only_emotion_the_others_are_equally_likely():
    rest = Mood.certain(Emotion.NEUTRAL).without([Emotion.NEUTRAL])
    assert rest.probabilities[Emotion.SURPRISED] == pytest.approx(1 / 7)


def test_without_all_emotions_there_is_no_mood():
    assert Mood.certain(Emotion.SAD).without(set(Emotion)) is None
