"""The selection: tracks along a trajectory, one after the other.

Each next track is the one with the lowest cost: near to the place that the trajectory has reached,
of a kind that is near as well, with the moods that belong there, not played lately, nor its artist,
and a small change in tempo, energy and kind from the track before. A random term makes every
playlist different.
"""

from dataclasses import KW_ONLY, dataclass

import numpy as np

from device.playlist.circumplex import Trajectory
from device.playlist.tracks import TrackTable

ARTIST_PAUSE_TRACKS = 10
"""An artist is heard at most once in so many consecutive tracks."""

PLEASANT_TRACKS = 2
"""So many tracks at the end of a lift are ones that listeners have labelled as pleasant."""

# Costs, in distances of the plane.
KIND_DISTANCE = 0.25
_NEAR_TRACKS = 850
_NEAR_MIN, _NEAR_MAX = 0.13, 0.4
"""So many tracks around a place, within a distance in this range, count as equally near: the affect
of a track is not known better."""
_MOODS = 0.7
_ENOUGH_MOOD = 0.8
"""From this rank on one track is as good as another."""
_RANDOM = 0.8
_FAR = 5.0
_AHEAD = 1.0
_TEMPO_OCTAVE = 1.2
_ENERGY = 1.0
_OTHER_CLUSTER = 0.1
_ARTIST_AGAIN = 0.1
_NOT_WISHED = 0.5
_NOT_PLEASANT = 0.4
_PLAYED = 0.37
_ARTIST_PLAYED = 0.06

# The memory fades: so many tracks later a track, or its artist, costs half as much.
_PLAYED_HALF_TRACKS = 550.0
_ARTIST_HALF_TRACKS = 400.0

_CANDIDATES = 700
"""The selection is made among so many of the best tracks, which keeps a press to milliseconds."""


@dataclass(frozen=True)
class SelectedTrack:
    """A track of a selection.

    Attributes
    ----------
    index : int
        In the table.
    target : np.ndarray [shape=(2,)]
        Valence and arousal that the trajectory had reached.
    distance : float
        Between the track's affect and the target.
    """

    index: int
    target: np.ndarray
    distance: float


@dataclass(frozen=True)
class Wishes:
    """What else a selection depends on.

    Attributes
    ----------
    allowed : np.ndarray [shape=(n,), bool]
        Tracks to take at all.
    played : np.ndarray [shape=(n,), int]
        How many tracks ago a track was played, from 1; 0 for never.
    wished : np.ndarray [shape=(n,), bool]
        Tracks that are preferred to others.
    arrival : int > 1
        With which track a trajectory reaches its end.
    """

    allowed: np.ndarray
    _: KW_ONLY
    played: np.ndarray
    wished: np.ndarray
    arrival: int


def select(
    table: TrackTable,
    trajectory: Trajectory,
    length: int,
    rng: np.random.Generator,
    wishes: Wishes,
) -> list[SelectedTrack]:
    """Select tracks.

    Parameters
    ----------
    table : TrackTable
    trajectory : Trajectory
    length : int > 0 (in tracks)
    rng : np.random.Generator
    wishes : Wishes

    Returns
    -------
    list of SelectedTrack
        ``length`` different tracks, or all that are allowed if fewer. Until a trajectory arrives,
        no track has less valence than the one before it. An artist comes again within ten tracks
        only when nobody else can.
    """
    length = min(length, int(wishes.allowed.sum()))
    if length == 0:
        return []
    moving = 0 if trajectory.is_constant else min(wishes.arrival, length)
    shares = np.minimum(np.arange(max(moving, 1)) / max(moving - 1, 1), 1)
    places = trajectory.at(shares)
    base = rng.random(len(table.tracks), np.float32) * np.float32(_RANDOM)
    memory = _memory(table, wishes.played)
    base += _NOT_WISHED * ~wishes.wished + memory
    # Every third place is enough to find the candidates, and the last one.
    near = np.full(len(places), _NEAR_MIN, np.float32)
    near[-1] = _nearness(_distance(table.affect[wishes.allowed], places[-1:, :2])[0])
    some = [*range(0, len(places), 3), len(places) - 1]
    candidates = _best(_cost(table, places[some], near[some], slice(None)) + base, wishes.allowed)
    cost = _cost(table, places, near, candidates) + base[candidates]
    valence = table.affect[candidates, 0]
    cost[:-1] += _AHEAD * np.maximum(valence - places[:-1, :1].astype(np.float32), 0)
    ending = cost[-1]
    if moving and table.is_pleasant.any():
        # There are few of them, so that a memory twice as strong is needed.
        ending = ending + memory[candidates] + _NOT_PLEASANT * ~table.is_pleasant[candidates]
    order = _Order(valence, table.artist[candidates], moving)
    transitions = _Transitions(table, candidates)
    selected: list[SelectedTrack] = []
    for number in range(length):
        row = ending if length - number <= PLEASANT_TRACKS else cost[min(number, len(cost) - 1)]
        candidate = transitions.cheapest(row, order.open(number))
        order.take(candidate)
        transitions.take(candidate)
        index, target = int(candidates[candidate]), places[min(number, len(places) - 1), :2]
        distance = float(np.hypot(*(table.affect[index] - target)))
        selected.append(SelectedTrack(index, target, distance))
    return selected


def _memory(table: TrackTable, played: np.ndarray) -> np.ndarray:
    """The cost of tracks that were played, or their artists, which fades [shape=(n,)]."""
    known = np.flatnonzero(played)
    cost = np.zeros(len(played), np.float32)
    cost[known] = _PLAYED * 2 ** (-played[known] / _PLAYED_HALF_TRACKS)
    by_artist = np.zeros(int(table.artist.max()) + 1)
    np.add.at(by_artist, table.artist[known], 2 ** (-played[known] / _ARTIST_HALF_TRACKS))
    return cost + (_ARTIST_PLAYED * by_artist[table.artist]).astype(np.float32)


def _best(cost: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """The allowed tracks with the lowest cost, in their order [shape=(<= 700,), int]."""
    indices = np.flatnonzero(allowed)
    if len(indices) <= _CANDIDATES:
        return indices
    best = cost.min(axis=0)[indices]
    return np.sort(indices[np.argpartition(best, _CANDIDATES)[:_CANDIDATES]])


def _nearness(distances: np.ndarray) -> float:
    """Within which distance one track is as good as another."""
    last = min(_NEAR_TRACKS, len(distances)) - 1
    return float(np.clip(np.partition(distances, last)[last], _NEAR_MIN, _NEAR_MAX))


def _cost(
    table: TrackTable, places: np.ndarray, near: np.ndarray, tracks: np.ndarray | slice
) -> np.ndarray:
    """The cost of the distance of tracks and their kinds, and of missing moods
    [shape=(places, tracks)]."""
    distance = _distance(table.affect[tracks], places[:, :2])
    affect = _FAR * np.maximum(distance - near[:, None], 0)
    kind = _distance(table.kind_affect[tracks], places[:, :2])
    lacking = np.maximum(_ENOUGH_MOOD - table.moods[tracks], 0)
    moods = places[:, 2:].astype(np.float32) @ lacking.T
    return affect + KIND_DISTANCE * kind + _MOODS * moods


class _Order:
    """Which tracks may come next, so that the valence never falls before a trajectory arrives."""

    def __init__(self, valence: np.ndarray, artist: np.ndarray, moving: int):
        self._open = np.ones(len(valence), bool)
        order = np.argsort(valence, kind="stable")
        self._rank = np.empty(len(valence), int)
        self._rank[order] = np.arange(len(valence))
        self._latest = _latest(artist[order].tolist(), moving) if moving else []
        self._reached = -1

    def open(self, number: int) -> np.ndarray:
        """The candidates that may be the track with this number [shape=(n,), bool]."""
        if number >= len(self._latest):
            return self._open
        # Enough must be left ahead for the rest of the way.
        return self._open & (self._rank > self._reached) & (self._rank <= self._latest[number])

    def take(self, candidate: int) -> None:
        """Continue from a candidate."""
        self._open[candidate] = False
        self._reached = int(self._rank[candidate])


def _latest(artists: list[int], length: int) -> list[int]:
    """How far ahead each track of a playlist may be, so that the rest of them can follow.

    Where there is music enough, between each of these positions and the next there are tracks of
    so many artists that one of them was not heard within the pause.

    Parameters
    ----------
    artists : list of int
        Of the candidates in their order on the trajectory.
    length : int > 0

    Returns
    -------
    list of int
        ``length`` rising positions in the order.
    """
    last = len(artists) - 1
    latest, found = [last], set[int]()
    for position in range(last, 0, -1):
        found.add(artists[position])
        if len(found) == ARTIST_PAUSE_TRACKS:
            latest.append(position - 1)
            found.clear()
        if len(latest) == length:
            return latest[::-1]
    return list(range(last - length + 1, last + 1))


class _Transitions:
    """The cost of the transition from the tracks selected so far."""

    def __init__(self, table: TrackTable, candidates: np.ndarray):
        self._artist = table.artist[candidates]
        self._cluster = table.cluster[candidates]
        self._energy = table.energy[candidates]
        # Listeners do not distinguish double and half tempo.
        self._tempo = np.log2(table.tempo[candidates]) % 1
        self._cost = np.zeros(len(candidates), np.float32)
        self._again = np.zeros(len(candidates), np.float32)
        self._artist_count = int(self._artist.max()) + 1
        self._artists: list[int] = []

    def cheapest(self, cost: np.ndarray, open_: np.ndarray) -> int:
        """The open candidate with the lowest cost."""
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

    def take(self, candidate: int) -> None:
        """Continue from a candidate."""
        octaves = np.abs(self._tempo - self._tempo[candidate])
        self._cost = _TEMPO_OCTAVE * np.minimum(octaves, 1 - octaves)
        self._cost += _ENERGY * np.abs(self._energy - self._energy[candidate])
        self._cost += np.float32(_OTHER_CLUSTER) * (self._cluster != self._cluster[candidate])
        self._again[self._artist == self._artist[candidate]] = _ARTIST_AGAIN
        self._artists.append(int(self._artist[candidate]))


def _distance(affect: np.ndarray, targets: np.ndarray) -> np.ndarray:
    valence, arousal = affect.T
    to_valence, to_arousal = targets.T.astype(np.float32)[:, :, None]
    return np.sqrt(np.square(valence - to_valence) + np.square(arousal - to_arousal))
