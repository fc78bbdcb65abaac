"""The scripted classifier returns its mood."""

import numpy as np
import pytest

from device.mood import Emotion
from device.simulation.classifier import ScriptedClassifier

SPEECH = np.zeros(16_000, np.float32)


@pytest.mark.parametrize("emotion", Emotion)
def test_it_is_certain_of_the_emotion_it_was_told(emotion):
    mood = ScriptedClassifier.nearly_certain(emotion).recognise(SPEECH)

    assert mood.emotion is emotion
    assert mood.sure
    assert sum(mood.probabilities.values()) == pytest.approx(1)


def test_it_can_be_unsure():
    even = dict.fromkeys(Emotion, 1 / len(Emotion))

    assert not ScriptedClassifier(even, threshold=0.4).recognise(SPEECH).sure
