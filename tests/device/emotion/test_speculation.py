import logging

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.emotion.speculation import SpeculativeClassifier
from device.mood import Emotion, Mood


def speech(seconds):
    """The first seconds of something that goes on."""
    return np.arange(round(seconds * 16_000), dtype=np.float32)


class ByLength:
    """A classifier whose answer depends on every sample's presence; it counts its work."""

    def __init__(self):
        self.recognised = 0

    def recognise(self, speech):
        self.recognised += 1
        return Mood.certain(list(Emotion)[len(speech) % len(Emotion)])


@pytest.fixture
def by_length():
    return ByLength()


def test_the_answer_of_the_pause_is_that_of_the_sentence(by_length):
    classifier = SpeculativeClassifier(by_length, most=2)
    classifier.speculate(speech(1))
    assert by_length.recognised == 1
    assert classifier.recognise(speech(1)) == ByLength().recognise(speech(1))
    assert by_length.recognised == 1
    assert (classifier.begun, classifier.wasted) == (1, 0)


def test_when_the_voice_goes_on_the_answer_is_thrown_away_and_counted(by_length, caplog):
    caplog.set_level(logging.DEBUG)
    classifier = SpeculativeClassifier(by_length, most=2)
    classifier.speculate(speech(1))
    assert classifier.recognise(speech(1.5)) == ByLength().recognise(speech(1.5))
    assert (classifier.begun, classifier.wasted) == (1, 1)
    assert "1 of 1" in caplog.text


def test_there_are_no_more_than_two_in_one_sentence(by_length):
    classifier = SpeculativeClassifier(by_length, most=2)
    for seconds in (1, 2, 3, 4):
        classifier.speculate(speech(seconds))
    assert classifier.begun == 2
    classifier.recognise(speech(4))
    assert (by_length.recognised, classifier.wasted) == (3, 2)
    classifier.speculate(speech(1))
    assert classifier.begun == 3


def test_without_speculation_it_is_the_classifier(by_length):
    classifier = SpeculativeClassifier(by_length, most=0)
    classifier.speculate(speech(1))
    assert by_length.recognised == 0
    assert classifier.recognise(speech(1)) == ByLength().recognise(speech(1))


def test_what_is_forgotten_is_no_answer_any_more(by_length):
    classifier = SpeculativeClassifier(by_length, most=2)
    classifier.speculate(speech(1))
    classifier.forget()
    classifier.recognise(speech(1))
    assert by_length.recognised == 2


class FailingOnce(ByLength):
    def recognise(self, speech):
        if not self.recognised:
            self.recognised += 1
            raise ZeroDivisionError
        return super().recognise(speech)


def test_a_speculation_that_fails_leaves_no_answer():
    classifier = SpeculativeClassifier(FailingOnce(), most=2)
    with pytest.raises(ZeroDivisionError):
        classifier.speculate(speech(1))
    assert classifier.recognise(speech(1)) == ByLength().recognise(speech(1))


@given(st.lists(st.lists(st.integers(1, 30), max_size=5), max_size=4), st.integers(0, 3))
def test_the_answers_are_those_without_speculation(sentences, most):
    """Each sentence has pauses after so many tenths of a second; the last may be its end."""
    classifier = SpeculativeClassifier(ByLength(), most)
    for tenths in sentences:
        pauses = sorted(set(tenths))
        for pause in pauses:
            classifier.speculate(speech(pause / 10))
        for end in (pauses[-1] if pauses else 1, 31):
            assert classifier.recognise(speech(end / 10)) == ByLength().recognise(speech(end / 10))
