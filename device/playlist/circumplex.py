"""The circumplex: the affect of each emotion, and the trajectory that the music takes from it.

Affect is a pair [valence, arousal], each in 0..1: unpleasant to pleasant, and calm to excited.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import cos, radians, sin

import numpy as np

from device.mood import Emotion, Mood
from device.playlist.preferences import Strategy

DIRECTION_DEGREES: Mapping[Emotion, float] = {
    Emotion.HAPPY: 25,
    Emotion.SURPRISED: 65,
    Emotion.ANGRY: 115,
    Emotion.FEARFUL: 135,
    Emotion.DISGUST: 160,
    Emotion.SAD: 225,
    Emotion.CALM: 300,
}
"""Directions of the emotions, placed among the eight of J. A. Russell, "A circumplex model of
affect", 1980: pleasure 0, excitement 45, arousal 90, distress 135, displeasure 180, depression
225, sleepiness 270, relaxation 315. Neutral is the centre."""

RADIUS = 0.45
CENTRE = np.array([0.5, 0.5])

AROUSAL_FIRST = (Emotion.ANGRY, Emotion.FEARFUL)
"""Emotions of high arousal: the music lowers the arousal first, and raises the valence then."""


@dataclass(frozen=True)
class Trajectory:
    """Straight lines through the plane of valence and arousal.

    Attributes
    ----------
    waypoints : np.ndarray [shape=(k, 2)]
        A trajectory with one waypoint is constant.
    """

    waypoints: np.ndarray

    @property
    def is_constant(self) -> bool:
        """Whether it has no length."""
        return self._lengths[-1] == 0

    def at(self, share: np.ndarray) -> np.ndarray:
        """The affect after shares 0..1 of the length [shape=(n, 2)]."""
        length = np.asarray(share) * self._lengths[-1]
        axes = [np.interp(length, self._lengths, axis) for axis in self.waypoints.T]
        return np.stack(axes, axis=-1)

    def progress(self, affect: np.ndarray) -> np.ndarray:
        """The share of the length at which the trajectory is nearest to each point [shape=(n,)]."""
        if self.is_constant:
            return np.zeros(len(affect))
        best = np.full(len(affect), np.inf)
        share = np.zeros(len(affect))
        lines = zip(self.waypoints[:-1], self.waypoints[1:], self._lengths[:-1], strict=True)
        for start, end, before in lines:
            line = end - start
            along = np.clip((affect - start) @ line / max(line @ line, 1e-12), 0, 1)
            distance = ((affect - start - along[:, None] * line) ** 2).sum(axis=1)
            nearer = distance < best
            best[nearer] = distance[nearer]
            share[nearer] = (before + along * np.linalg.norm(line))[nearer]
        return share / self._lengths[-1]

    @cached_property
    def _lengths(self) -> np.ndarray:
        """The length up to each waypoint."""
        lines = np.linalg.norm(np.diff(self.waypoints, axis=0), axis=1)
        return np.concatenate(([0.0], np.cumsum(lines)))


def emotion_affect(emotion: Emotion) -> np.ndarray:
    """The affect of an emotion [shape=(2,)]."""
    if emotion not in DIRECTION_DEGREES:
        return CENTRE
    angle = radians(DIRECTION_DEGREES[emotion])
    return CENTRE + RADIUS * np.array([cos(angle), sin(angle)])


def mood_affect(mood: Mood) -> np.ndarray:
    """The affect of a mood [shape=(2,)]: the mean of its emotions', weighted by probability."""
    weighted = [mood.probabilities[emotion] * emotion_affect(emotion) for emotion in Emotion]
    return np.sum(weighted, axis=0)


def trajectory(mood: Mood, strategy: Strategy, target: np.ndarray) -> Trajectory:
    """The trajectory of the music for a mood.

    To match is to stay. To lift is the iso principle of music therapy: start where the person is,
    and continue in small steps (Altshuler 1948; Heiderscheit & Madson 2015).

    Parameters
    ----------
    mood : Mood
    strategy : Strategy
    target : np.ndarray [shape=(2,)]
        The pleasant, calm affect that a lift ends at.
    """
    start = mood_affect(mood)
    if strategy is Strategy.MATCH:
        return Trajectory(start[None])
    if mood.emotion in AROUSAL_FIRST and start[1] > target[1]:
        return Trajectory(np.stack((start, (start[0], target[1]), target)))
    return Trajectory(np.stack((start, target)))
