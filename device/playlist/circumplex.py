"""The plane of valence and arousal: where each emotion stands in it, and the walk from one place
to another that the music takes.

A place is [valence, arousal], each in 0..1: unpleasant to pleasant, and still to stirred.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from math import cos, radians, sin

import numpy as np

from device.mood import Emotion, Mood

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
"""Whoever is so much stirred is brought to rest first, and to pleasure after that."""


class Way(StrEnum):
    """What the music does with a mood."""

    MATCH = "match"
    LIFT = "lift"


@dataclass(frozen=True)
class Walk:
    """A way through the plane in straight legs.

    Attributes
    ----------
    corners : np.ndarray [shape=(k, 2)]
        One corner is a walk that stays where it is.
    """

    corners: np.ndarray

    @property
    def stays(self) -> bool:
        """Whether it leads nowhere else."""
        return self._ends[-1] == 0

    def at(self, share: np.ndarray) -> np.ndarray:
        """The places after shares 0..1 of the way [shape=(n, 2)]."""
        length = np.asarray(share) * self._ends[-1]
        axes = [np.interp(length, self._ends, axis) for axis in self.corners.T]
        return np.stack(axes, axis=-1)

    def progress(self, places: np.ndarray) -> np.ndarray:
        """The share of the way at which the walk passes nearest to each place [shape=(n,)]."""
        if self.stays:
            return np.zeros(len(places))
        best = np.full(len(places), np.inf)
        share = np.zeros(len(places))
        legs = zip(self.corners[:-1], self.corners[1:], self._ends[:-1], strict=True)
        for start, end, before in legs:
            leg = end - start
            along = np.clip((places - start) @ leg / max(leg @ leg, 1e-12), 0, 1)
            away = ((places - start - along[:, None] * leg) ** 2).sum(axis=1)
            nearer = away < best
            best[nearer] = away[nearer]
            share[nearer] = (before + along * np.linalg.norm(leg))[nearer]
        return share / self._ends[-1]

    @cached_property
    def _ends(self) -> np.ndarray:
        legs = np.linalg.norm(np.diff(self.corners, axis=0), axis=1)
        return np.concatenate(([0.0], np.cumsum(legs)))


def place(emotion: Emotion) -> np.ndarray:
    """Where an emotion stands [shape=(2,)]."""
    if emotion not in DIRECTION_DEGREES:
        return CENTRE
    angle = radians(DIRECTION_DEGREES[emotion])
    return CENTRE + RADIUS * np.array([cos(angle), sin(angle)])


def feeling(mood: Mood) -> np.ndarray:
    """Where a mood stands [shape=(2,)]: among its emotions, nearer to the likelier ones."""
    chances = mood.probabilities
    return np.sum([chances[emotion] * place(emotion) for emotion in Emotion], axis=0)


def walk(mood: Mood, way: Way, settled: np.ndarray) -> Walk:
    """The walk of the music for a mood.

    To match is to stay. To lift is the iso principle of music therapy: begin where the person is,
    and go on in small steps (Altshuler 1948; Heiderscheit & Madson 2015).

    Parameters
    ----------
    mood : Mood
    way : Way
    settled : np.ndarray [shape=(2,)]
        The pleasant, settled place that a lift leads to.
    """
    start = feeling(mood)
    if way is Way.MATCH:
        return Walk(start[None])
    if mood.emotion in AROUSAL_FIRST and start[1] > settled[1]:
        return Walk(np.stack((start, (start[0], settled[1]), settled)))
    return Walk(np.stack((start, settled)))
