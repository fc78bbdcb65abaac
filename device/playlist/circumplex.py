"""The circumplex: the music for each emotion, and the trajectory that a lift takes from it.

Affect is a pair [valence, arousal], each in 0..1: unpleasant to pleasant, and calm to excited
(Russell, "A circumplex model of affect", 1980). Half of the music that people label is below 0.5.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from device.mood import Emotion, Mood
from device.playlist.preferences import Strategy
from device.playlist.tracks import MOODS


@dataclass(frozen=True)
class Place:
    """Where music is in the plane, and the moods that listeners should find in it.

    Attributes
    ----------
    valence, arousal : float in 0..1
    moods : mapping of str to float
        Weights of :data:`device.playlist.tracks.MOODS`, of a sum of 1 at most.
    """

    valence: float
    arousal: float
    moods: Mapping[str, float]

    def to_array(self) -> np.ndarray:
        """Valence, arousal and the weights of the moods [shape=(8,)]."""
        return np.array([self.valence, self.arousal, *(self.moods.get(m, 0.0) for m in MOODS)])


MATCHES: Mapping[Emotion, Place] = {
    Emotion.NEUTRAL: Place(0.55, 0.40, {}),
    Emotion.CALM: Place(0.66, 0.20, {"calm": 0.6, "tender": 0.4}),
    Emotion.HAPPY: Place(0.88, 0.65, {"happy": 1}),
    Emotion.SAD: Place(0.20, 0.28, {"sad": 1}),
    Emotion.ANGRY: Place(0.20, 0.85, {"angry": 1}),
    Emotion.FEARFUL: Place(0.66, 0.25, {"tender": 0.5, "calm": 0.5}),
    Emotion.DISGUST: Place(0.58, 0.30, {"calm": 1}),
    Emotion.SURPRISED: Place(0.72, 0.72, {"happy": 0.5}),
}
"""Music to match each emotion. Valence and arousal are those of the words in the norms of Warriner,
Kuperman & Brysbaert (2013), with two exceptions: music that listeners call angry has more arousal
than the word, and fear and disgust are met with warm, calm music and not with tense music."""

LIFT_STARTS: Mapping[Emotion, Place] = {
    **MATCHES,
    Emotion.FEARFUL: Place(0.34, 0.42, {"tender": 0.5, "calm": 0.5}),
    Emotion.DISGUST: Place(0.32, 0.46, {"calm": 1}),
}
"""Music that a lift starts with."""

_LIFTED_MOODS = {"happy": 0.7, "tender": 0.3}

_RELAXING = Place(0.56, 0.36, {"calm": 1})
"""Between anger and the end of a lift: anger is followed by relaxing music and then by pleasant
music, instead of by music that is calm and unpleasant."""

WORDS: Mapping[tuple[Emotion, Strategy], str] = {
    (Emotion.FEARFUL, Strategy.MATCH): "warm and calm, not tense",
    (Emotion.DISGUST, Strategy.MATCH): "settling music",
    (Emotion.SAD, Strategy.LIFT): "like the mood at first, pleasant within half an hour",
    (Emotion.ANGRY, Strategy.LIFT): "like the mood at first, then relaxing, pleasant "
    "within half an hour",
    (Emotion.FEARFUL, Strategy.LIFT): "gentle at first, pleasant within half an hour",
    (Emotion.DISGUST, Strategy.LIFT): "settling at first, pleasant within half an hour",
    (Emotion.NEUTRAL, Strategy.LIFT): "more and more pleasant within half an hour",
    (Emotion.CALM, Strategy.LIFT): "calm at first, brighter within half an hour",
}
"""What the music does, where the emotion and the strategy do not say it."""


@dataclass(frozen=True)
class Trajectory:
    """Straight lines through the plane, on which the valence never falls.

    Attributes
    ----------
    waypoints : np.ndarray [shape=(k, 8)]
        Places, as :meth:`Place.to_array` gives them. With one waypoint it is constant.
    """

    waypoints: np.ndarray

    @property
    def is_constant(self) -> bool:
        """Whether it has no length."""
        return self._lengths[-1] == 0

    def at(self, share: np.ndarray) -> np.ndarray:
        """The places after shares 0..1 of the length [shape=(n, 8)]."""
        length = np.asarray(share) * self._lengths[-1]
        axes = [np.interp(length, self._lengths, axis) for axis in self.waypoints.T]
        return np.stack(axes, axis=-1)

    @cached_property
    def _lengths(self) -> np.ndarray:
        """The length up to each waypoint."""
        lines = np.linalg.norm(np.diff(self.waypoints[:, :2], axis=0), axis=1)
        return np.concatenate(([0.0], np.cumsum(lines)))


def trajectory(mood: Mood, strategy: Strategy, lift_target: tuple[float, float]) -> Trajectory:
    """The trajectory of the music for a mood.

    To match is to stay. To lift is the iso principle of music therapy: start where the person is,
    and continue in small steps (Altshuler 1948; Heiderscheit & Madson 2015; for sadness, Starcke &
    von Georgi 2021). It never lowers the valence, and for a pleasant mood not the arousal either.

    Parameters
    ----------
    mood : Mood
    strategy : Strategy
    lift_target : tuple of float
        Valence and arousal that a lift ends at.
    """
    if strategy is Strategy.MATCH:
        return Trajectory(_mixed(mood, MATCHES)[None])
    start = _mixed(mood, LIFT_STARTS)
    target = Place(*lift_target, _LIFTED_MOODS).to_array()
    if start[0] >= target[0] or mood.emotion in (Emotion.HAPPY, Emotion.SURPRISED):
        target[:2] = np.maximum(start[:2], target[:2])
    if start[0] >= target[0]:
        return Trajectory(target[None])
    relaxing = _RELAXING.to_array()
    if mood.emotion is Emotion.ANGRY and start[0] < relaxing[0] < target[0]:
        return Trajectory(np.stack((start, relaxing, target)))
    return Trajectory(np.stack((start, target)))


def _mixed(mood: Mood, places: Mapping[Emotion, Place]) -> np.ndarray:
    """The mean of the emotions' places, weighted by probability [shape=(8,)]."""
    return np.sum([mood.probabilities[e] * places[e].to_array() for e in Emotion], axis=0)
