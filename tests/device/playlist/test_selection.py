"""Properties of every selection, for any tracks and trajectory."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from device.playlist.circumplex import Trajectory
from device.playlist.selection import PLEASANT_TRACKS, Wishes, select
from device.playlist.tracks import MOODS, Track, TrackTable

artists = st.lists(st.integers(0, 30), min_size=1, max_size=90)


def places(*affect):
    """Waypoints without any mood."""
    return Trajectory(np.array([[*pair, *[0] * len(MOODS)] for pair in affect], float))


STAYING = places((0.5, 0.5))
RISING = places((0.2, 0.2), (0.8, 0.4))
trajectories = st.sampled_from(
    [places((0.2, 0.2)), RISING, places((0.2, 0.9), (0.5, 0.4), (0.8, 0.4))]
)
seeds = st.integers(0, 2**32)


def music_by(artists, seed=0):
    """Tracks from everywhere in the plane."""
    random, count = np.random.default_rng(seed), len(artists)
    return TrackTable(
        tracks=tuple(
            Track(f"spotify:track:{n:022d}", f"Song {n}", f"By {a}") for n, a in enumerate(artists)
        ),
        style=np.full(count, "pop"),
        language=np.full(count, "english"),
        artist=np.array(artists, np.int32),
        cluster=random.integers(0, 3, count).astype(np.int32),
        affect=random.random((count, 2)).astype(np.float32),
        kind_affect=random.random((count, 2)).astype(np.float32),
        tempo=random.uniform(60, 180, count).astype(np.float32),
        energy=random.random(count).astype(np.float32),
        seconds=np.full(count, 200, np.float32),
        explicit=np.zeros(count, np.int32),
        year=np.full(count, 1990, np.int32),
        is_pleasant=random.random(count) < 0.3,
        moods=random.random((count, len(MOODS))).astype(np.float32),
        theme=np.zeros(count, np.int32),
        labels=("slow", "fast", "gentle"),
        cluster_affect=np.array([[0.2, 0.2], [0.8, 0.8], [0.5, 0.5]], np.float32),
    )


def chosen(
    music, trajectory, length=25, seed=0, *, played=None, allowed=None, wished=None, arrival=8
):
    count = len(music.tracks)
    wishes = Wishes(
        np.ones(count, bool) if allowed is None else allowed,
        played=np.zeros(count, int) if played is None else played,
        wished=np.ones(count, bool) if wished is None else wished,
        arrival=arrival,
    )
    return [each.index for each in select(music, trajectory, length, np.random.default_rng(seed),
                                          wishes)]  # fmt: skip


@given(artists, trajectories, st.integers(1, 40), seeds)
def test_a_list_is_as_long_as_asked_if_the_music_allows_and_repeats_nothing(
    artists, trajectory, length, seed
):
    found = chosen(music_by(artists), trajectory, length, seed)
    assert len(found) == min(length, len(artists))
    assert len(set(found)) == len(found)


@given(artists, seeds, st.integers(2, 30))
def test_the_valence_never_falls_until_a_lift_arrives(artists, seed, arrival):
    music = music_by(artists)
    found = chosen(music, RISING, seed=seed, arrival=arrival)
    assert (np.diff(music.affect[found[:arrival], 0]) >= 0).all()


@given(artists, seeds)
def test_an_artist_comes_again_within_ten_only_when_nobody_else_is_left(artists, seed):
    found = chosen(music_by(artists), STAYING, seed=seed)
    for number, position in enumerate(found):
        recent = {artists[other] for other in found[max(0, number - 9) : number]}
        if artists[position] in recent:
            left = set(range(len(artists))) - set(found[:number])
            assert {artists[other] for other in left} <= recent


@settings(max_examples=20)
@given(trajectories, seeds)
@example(RISING, 90)
@example(RISING, 212)
def test_with_music_enough_no_artist_comes_twice_within_ten(trajectory, seed):
    artists = [number % 100 for number in range(800)]
    found = [artists[position] for position in chosen(music_by(artists), trajectory, seed=seed)]
    for number in range(len(found)):
        assert found[number] not in found[max(0, number - 9) : number]


@given(artists, trajectories, seeds)
def test_the_same_seed_gives_the_same_list(artists, trajectory, seed):
    music = music_by(artists)
    assert chosen(music, trajectory, seed=seed) == chosen(music, trajectory, seed=seed)


@pytest.mark.parametrize("trajectory", [STAYING, RISING])
def test_other_seeds_give_other_lists(trajectory):
    music = music_by(list(range(500)))
    assert len({tuple(chosen(music, trajectory, seed=seed)) for seed in range(6)}) == 6


@given(artists, seeds)
def test_what_is_not_allowed_is_not_taken(artists, seed):
    music = music_by(artists)
    allowed = np.arange(len(artists)) % 3 > 0
    found = chosen(music, STAYING, seed=seed, allowed=allowed)
    assert allowed[found].all()
    assert len(found) == min(25, int(allowed.sum()))


def test_what_is_wished_for_is_preferred():
    music = music_by(list(range(3000)))
    wished = np.arange(3000) % 3 == 0
    assert wished[chosen(music, STAYING, wished=wished)].mean() > 0.9


def test_moods_that_belong_to_a_place_are_preferred():
    music = music_by(list(range(3000)))
    sad = STAYING.waypoints.copy()
    sad[0, 2 + MOODS.index("sad")] = 1
    found = chosen(music, Trajectory(sad))
    assert music.moods[found, MOODS.index("sad")].mean() > 0.7
    assert music.moods[chosen(music, STAYING), MOODS.index("sad")].mean() < 0.65


def test_a_lift_ends_with_tracks_that_listeners_called_pleasant():
    music = music_by(list(range(3000)))
    for seed in range(10):
        found = chosen(music, RISING, seed=seed)
        assert music.is_pleasant[found[-PLEASANT_TRACKS:]].all()


def test_a_lift_arrives_and_stays():
    music = music_by(list(range(3000)))
    found = chosen(music, RISING, arrival=8)
    away = np.hypot(*(music.affect[found] - [0.8, 0.4]).T)
    assert away[0] > 0.5
    assert away[8:].mean() < 0.25


@given(st.integers(0, 1000), st.sampled_from([STAYING, RISING]))
@settings(max_examples=10)
def test_the_memory_fades(seed, trajectory):
    """What was just played does not come; what was played long ago may, but seldom."""
    music = music_by([number % 400 for number in range(1600)])
    first = chosen(music, trajectory, seed=seed)
    shared = {}
    for ago in (1, 400, 100_000):
        played = np.zeros(1600, int)
        played[first] = ago
        shared[ago] = len(set(first) & set(chosen(music, trajectory, seed=seed, played=played)))
    assert shared[1] <= 2
    assert shared[1] <= shared[400] <= shared[100_000] == len(first)


def test_thirty_presses_hardly_repeat_themselves():
    music = music_by([number % 700 for number in range(3000)])
    history, lists = [], []
    for seed in range(30):
        found = chosen(music, STAYING, seed=seed, played=ago(history, 3000))
        history += found
        lists.append(set(found))
    assert max(len(a & b) for a, b in combinations(lists, 2)) <= 25 / 3
    assert len(set().union(*lists)) >= 600
    artists = Counter(int(music.artist[index]) for index in history)
    assert artists.most_common(1)[0][1] <= 12


def ago(history, count):
    played = np.zeros(count, int)
    for number, index in enumerate(reversed(history), 1):
        played[index] = played[index] or number
    return played


def test_tracks_are_near_to_the_walk_and_neighbours_sound_alike():
    music = music_by(list(range(3000)))
    found = chosen(music, RISING, arrival=25)
    away = music.affect[found] - RISING.at(np.linspace(0, 1, len(found)))[:, :2]
    assert np.hypot(*away.T).mean() < 0.15
    folded = np.log2(music.tempo[found]) % 1
    octaves = np.abs(np.diff(folded))
    # By chance a quarter of an octave and a third of the energy.
    assert np.minimum(octaves, 1 - octaves).mean() < 0.15
    assert np.abs(np.diff(music.energy[found])).mean() < 0.15
