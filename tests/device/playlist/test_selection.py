"""Properties of every selection, for any tracks and trajectory."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from device.playlist.circumplex import Trajectory
from device.playlist.selection import select
from device.playlist.tracks import Track, TrackTable

artists = st.lists(st.integers(0, 30), min_size=1, max_size=90)
trajectories = st.sampled_from(
    [
        Trajectory(np.array([[0.2, 0.2]])),
        Trajectory(np.array([[0.2, 0.2], [0.8, 0.4]])),
        Trajectory(np.array([[0.3, 0.9], [0.3, 0.4], [0.8, 0.4]])),
        Trajectory(np.array([[0.8, 0.4], [0.8, 0.4]])),
    ]
)
seeds = st.integers(0, 2**32)


def music_by(artists, seed=0):
    """Tracks from everywhere in the plane."""
    random, count = np.random.default_rng(seed), len(artists)
    return TrackTable(
        tracks=tuple(
            Track(f"spotify:track:{n:022d}", f"Song {n}", f"By {a}") for n, a in enumerate(artists)
        ),
        artist=np.array(artists, np.int32),
        cluster=random.integers(0, 3, count).astype(np.int32),
        affect=random.random((count, 2)).astype(np.float32),
        tempo=random.uniform(60, 180, count).astype(np.float32),
        energy=random.random(count).astype(np.float32),
        seconds=np.full(count, 200, np.float32),
        centroid_rank=random.random(count).astype(np.float32),
        explicit=random.random(count) < 0.3,
        labels=("slow", "fast", "gentle"),
        cluster_affect=np.array([[0.2, 0.2], [0.8, 0.8], [0.5, 0.5]], np.float32),
    )


def chosen(music, trajectory, length=25, seed=0, avoid=(), allowed=None):
    count = len(music.tracks)
    avoided = np.isin(np.arange(count), list(avoid))
    allowed = np.ones(count, bool) if allowed is None else allowed
    rng = np.random.default_rng(seed)
    choices = select(music, trajectory, length, rng, avoid=avoided, allowed=allowed)
    return [choice.index for choice in choices]


@given(artists, trajectories, st.integers(1, 40), seeds)
def test_a_list_is_as_long_as_asked_if_the_music_allows_and_repeats_nothing(
    artists, trajectory, length, seed
):
    found = chosen(music_by(artists), trajectory, length, seed)
    assert len(found) == min(length, len(artists))
    assert len(set(found)) == len(found)


@given(artists, trajectories, seeds)
def test_a_trajectory_never_turns_back(artists, trajectory, seed):
    music = music_by(artists)
    progress = trajectory.progress(music.affect[chosen(music, trajectory, seed=seed)])
    assert (np.diff(progress) >= 0).all()


@given(artists, seeds)
def test_an_artist_comes_again_within_ten_only_when_nobody_else_is_left(artists, seed):
    found = chosen(music_by(artists), Trajectory(np.array([[0.5, 0.5]])), seed=seed)
    for number, position in enumerate(found):
        recent = {artists[other] for other in found[max(0, number - 9) : number]}
        if artists[position] in recent:
            left = set(range(len(artists))) - set(found[:number])
            assert {artists[other] for other in left} <= recent


@settings(max_examples=20)
@given(trajectories, seeds)
@example(Trajectory(np.array([[0.2, 0.2], [0.8, 0.4]])), 90)
@example(Trajectory(np.array([[0.2, 0.2], [0.8, 0.4]])), 212)
def test_with_music_enough_no_artist_comes_twice_within_ten(trajectory, seed):
    artists = [number % 100 for number in range(800)]
    found = [artists[position] for position in chosen(music_by(artists), trajectory, seed=seed)]
    for number in range(len(found)):
        assert found[number] not in found[max(0, number - 9) : number]


@given(artists, trajectories, seeds)
def test_the_same_seed_gives_the_same_list(artists, trajectory, seed):
    music = music_by(artists)
    assert chosen(music, trajectory, seed=seed) == chosen(music, trajectory, seed=seed)


@pytest.mark.parametrize("waypoints", [[[0.3, 0.3]], [[0.2, 0.2], [0.8, 0.4]]])
def test_other_seeds_give_other_lists(waypoints):
    music = music_by(list(range(500)))
    lists = {tuple(chosen(music, Trajectory(np.array(waypoints)), seed=seed)) for seed in range(6)}
    assert len(lists) == 6


@given(artists, seeds)
def test_what_is_not_allowed_is_not_taken(artists, seed):
    music = music_by(artists)
    found = chosen(music, Trajectory(np.array([[0.5, 0.5]])), seed=seed, allowed=~music.explicit)
    assert not music.explicit[found].any()
    assert len(found) == min(25, int((~music.explicit).sum()))


def test_what_is_to_be_avoided_is_taken_only_when_nothing_else_is_left():
    music, staying = music_by(list(range(60))), Trajectory(np.array([[0.5, 0.5]]))
    avoid = set(range(40))
    assert set(chosen(music, staying, 20, avoid=avoid)) == set(range(40, 60))
    assert set(chosen(music, staying, 30, avoid=avoid)) > set(range(40, 60))


def test_tracks_are_near_to_the_walk_and_neighbours_sound_alike():
    music = music_by(list(range(3000)))
    trajectory = Trajectory(np.array([[0.2, 0.2], [0.8, 0.4]]))
    found = chosen(music, trajectory)
    away = music.affect[found] - trajectory.at(np.linspace(0, 1, len(found)))
    assert np.hypot(*away.T).mean() < 0.1
    folded = np.log2(music.tempo[found]) % 1
    octaves = np.abs(np.diff(folded))
    # By chance a quarter of an octave and a third of the energy.
    assert np.minimum(octaves, 1 - octaves).mean() < 0.15
    assert np.abs(np.diff(music.energy[found])).mean() < 0.15
