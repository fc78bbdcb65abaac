"""The mood: what the probabilities of the eight emotions come to."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Emotion(StrEnum):
    """The eight emotions, in the order of RAVDESS and of the model's outputs."""

    NEUTRAL = "neutral"
    CALM = "calm"
    HAPPY = "happy"
    SAD = "sad"
    ANGRY = "angry"
    FEARFUL = "fearful"
    DISGUST = "disgust"
    SURPRISED = "surprised"


@dataclass(frozen=True)
class Mood:
    """How somebody sounds.

    Attributes
    ----------
    probabilities : mapping of each :class:`Emotion` to a float in 0..1, summing to one
    threshold : float in 0..1
        Probability from which the likeliest emotion counts as sure.
    """

    probabilities: Mapping[Emotion, float]
    threshold: float = 0.0

    @property
    def emotion(self) -> Emotion:
        """The likeliest emotion; of equals the first in the order of :class:`Emotion`."""
        return max(Emotion, key=lambda emotion: self.probabilities[emotion])

    @property
    def sure(self) -> bool:
        """Whether the likeliest emotion reaches the threshold."""
        return self.probabilities[self.emotion] >= self.threshold
