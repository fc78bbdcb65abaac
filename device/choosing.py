"""Choosing: tracks along a walk through the plane, one after the other.

Each next track is the cheapest: near to where the walk has come, in a cluster that is near too,
and a small step in tempo, energy and kind from the track before. A little luck makes every list
another one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from device.circumplex import Walk
from device.music import Music

ARTIST_PAUSE_TRACKS = 10
"""An artist is heard once in so many neighbouring tracks."""

# What each thing costs, in distances of the plane.
_CLUSTER_DISTANCE = 0.5
_LUCK_STAYING = 0.2
_LUCK_WALKING = 0.08
_AHEAD = 1.0
_TEMPO_OCTAVE = 0.3
_ENERGY = 0.2
_OTHER_CLUSTER = 0.06
_ARTIST_AGAIN = 0.1
_LATELY = 2.0


@dataclass(frozen=True)
class Choice:
    """A chosen track.

    Attributes
    ----------
    position : int
        In the music.
    step : np.ndarray [shape=(2,)]
        Where the walk had come.
    distance : float
        Between the track and that place.
    """

    position: int
    step: np.ndarray
    distance: float


def choose(
    music: Music,
    walk: Walk,
    length: int,
    random: np.random.Generator,
    avoid: np.ndarray,
    allowed: np.ndarray,
) -> list[Choice]:
    """Choose tracks.

    Parameters
    ----------
    music : Music
    walk : Walk
    length : int > 0 (in tracks)
    random : np.random.Generator
    avoid : np.ndarray [shape=(n,), bool]
        Tracks to take only when no others are left.
    allowed : np.ndarray [shape=(n,), bool]
        Tracks to take at all.

    Returns
    -------
    list of Choice
        ``length`` different tracks, or all that are allowed if fewer. On a walk that leads
        somewhere, none lies behind the one before it. An artist comes again within ten tracks
        only when nobody else can.
    """
    length = min(length, int(allowed.sum()))
    order = _Order(walk.progress(music.place), allowed, length, free=walk.stays)
    steps = walk.at(np.linspace(0, 1, max(length, 2))[:length])
    luck = random.random(len(music.tracks)) * (_LUCK_STAYING if walk.stays else _LUCK_WALKING)
    luck = luck + _LATELY * avoid
    tempo = np.log2(music.tempo)
    chosen: list[Choice] = []
    for number, step in enumerate(steps):
        away = _distance(music.place, step)
        cost = away + _CLUSTER_DISTANCE * _distance(music.cluster_place, step)[music.cluster] + luck
        if not walk.stays:
            cost += _AHEAD * np.maximum(order.progress - number / max(length - 1, 1), 0)
        if chosen:
            cost += _step_cost(music, tempo, chosen[-1].position)
            heard = music.artist[[choice.position for choice in chosen]]
            cost += _ARTIST_AGAIN * np.isin(music.artist, heard)
        position = _cheapest(cost, order.open(number), music.artist, chosen)
        order.take(position)
        chosen.append(Choice(position, step, float(away[position])))
    return chosen


class _Order:
    """Which tracks may come next, so that a walk never turns back and never ends too soon."""

    def __init__(self, progress: np.ndarray, allowed: np.ndarray, length: int, free: bool):
        self.progress = progress
        self._open = allowed.copy()
        self._free = free
        self._length = length
        self._places = np.argsort(np.where(allowed, progress, np.inf), kind="stable")
        self._rank = np.empty(len(progress), int)
        self._rank[self._places] = np.arange(len(progress))
        self._tracks = int(allowed.sum())

    def open(self, number: int) -> np.ndarray:
        """The tracks that may be the one of this number [shape=(n,), bool]."""
        if self._free:
            return self._open
        # Enough must be left ahead for the rest of the list.
        return self._open & (self._rank <= self._tracks - (self._length - number))

    def take(self, position: int) -> None:
        if self._free:
            self._open[position] = False
        else:
            self._open &= self._rank > self._rank[position]


def _step_cost(music: Music, tempo: np.ndarray, before: int) -> np.ndarray:
    octaves = np.abs(tempo - tempo[before]) % 1
    # Double and half tempo are one tempo to those who tap along.
    return (
        _TEMPO_OCTAVE * np.minimum(octaves, 1 - octaves)
        + _ENERGY * np.abs(music.energy - music.energy[before])
        + _OTHER_CLUSTER * (music.cluster != music.cluster[before])
    )


def _cheapest(
    cost: np.ndarray, open_: np.ndarray, artist: np.ndarray, chosen: Sequence[Choice]
) -> int:
    recent = [artist[choice.position] for choice in chosen[-(ARTIST_PAUSE_TRACKS - 1) :]]
    # If nobody else is left, it is the artist who was heard longest ago.
    while recent:
        fresh = open_ & ~np.isin(artist, recent)
        if fresh.any():
            return int(np.where(fresh, cost, np.inf).argmin())
        recent.pop(0)
    return int(np.where(open_, cost, np.inf).argmin())


def _distance(places: np.ndarray, step: np.ndarray) -> np.ndarray:
    return np.hypot(places[:, 0] - step[0], places[:, 1] - step[1])
