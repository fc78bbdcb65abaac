"""The clock."""

from time import monotonic
from time import sleep as wait
from time import time as unix_time
from typing import Protocol


class Clock(Protocol):
    """Tells the time and waits."""

    def now(self) -> float:
        """Seconds on a monotonic clock; only differences have a meaning."""

    def time(self) -> float:
        """Seconds since 1970, by the system's clock."""

    def sleep(self, seconds: float) -> None:
        """Wait for ``seconds`` >= 0."""


class SystemClock:
    """The system's clock."""

    now = staticmethod(monotonic)
    time = staticmethod(unix_time)
    sleep = staticmethod(wait)
