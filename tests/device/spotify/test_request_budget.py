import threading

import pytest
import requests

from device.simulation.clock import SimulatedClock
from device.spotify.account import Account
from device.spotify.request_budget import HURRIED_SECONDS, LOOKS, SECONDS, Allowance


@pytest.fixture
def clock():
    return SimulatedClock()


def test_the_seconds_run_down_only_while_spotify_is_waited_for(clock):
    allowance = Allowance(clock, seconds=10)
    with allowance.running():
        clock.sleep(4)
        assert allowance.seconds_left == 6
    clock.sleep(60)
    with allowance.running():
        clock.sleep(1)
        assert allowance.seconds_left == 5


def test_a_wait_longer_than_what_is_left_is_not_begun(clock):
    allowance = Allowance(clock, seconds=10)
    with allowance.running():
        assert allowance.sleep(9)
        before = clock.now()
        assert not allowance.sleep(2)
        assert clock.now() == before


def test_after_the_last_request_there_is_none(clock):
    allowance = Allowance(clock, requests=2)
    assert allowance.take() > 0
    assert allowance.take() > 0
    with pytest.raises(requests.Timeout):
        allowance.take()


def test_what_is_reserved_cannot_be_taken_until_it_is_released(clock):
    allowance = Allowance(clock, seconds=10, requests=1)
    allowance.reserve()
    assert allowance.seconds_left == 9
    with pytest.raises(requests.Timeout):
        allowance.take()
    allowance.release()
    assert allowance.take() == 10


def test_once_somebody_waits_a_second_is_left_and_no_wait_is_begun(clock):
    pressed = threading.Event()
    allowance = Allowance(clock, seconds=10, hurry=pressed.is_set)
    with allowance.running():
        assert allowance.sleep(1)
        pressed.set()
        assert allowance.seconds_left == HURRIED_SECONDS
        assert not allowance.sleep(0.5)
        clock.sleep(HURRIED_SECONDS)
        with pytest.raises(requests.Timeout):
            allowance.take()


def test_a_round_and_what_came_before_it_take_ten_seconds_together(tmp_path):
    account = Account("c" * 32, "http://127.0.0.1:8000/callback", tmp_path / "token.json")
    assert account.allowance().seconds_left + HURRIED_SECONDS <= SECONDS


def test_looks_are_not_charged_to_the_requests(clock):
    allowance = Allowance(clock, requests=1)
    with allowance.looking():
        for _ in range(LOOKS):
            allowance.take()
        with pytest.raises(requests.Timeout):
            allowance.take()
    assert allowance.take() > 0


def test_when_time_is_up_nothing_can_be_taken(clock):
    allowance = Allowance(clock, seconds=1)
    with allowance.running():
        clock.sleep(1)
        with pytest.raises(requests.Timeout):
            allowance.take()
