"""Reminds a person that the login to Spotify will end, before it does."""

from collections.abc import Callable

from device.clock import Clock
from device.events import LoginEnds
from device.spotify.account import Standing

DAYS_AHEAD = (30, 14, 3)

_DAY_SECONDS = 24 * 3600


class LoginReminder:
    """Says when it is time for a word about the login, once for each stage.

    Parameters
    ----------
    standing : callable
        Tells how it stands with the login, without asking Spotify.
    clock : Clock
    """

    def __init__(self, standing: Callable[[], Standing], clock: Clock):
        self._standing = standing
        self._clock = clock
        self._told: int | None = None

    def look(self) -> LoginEnds | None:
        """What there is to say now; ``days`` is None when the reminder is no longer needed."""
        ends_at = self._standing().ends_at
        days = None
        if ends_at is not None:
            days = max(0, int((ends_at - self._clock.time()) // _DAY_SECONDS))
        stage = min((ahead for ahead in DAYS_AHEAD if days is not None and days <= ahead), default=None)
        if stage == self._told:
            return None
        self._told = stage
        return LoginEnds(None) if stage is None else LoginEnds(days)
