"""What one round may cost at Spotify: a few requests, and a few seconds of a person's patience."""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import requests

from device.clock import Clock

REQUESTS = 6
"""A round needs three or four; the account's day has about a thousand."""

SECONDS = 10.0

_RESERVED_SECONDS = 1.0
_LOOPBACK = ("127.0.0.1", "::1")


class Allowance:
    """What is left of it.

    Parameters
    ----------
    clock : Clock
    seconds : float > 0
        How long Spotify may be waited for in all; see :meth:`running`.
    requests : int

    Attributes
    ----------
    renewed : bool
        Whether a new access token was asked for: a second time would be the same POST again.
    """

    def __init__(self, clock: Clock, seconds: float = SECONDS, requests: int = REQUESTS):
        self._clock = clock
        self._unused_seconds = seconds
        self._unused_requests = requests
        self._running_since: float | None = None
        self._reserved = False
        self.renewed = False

    @property
    def seconds_left(self) -> float:
        """Without what is reserved."""
        reserved = _RESERVED_SECONDS if self._reserved else 0.0
        return self._unused() - reserved

    @property
    def requests_left(self) -> int:
        """Without what is reserved."""
        return self._unused_requests - self._reserved

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
        self._unused_requests -= 1
        return seconds

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
        """Wait, if as much time is left; tells whether it was."""
        if seconds >= self.seconds_left:
            return False
        self._clock.sleep(seconds)
        return True

    def _unused(self) -> float:
        if self._running_since is None:
            return self._unused_seconds
        return self._unused_seconds - (self._clock.now() - self._running_since)


class PromptSession(requests.Session):
    """Sends every request once, and waits no longer than the allowance lasts.

    requests' own timeouts begin anew with each byte and know nothing of the name service, so an
    answer that drips would never end: the request is made on a thread that is left alone when
    time is up.

    Parameters
    ----------
    address : str
        Of the service.
    allowance : Allowance
    """

    def __init__(self, address: str, allowance: Allowance):
        super().__init__()
        self._allowance = allowance
        # No proxy can reach this machine's own loopback.
        self.trust_env = urlsplit(address).hostname not in _LOOPBACK

    def request(self, method: str, url: str, **how: Any) -> requests.Response:
        how["timeout"] = seconds = min(how["timeout"], self._allowance.take())
        # A redirection would take the token along, to wherever it points.
        how["allow_redirects"] = False
        ask = super().request
        return _within(seconds, lambda: ask(method, url, **how))


def _within(seconds: float, ask: Callable[[], requests.Response]) -> requests.Response:
    outcome: queue.SimpleQueue[requests.Response | BaseException] = queue.SimpleQueue()

    def work() -> None:
        try:
            outcome.put(ask())
        except BaseException as error:
            outcome.put(error)

    threading.Thread(target=work, name="request", daemon=True).start()
    try:
        answer = outcome.get(timeout=seconds)
    except queue.Empty:
        raise requests.Timeout("no whole answer in time") from None
    if isinstance(answer, BaseException):
        raise answer
    return answer
