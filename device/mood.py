"""The mood: the probabilities of the eight emotions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self


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
    """The mood in a person's voice.

    Attributes
    ----------
    probabilities : mapping of each :class:`Emotion` to a float in 0..1, summing to one
    threshold : float in 0..1
        Probability from which the most likely emotion counts as sure.
    """

    probabilities: Mapping[Emotion, float]
    threshold: float = 0.0

    @classmethod
    def certain(cls, emotion: Emotion) -> Self:
        """The mood in which an emotion has the probability one."""
        return cls({each: float(each is emotion) for each in Emotion})

    @property
    def emotion(self) -> Emotion:
        """The most likely emotion; of equals the first in the order of :class:`Emotion`."""
        return max(Emotion, key=lambda emotion: self.probabilities[emotion])

    @property
    def sure(self) -> bool:
        """Whether the most likely emotion reaches the threshold."""
        return self.probabilities[self.emotion] >= self.threshold

    def without(self, refused: Collection[Emotion]) -> Self | None:
        """The mood if it is none of these emotions; None where they are all eight."""
        rest = [emotion for emotion in Emotion if emotion not in refused]
        if not rest:
            return None
        whole = sum(self.probabilities[emotion] for emotion in rest)
        even = 1 / len(rest)
        chances = {e: self.probabilities[e] / whole if whole else even for e in rest}
        return replace(self, probabilities=dict.fromkeys(Emotion, 0.0) | chances)
