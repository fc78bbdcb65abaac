"""Reports changes of the login to Spotify, and reminds a person before it ends."""

from collections.abc import Callable

from device.appliance import events
from device.clock import Clock
from device.spotify.account import LoginStatus

DAYS_AHEAD = (30, 14, 3)

_DAY_SECONDS = 24 * 3600


class LoginReminder:
    """Returns an event when the login changes, and once at each stage before its end.

    Parameters
    ----------
    login_status : callable
        Returns the status of the login, without a request to Spotify.
    clock : Clock
    """

    def __init__(self, login_status: Callable[[], LoginStatus], clock: Clock):
        self._login_status = login_status
        self._clock = clock
        self._reported: tuple[str | None, int | None] = (None, None)

    def check(self) -> events.LoginChanged | None:
        """The event to report now, if any."""
        status = self._login_status()
        days = None
        if status.ends_at is not None:
            days = max(0, int((status.ends_at - self._clock.time()) // _DAY_SECONDS))
        stages = [ahead for ahead in DAYS_AHEAD if days is not None and days <= ahead]
        current = (status.problem, min(stages, default=None))
        if current == self._reported:
            return None
        self._reported = current
        return events.LoginChanged(status.problem, days if stages else None)
