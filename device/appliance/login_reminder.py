"""Keeps an eye on the login to Spotify, and reminds a person of its end before it comes."""

from collections.abc import Callable

from device.appliance.events import LoginSeen
from device.clock import Clock
from device.spotify.account import Standing

DAYS_AHEAD = (30, 14, 3)

_DAY_SECONDS = 24 * 3600


class LoginReminder:
    """Has a word to say when the login changes, and once at each stage before its end.

    Parameters
    ----------
    standing : callable
        Tells how it stands with the login, without asking Spotify.
    clock : Clock
    """

    def __init__(self, standing: Callable[[], Standing], clock: Clock):
        self._standing = standing
        self._clock = clock
        self._said: tuple[str | None, int | None] = (None, None)

    def look(self) -> LoginSeen | None:
        """What there is to say now."""
        standing = self._standing()
        days = None
        if standing.ends_at is not None:
            days = max(0, int((standing.ends_at - self._clock.time()) // _DAY_SECONDS))
        stages = [ahead for ahead in DAYS_AHEAD if days is not None and days <= ahead]
        to_say = (standing.problem, min(stages, default=None))
        if to_say == self._said:
            return None
        self._said = to_say
        return LoginSeen(standing.problem, days if stages else None)
