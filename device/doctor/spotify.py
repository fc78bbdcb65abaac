"""Checks of the account with Spotify and of the speaker."""

from collections.abc import Callable, Sequence

from device.appliance.machine import LOGIN_NEAR_DAYS
from device.clock import Clock
from device.doctor.finding import NotCheckedError
from device.errors import AccountError
from device.player import Speaker
from device.spotify.account import Account
from device.spotify.speakers import find_speaker

_DAY_SECONDS = 24 * 3600


class SpotifyChecks:
    """Checks that ask Spotify once for all of them.

    Parameters
    ----------
    account : Account
    list_speakers : callable
        Asks Spotify for the speakers.
    speaker_name : str
        As in the configuration.
    clock : Clock
    """

    def __init__(
        self,
        account: Account,
        list_speakers: Callable[[], Sequence[Speaker]],
        speaker_name: str,
        clock: Clock,
    ):
        self._account = account
        self._list_speakers = list_speakers
        self._speaker_name = speaker_name
        self._clock = clock
        self._speakers: Sequence[Speaker] | None = None

    def account(self) -> str:
        """Look whether somebody is logged in, and Spotify agrees."""
        status = self._account.login_status()
        if status.problem:
            raise AccountError(status.problem)
        self._speakers = self._list_speakers()
        return "logged in"

    def login(self) -> str:
        """The days to the login's end."""
        ends_at = self._account.login_status().ends_at
        if ends_at is None:
            raise NotCheckedError("nobody is logged in")
        days = int((ends_at - self._clock.time()) // _DAY_SECONDS)
        if days <= LOGIN_NEAR_DAYS:
            raise AccountError(f"The login ends in {max(days, 0)} days: run `sudo emotify login`.")
        return f"ends in {days} days"

    def speaker(self) -> str:
        """Find the speaker in the account's list."""
        if self._speakers is None:
            raise NotCheckedError("the account comes first")
        return f'"{find_speaker(self._speakers, self._speaker_name).name}"'
