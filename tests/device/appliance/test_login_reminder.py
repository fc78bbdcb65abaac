import pytest

from device.appliance import events
from device.appliance.login_reminder import LoginReminder
from device.simulation.clock import SimulatedClock
from device.spotify.account import LoginStatus

DAY_SECONDS = 24 * 3600


class Login:
    """A login that ends in so many days, and what is said of it as they pass."""

    def __init__(self, days):
        self.clock = SimulatedClock()
        self.login_status = LoginStatus(None, self.clock.time() + days * DAY_SECONDS)
        self.reminder = LoginReminder(lambda: self.login_status, self.clock)

    def said_in(self, days):
        said = []
        for _ in range(days):
            said.append(self.reminder.check())
            self.clock.sleep(DAY_SECONDS)
        return [word for word in said if word]


def test_a_word_is_said_30_14_and_3_days_ahead():
    said = Login(180).said_in(180)
    assert said == [
        events.LoginChanged(None, 30),
        events.LoginChanged(None, 14),
        events.LoginChanged(None, 3),
    ]


def test_a_box_that_was_off_says_the_nearest():
    assert Login(10).said_in(1) == [events.LoginChanged(None, 10)]


def test_a_new_login_ends_the_reminding():
    login = Login(5)
    login.said_in(1)
    login.login_status = LoginStatus(None, login.clock.time() + 180 * DAY_SECONDS)
    assert login.said_in(1) == [events.LoginChanged(None, None)]


def test_a_problem_is_said_once_and_so_is_its_end():
    login = Login(100)
    assert login.said_in(1) == []
    good, login.login_status = login.login_status, LoginStatus("The login has ended.")
    assert login.said_in(3) == [events.LoginChanged("The login has ended.", None)]
    login.login_status = good
    assert login.said_in(3) == [events.LoginChanged(None, None)]


@pytest.mark.parametrize("days", [0, -1, -100])
def test_a_login_that_should_have_ended_may_end_any_day(days):
    assert Login(days).said_in(1) == [events.LoginChanged(None, 0)]


def test_a_login_of_unknown_age_is_not_reminded_of():
    login = Login(100)
    login.login_status = LoginStatus(None, None)
    assert login.said_in(3) == []
