import pytest
import requests

from device.simulation.clock import SimulatedClock
from device.spotify.allowance import Allowance


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


def test_when_time_is_up_nothing_can_be_taken(clock):
    allowance = Allowance(clock, seconds=1)
    with allowance.running():
        clock.sleep(1)
        with pytest.raises(requests.Timeout):
            allowance.take()
