import pytest

from device.doctor.finding import NotCheckedError
from device.doctor.spotify import SpotifyChecks
from device.errors import AccountError, NetworkError, SpeakerError
from device.simulation.clock import SimulatedClock
from device.simulation.spotify import SimulatedSpeaker, SpotifyStandIn
from device.spotify.player import SpotifyPlayer

DAY_SECONDS = 24 * 3600


@pytest.fixture
def spotify():
    speakers = [SimulatedSpeaker("Kitchen"), SimulatedSpeaker("Sonos", restricted=True)]
    with SpotifyStandIn(speakers) as stand_in:
        yield stand_in


@pytest.fixture
def clock():
    return SimulatedClock()


@pytest.fixture
def account(spotify, clock, tmp_path):
    return spotify.account(tmp_path / "token.json", clock)


@pytest.fixture
def checks(account, clock):
    def make(speaker="Kitchen"):
        player = SpotifyPlayer(account, speaker, clock)
        return SpotifyChecks(account, player.speakers, speaker, clock)

    return make


def test_a_login_and_a_speaker_are_good(checks):
    made = checks()
    assert made.account() == "logged in"
    assert made.login() == "ends in 180 days"
    assert made.speaker() == '"Kitchen"'


def test_nobody_is_logged_in(checks, account):
    account.log_out()
    made = checks()
    with pytest.raises(AccountError, match="run `emotify login`"):
        made.account()
    with pytest.raises(NotCheckedError, match="nobody is logged in"):
        made.login()
    with pytest.raises(NotCheckedError, match="the account comes first"):
        made.speaker()


def test_a_login_that_ends_soon(checks, clock):
    clock.sleep(170 * DAY_SECONDS)
    with pytest.raises(AccountError, match="ends in 10 days: run `sudo emotify login`"):
        checks().login()


def test_a_speaker_that_takes_no_commands(checks):
    made = checks("Sonos")
    made.account()
    with pytest.raises(SpeakerError, match="takes no commands"):
        made.speaker()


def test_no_network(checks, spotify):
    made = checks()
    spotify.__exit__()
    with pytest.raises(NetworkError):
        made.account()
