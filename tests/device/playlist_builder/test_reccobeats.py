"""Requests to ReccoBeats, with its stand-in."""

import pytest

pytest.importorskip("sklearn", reason="the training's packages are not installed")

from reccobeats_stand_in import ReccoBeatsStandIn

from device.playlist_builder.csv_columns import CatalogueError
from device.playlist_builder.reccobeats import ReccoBeats
from device.simulation.clock import SimulatedClock

SOUND = {"danceability": 0.1, "energy": 0.2, "valence": 0.3, "tempo": 90.0, "acousticness": 0.4,
         "instrumentalness": 0.5, "loudness": -9.0, "speechiness": 0.1}  # fmt: skip


def ids(count):
    return [f"{number:022}" for number in range(count)]


@pytest.fixture
def stand_in():
    with ReccoBeatsStandIn(dict.fromkeys(ids(100), SOUND)) as service:
        yield service


@pytest.fixture
def clock():
    return SimulatedClock()


@pytest.fixture
def ask(stand_in, tmp_path, clock):
    def ask(wanted):
        return ReccoBeats(stand_in.url, tmp_path / "cache.jsonl", clock, lambda line: None)(wanted)

    return ask


def test_tracks_are_asked_for_by_forties(ask, stand_in):
    found = ask(ids(100))
    assert found == dict.fromkeys(ids(100), SOUND)
    assert [len(asked) for asked in stand_in.requested] == [40, 40, 20]


def test_unknown_tracks_are_left_out_and_not_asked_for_again(ask, stand_in):
    wanted = [*ids(2), "x" * 22]
    assert set(ask(wanted)) == set(ids(2))
    assert set(ask(wanted)) == set(ids(2))
    assert len(stand_in.requested) == 1


def test_what_is_known_is_kept_for_the_next_run(ask, stand_in):
    ask(ids(50))
    stand_in.requested.clear()
    assert len(ask(ids(60))) == 60
    assert stand_in.requested == [ids(60)[50:]]


def test_a_short_request_for_patience_is_granted(ask, stand_in, clock):
    stand_in.refuse_next(429, retry_after=7)
    begun = clock.now()
    assert len(ask(ids(3))) == 3
    assert clock.now() - begun >= 7


def test_a_long_one_ends_the_run_and_the_next_goes_on(ask, stand_in):
    ask(ids(40))
    stand_in.refuse_next(429, retry_after=7200)
    with pytest.raises(CatalogueError, match=r"wait for 7200 s. What was found is kept"):
        ask(ids(100))
    stand_in.requested.clear()
    assert len(ask(ids(100))) == 100
    assert [len(asked) for asked in stand_in.requested] == [40, 20]


def test_a_passing_failure_is_tried_again(ask, stand_in):
    stand_in.refuse_next(503)
    assert len(ask(ids(3))) == 3


def test_a_lasting_failure_is_told(ask, stand_in):
    for _ in range(4):
        stand_in.refuse_next(500)
    with pytest.raises(CatalogueError, match="does not answer"):
        ask(ids(3))


def test_a_refusal_is_told(ask, stand_in):
    stand_in.refuse_next(403)
    with pytest.raises(CatalogueError, match="HTTP 403"):
        ask(ids(3))


def test_a_service_that_is_not_there_is_told(tmp_path, clock):
    with pytest.raises(CatalogueError, match="does not answer"):
        ReccoBeats("http://127.0.0.1:9", tmp_path / "c.jsonl", clock, lambda line: None)(ids(1))


def test_a_line_cut_short_is_asked_for_again(ask, stand_in, tmp_path):
    ask(ids(2))
    cache = tmp_path / "cache.jsonl"
    cache.write_text(cache.read_text()[:-20] + "\n")
    assert len(ask(ids(2))) == 2
    assert stand_in.requested[1:] == [ids(2)[1:]]
