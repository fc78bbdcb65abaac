"""What one round may cost at Spotify: a few requests, and a few seconds of a person's patience."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import requests

from device.clock import Clock

REQUESTS = 6
"""A round needs three to six; the account's day has about a thousand."""

LOOKS = 5
"""How often a round may look besides whether the music has begun."""

SECONDS = 10.0

HURRIED_SECONDS = 1.0
"""What is left of the seconds once somebody waits for the next thing."""

_RESERVED_SECONDS = 1.0
_STEP_SECONDS = 0.1
"""How often a wait asks whether somebody is waiting."""

_MOMENT_SECONDS = 1e-6

Hurry = Callable[[], bool]
"""Tells whether somebody waits for the present work to end."""


def at_leisure() -> bool:
    """Nobody waits."""
    return False


class Allowance:
    """What is left of it.

    Parameters
    ----------
    clock : Clock
    seconds : float > 0
        How long Spotify may be waited for in all; see :meth:`running`.
    requests : int
    hurry : callable
        Once it says that somebody waits, :data:`HURRIED_SECONDS` are left.

    Attributes
    ----------
    renewed : bool
        Whether a new access token was asked for: a second time would be the same POST again.
    token_refused : bool
        Whether it was not given.
    """

    def __init__(
        self,
        clock: Clock,
        seconds: float = SECONDS,
        requests: int = REQUESTS,
        hurry: Hurry = at_leisure,
    ):
        self._clock = clock
        self._unused_seconds = seconds
        self._unused_requests = requests
        self._unused_looks = LOOKS
        self._running_since: float | None = None
        self._reserved = False
        self._looking = False
        self._hurry = hurry
        self._hurried_at: float | None = None
        self.renewed = False
        self.token_refused = False

    def hurried_by(self, hurry: Hurry) -> None:
        """From now on let ``hurry`` say whether somebody waits."""
        self._hurry, self._hurried_at = hurry, None

    @property
    def seconds_left(self) -> float:
        """Without what is reserved."""
        reserved = _RESERVED_SECONDS if self._reserved else 0.0
        return min(self._unused() - reserved, self._until_hurried_end())

    @property
    def requests_left(self) -> int:
        """Without what is reserved; while :meth:`looking`, the looks."""
        return self._unused_looks if self._looking else self._unused_requests - self._reserved

    def reserve(self) -> None:
        """Keep one request and a moment back, until :meth:`release`."""
        self._reserved = True

    def release(self) -> None:
        """Let what was kept back be used."""
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
            raise requests.Timeout("the allowance is used up")
        if self._looking:
            self._unused_looks -= 1
        else:
            self._unused_requests -= 1
        return seconds

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Meanwhile requests are looks, and not charged to the others."""
        self._looking = True
        try:
            yield
        finally:
            self._looking = False

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let the seconds run down meanwhile; while somebody speaks they do not."""
        self._running_since = self._clock.now()
        try:
            yield
        finally:
            self._unused_seconds = self._unused()
            self._running_since = None

    def sleep(self, seconds: float) -> bool:
        """Wait, if as much time is left and nobody waits; tells whether it did."""
        until = self._clock.now() + seconds
        while (left := until - self._clock.now()) > _MOMENT_SECONDS:
            if left > self.seconds_left - _MOMENT_SECONDS or self._hurried_at is not None:
                return False
            self._clock.sleep(min(left, _STEP_SECONDS))
        return True

    def _unused(self) -> float:
        if self._running_since is None:
            return self._unused_seconds
        return self._unused_seconds - (self._clock.now() - self._running_since)

    def _until_hurried_end(self) -> float:
        if self._hurried_at is None:
            if not self._hurry():
                return float("inf")
            self._hurried_at = self._clock.now()
        return self._hurried_at + HURRIED_SECONDS - self._clock.now()
