"""The selection: tracks along a trajectory, one after the other.

Each next track is the one with the lowest cost: near to the target that the trajectory has reached,
typical of a cluster that is near as well, and a small change in tempo, energy and kind from the
track before. A random term makes every playlist different.
"""

from dataclasses import dataclass

import numpy as np

from device.playlist.circumplex import Trajectory
from device.playlist.tracks import TrackTable

ARTIST_PAUSE_TRACKS = 10
"""An artist is heard at most once in so many consecutive tracks."""

# Costs, in distances of the plane.
CLUSTER_DISTANCE = 0.5
_RANDOM_CONSTANT = 0.2
_RANDOM_MOVING = 0.08
_AHEAD = 1.0
_CENTROID_RANK = 0.12
_TEMPO_OCTAVE = 0.4
_ENERGY = 0.4
_OTHER_CLUSTER = 0.1
_ARTIST_AGAIN = 0.1
_IN_HISTORY = 2.0

_CANDIDATES = 1000
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


def select(
    table: TrackTable,
    trajectory: Trajectory,
    length: int,
    rng: np.random.Generator,
    *,
    avoid: np.ndarray,
    allowed: np.ndarray,
) -> list[SelectedTrack]:
    """Select tracks.

    Parameters
    ----------
    table : TrackTable
    trajectory : Trajectory
    length : int > 0 (in tracks)
    rng : np.random.Generator
    avoid : np.ndarray [shape=(n,), bool]
        Tracks to take only when no others are left.
    allowed : np.ndarray [shape=(n,), bool]
        Tracks to take at all.

    Returns
    -------
    list of SelectedTrack
        ``length`` different tracks, or all that are allowed if fewer. On a trajectory with a
        length, none lies behind the one before it. An artist comes again within ten tracks only
        when nobody else can.
    """
    length = min(length, int(allowed.sum()))
    targets = trajectory.at(np.linspace(0, 1, max(length, 2))[:length])
    base = rng.random(len(table.tracks), np.float32) * np.float32(
        _RANDOM_CONSTANT if trajectory.is_constant else _RANDOM_MOVING
    )
    base += np.float32(_IN_HISTORY) * avoid + _CENTROID_RANK * table.centroid_rank
    different_targets = targets[:1] if trajectory.is_constant else targets
    # Every fourth target is enough to find the candidates.
    candidates = _best(_cost(table, different_targets[::4], slice(None)) + base, allowed)
    progress = trajectory.progress(table.affect[candidates])
    cost = _cost(table, different_targets, candidates) + base[candidates]
    cost += _ahead(progress, len(different_targets))
    order = _Order(progress, table.artist[candidates], length, trajectory.is_constant)
    transitions = _Transitions(table, candidates)
    selected: list[SelectedTrack] = []
    for number, target in enumerate(targets):
        row = cost[0 if trajectory.is_constant else number]
        candidate = transitions.cheapest(row, order.open(number))
        order.take(candidate)
        transitions.take(candidate)
        index = int(candidates[candidate])
        distance = float(np.hypot(*(table.affect[index] - target)))
        selected.append(SelectedTrack(index, target, distance))
    return selected


def _best(cost: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """The allowed tracks with the lowest cost, in their order [shape=(<= 1000,), int]."""
    indices = np.flatnonzero(allowed)
    if len(indices) <= _CANDIDATES:
        return indices
    best = cost.min(axis=0)[indices]
    return np.sort(indices[np.argpartition(best, _CANDIDATES)[:_CANDIDATES]])


def _cost(table: TrackTable, targets: np.ndarray, tracks: np.ndarray | slice) -> np.ndarray:
    """The cost of the distance of tracks and their clusters [shape=(targets, tracks)]."""
    clusters = CLUSTER_DISTANCE * _distance(table.cluster_affect, targets)
    return _distance(table.affect[tracks], targets) + np.take(
        clusters, table.cluster[tracks], axis=1
    )


def _ahead(progress: np.ndarray, targets: int) -> np.ndarray:
    """The cost of being further along the trajectory than the target [shape=(targets, tracks)]."""
    share = np.linspace(0, 1, targets, dtype=np.float32)[:, None]
    return np.float32(_AHEAD) * np.maximum(progress.astype(np.float32) - share, 0)


class _Order:
    """Which tracks may come next, so that a trajectory never turns back or ends too soon."""

    def __init__(self, progress: np.ndarray, artist: np.ndarray, length: int, is_constant: bool):
        self._open = np.ones(len(progress), bool)
        self._is_constant = is_constant
        order = np.argsort(progress, kind="stable")
        self._rank = np.empty(len(progress), int)
        self._rank[order] = np.arange(len(progress))
        self._latest = _latest(artist[order].tolist(), length)

    def open(self, number: int) -> np.ndarray:
        """The candidates that may be the track with this number [shape=(n,), bool]."""
        if self._is_constant:
            return self._open
        # Enough must be left ahead for the rest of the playlist.
        return self._open & (self._rank <= self._latest[number])

    def take(self, candidate: int) -> None:
        """Continue from a candidate."""
        if self._is_constant:
            self._open[candidate] = False
        else:
            self._open &= self._rank > self._rank[candidate]


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
    valence, arousal = affect.T.astype(np.float32)
    to_valence, to_arousal = targets.T.astype(np.float32)[:, :, None]
    return np.sqrt(np.square(valence - to_valence) + np.square(arousal - to_arousal))
