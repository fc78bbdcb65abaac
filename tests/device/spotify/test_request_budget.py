import threading

import pytest
import requests

from device.simulation.clock import SimulatedClock
from device.spotify.account import Account
from device.spotify.request_budget import CHECKS, EARLY_END_SECONDS, SECONDS, RequestBudget


@pytest.fixture
def clock():
    return SimulatedClock()


def test_the_seconds_run_down_only_while_spotify_is_waited_for(clock):
    budget = RequestBudget(clock, seconds=10)
    with budget.running():
        clock.sleep(4)
        assert budget.seconds_left == 6
    clock.sleep(60)
    with budget.running():
        clock.sleep(1)
        assert budget.seconds_left == 5


def test_a_wait_longer_than_what_is_left_is_not_begun(clock):
    budget = RequestBudget(clock, seconds=10)
    with budget.running():
        assert budget.sleep(9)
        before = clock.now()
        assert not budget.sleep(2)
        assert clock.now() == before


def test_after_the_last_request_there_is_none(clock):
    budget = RequestBudget(clock, requests=2)
    assert budget.take() > 0
    assert budget.take() > 0
    with pytest.raises(requests.Timeout):
        budget.take()


def test_what_is_reserved_cannot_be_taken_until_it_is_released(clock):
    budget = RequestBudget(clock, seconds=10, requests=1)
    budget.reserve()
    assert budget.seconds_left == 9
    with pytest.raises(requests.Timeout):
        budget.take()
    budget.release()
    assert budget.take() == 10


def test_once_somebody_waits_a_second_is_left_and_no_wait_is_begun(clock):
    pressed = threading.Event()
    budget = RequestBudget(clock, seconds=10, is_awaited=pressed.is_set)
    with budget.running():
        assert budget.sleep(1)
        pressed.set()
        assert budget.seconds_left == EARLY_END_SECONDS
        assert not budget.sleep(0.5)
        clock.sleep(EARLY_END_SECONDS)
        with pytest.raises(requests.Timeout):
            budget.take()


def test_a_round_and_what_came_before_it_take_ten_seconds_together(tmp_path):
    account = Account("c" * 32, "http://127.0.0.1:8000/callback", tmp_path / "token.json")
    assert account.budget().seconds_left + EARLY_END_SECONDS <= SECONDS


def test_looks_are_not_charged_to_the_requests(clock):
    budget = RequestBudget(clock, requests=1)
    with budget.checking():
        for _ in range(CHECKS):
            budget.take()
        with pytest.raises(requests.Timeout):
            budget.take()
    assert budget.take() > 0


def test_when_time_is_up_nothing_can_be_taken(clock):
    budget = RequestBudget(clock, seconds=1)
    with budget.running():
        clock.sleep(1)
        with pytest.raises(requests.Timeout):
            budget.take()
