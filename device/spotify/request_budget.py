"""The request budget: how many requests to Spotify, and how many seconds, one round may take.

Retry libraries limit single requests; this limits what a press costs in all.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import requests

from device.clock import Clock
from device.player import IsAwaited, never_awaited

REQUESTS = 6
"""A round needs three to six; an account may send about a thousand in a day."""

CHECKS = 5
"""How many more requests a round may use to check whether the music has started."""

SECONDS = 10.0

EARLY_END_SECONDS = 1.0
"""The time that remains once another command waits."""

_RESERVED_SECONDS = 1.0
_STEP_SECONDS = 0.1
"""How often a wait checks whether another command waits."""

_TOLERANCE_SECONDS = 1e-6


class RequestBudget:
    """The requests and seconds that remain.

    Parameters
    ----------
    clock : Clock
    seconds : float > 0
        Total waiting time for Spotify; see :meth:`running`.
    requests : int
    is_awaited : callable
        Once it returns true, :data:`EARLY_END_SECONDS` remain.

    Attributes
    ----------
    renewed : bool
        Whether a new access token was requested: a second time would be the same POST again.
    token_refused : bool
        Whether that was refused.
    """

    def __init__(
        self,
        clock: Clock,
        seconds: float = SECONDS,
        requests: int = REQUESTS,
        is_awaited: IsAwaited = never_awaited,
    ):
        self._clock = clock
        self._unused_seconds = seconds
        self._unused_requests = requests
        self._unused_checks = CHECKS
        self._running_since: float | None = None
        self._reserved = False
        self._checking = False
        self._is_awaited = is_awaited
        self._awaited_since: float | None = None
        self.renewed = False
        self.token_refused = False

    def end_early_when(self, is_awaited: IsAwaited) -> None:
        """From now on use this function to tell whether another command waits."""
        self._is_awaited, self._awaited_since = is_awaited, None

    @property
    def seconds_left(self) -> float:
        """Without the reserved second."""
        reserved = _RESERVED_SECONDS if self._reserved else 0.0
        return min(self._unused() - reserved, self._until_early_end())

    @property
    def requests_left(self) -> int:
        """Without the reserved request; during :meth:`checking`, the checks."""
        return self._unused_checks if self._checking else self._unused_requests - self._reserved

    def reserve(self) -> None:
        """Reserve one request and one second, until :meth:`release`."""
        self._reserved = True

    def release(self) -> None:
        """Make what was reserved available."""
        self._reserved = False

    def take(self) -> float:
        """Take one request; returns the seconds that it may last.

        Raises
        ------
        requests.Timeout
            When nothing is left.
        """
        seconds = self.seconds_left
        if self.requests_left <= 0 or seconds <= 0:
            raise requests.Timeout("the request budget is used up")
        if self._checking:
            self._unused_checks -= 1
        else:
            self._unused_requests -= 1
        return seconds

    @contextmanager
    def checking(self) -> Iterator[None]:
        """Count the requests in this context as checks, not as ordinary requests."""
        self._checking = True
        try:
            yield
        finally:
            self._checking = False

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count the seconds in this context; while somebody speaks they are not counted."""
        self._running_since = self._clock.now()
        try:
            yield
        finally:
            self._unused_seconds = self._unused()
            self._running_since = None

    def sleep(self, seconds: float) -> bool:
        """Wait if that much time is left and nothing else waits; returns whether it did."""
        until = self._clock.now() + seconds
        while (left := until - self._clock.now()) > _TOLERANCE_SECONDS:
            if left > self.seconds_left - _TOLERANCE_SECONDS or self._awaited_since is not None:
                return False
            self._clock.sleep(min(left, _STEP_SECONDS))
        return True

    def _unused(self) -> float:
        if self._running_since is None:
            return self._unused_seconds
        return self._unused_seconds - (self._clock.now() - self._running_since)

    def _until_early_end(self) -> float:
        if self._awaited_since is None:
            if not self._is_awaited():
                return float("inf")
            self._awaited_since = self._clock.now()
        return self._awaited_since + EARLY_END_SECONDS - self._clock.now()
