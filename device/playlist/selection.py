"""Choosing: tracks along a walk through the plane, one after the other.

Each next track is the cheapest: near to where the walk has come, typical of a cluster that is near
too, and a small step in tempo, energy and kind from the track before. A little luck makes every
list another one.
"""

from dataclasses import dataclass

import numpy as np

from device.playlist.circumplex import Walk
from device.playlist.tracks import Music

ARTIST_PAUSE_TRACKS = 10
"""An artist is heard once in so many neighbouring tracks."""

# What each thing costs, in distances of the plane.
CLUSTER_DISTANCE = 0.5
_LUCK_STAYING = 0.2
_LUCK_WALKING = 0.08
_AHEAD = 1.0
_ODDITY = 0.12
_TEMPO_OCTAVE = 0.4
_ENERGY = 0.4
_OTHER_CLUSTER = 0.1
_ARTIST_AGAIN = 0.1
_LATELY = 2.0

_SUITED_TRACKS = 1000
"""Of so many that suit best, all further choices are made: it keeps each press to milliseconds."""


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
    steps = walk.at(np.linspace(0, 1, max(length, 2))[:length])
    luck = random.random(len(music.tracks), np.float32) * np.float32(
        _LUCK_STAYING if walk.stays else _LUCK_WALKING
    )
    luck += np.float32(_LATELY) * avoid + _ODDITY * music.oddity
    steps_apart = steps[:1] if walk.stays else steps
    # Every fourth step tells well enough which tracks are worth a closer look.
    suited = _best(_cost(music, steps_apart[::4], slice(None)) + luck, allowed)
    progress = walk.progress(music.place[suited])
    cost = _cost(music, steps_apart, suited) + luck[suited] + _ahead(progress, len(steps_apart))
    order = _Order(progress, length, walk.stays)
    followed = _Followed(music, suited)
    chosen: list[Choice] = []
    for number, step in enumerate(steps):
        place = followed.cheapest(cost[0 if walk.stays else number], order.open(number))
        order.take(place)
        followed.take(place)
        position = int(suited[place])
        away = float(np.hypot(*(music.place[position] - step)))
        chosen.append(Choice(position, step, away))
    return chosen


def _best(cost: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """The allowed tracks that suit any step best, in their order [shape=(<= 1000,), int]."""
    positions = np.flatnonzero(allowed)
    if len(positions) <= _SUITED_TRACKS:
        return positions
    best = cost.min(axis=0)[positions]
    return np.sort(positions[np.argpartition(best, _SUITED_TRACKS)[:_SUITED_TRACKS]])


def _cost(music: Music, steps: np.ndarray, tracks: np.ndarray | slice) -> np.ndarray:
    """What it costs that tracks and their clusters are away from steps [shape=(steps, tracks)]."""
    clusters = CLUSTER_DISTANCE * _distance(music.cluster_place, steps)
    return _distance(music.place[tracks], steps) + np.take(clusters, music.cluster[tracks], axis=1)


def _ahead(progress: np.ndarray, steps: int) -> np.ndarray:
    """What it costs to be further along the walk than the step is [shape=(steps, tracks)]."""
    share = np.linspace(0, 1, steps, dtype=np.float32)[:, None]
    return np.float32(_AHEAD) * np.maximum(progress.astype(np.float32) - share, 0)


class _Order:
    """Which tracks may come next, so that a walk never turns back and never ends too soon."""

    def __init__(self, progress: np.ndarray, length: int, stays: bool):
        self._open = np.ones(len(progress), bool)
        self._stays = stays
        self._spare = len(progress) - length
        self._rank = np.empty(len(progress), int)
        self._rank[np.argsort(progress, kind="stable")] = np.arange(len(progress))

    def open(self, number: int) -> np.ndarray:
        """The tracks that may be the one of this number [shape=(n,), bool]."""
        if self._stays:
            return self._open
        # Enough must be left ahead for the rest of the list.
        return self._open & (self._rank <= self._spare + number)

    def take(self, place: int) -> None:
        """Go on from a track."""
        if self._stays:
            self._open[place] = False
        else:
            self._open &= self._rank > self._rank[place]


class _Followed:
    """The tracks chosen so far, and what follows well on them."""

    def __init__(self, music: Music, suited: np.ndarray):
        self._artist = music.artist[suited]
        self._cluster = music.cluster[suited]
        self._energy = music.energy[suited]
        # Double and half tempo are one tempo to those who tap along.
        self._tempo = np.log2(music.tempo[suited]) % 1
        self._cost = np.zeros(len(suited), np.float32)
        self._again = np.zeros(len(suited), np.float32)
        self._artist_count = int(self._artist.max()) + 1
        self._artists: list[int] = []

    def cheapest(self, cost: np.ndarray, open_: np.ndarray) -> int:
        """The best of the open tracks."""
        cost = cost + self._cost + self._again
        recent = self._artists[-(ARTIST_PAUSE_TRACKS - 1) :]
        # If nobody else is left, it is the artist who was heard longest ago.
        for oldest in range(len(recent) + 1):
            welcome = np.ones(self._artist_count, bool)
            welcome[recent[oldest:]] = False
            fresh = open_ & welcome[self._artist]
            if fresh.any():
                break
        return int(np.where(fresh, cost, np.inf).argmin())

    def take(self, place: int) -> None:
        """Go on from a track."""
        octaves = np.abs(self._tempo - self._tempo[place])
        self._cost = _TEMPO_OCTAVE * np.minimum(octaves, 1 - octaves)
        self._cost += _ENERGY * np.abs(self._energy - self._energy[place])
        self._cost += np.float32(_OTHER_CLUSTER) * (self._cluster != self._cluster[place])
        self._again[self._artist == self._artist[place]] = _ARTIST_AGAIN
        self._artists.append(int(self._artist[place]))


def _distance(places: np.ndarray, steps: np.ndarray) -> np.ndarray:
    valence, arousal = places.T.astype(np.float32)
    to_valence, to_arousal = steps.T.astype(np.float32)[:, :, None]
    return np.sqrt(np.square(valence - to_valence) + np.square(arousal - to_arousal))
