"""A classifier with a fixed result."""

from collections.abc import Mapping
from typing import Self

import numpy as np

from device.mood import Emotion, Mood


class ScriptedClassifier:
    """Recognises the same mood in any speech.

    Parameters
    ----------
    probabilities : mapping of each :class:`Emotion` to a float in 0..1, summing to one
    threshold : float in 0..1
        Probability from which the mood is sure.
    """

    def __init__(self, probabilities: Mapping[Emotion, float], threshold: float = 0.0):
        self._mood = Mood(dict(probabilities), threshold)

    @classmethod
    def nearly_certain(cls, emotion: Emotion) -> Self:
        """One with the probability 0.9 for an emotion."""
        rest = 0.1 / (len(Emotion) - 1)
        return cls({other: 0.9 if other is emotion else rest for other in Emotion})

    def recognise(self, speech: np.ndarray) -> Mood:
        """See :meth:`device.emotion.model.Classifier.recognise`."""
        return self._mood

    def learn(self) -> None:
        """Nothing: the answer is always the same."""

    def refuse(self, emotion: Emotion) -> None:
        """Nothing."""
