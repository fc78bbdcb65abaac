"""Time, as the device sees it."""

from time import monotonic
from time import sleep as wait
from time import time as unix_time
from typing import Protocol


class Clock(Protocol):
    """What tells the time and lets it pass."""

    def now(self) -> float:
        """Seconds on a clock that never jumps; only differences mean anything."""

    def time(self) -> float:
        """Seconds since 1970, as far as the machine knows."""

    def sleep(self, seconds: float) -> None:
        """Let ``seconds`` >= 0 pass."""


class SystemClock:
    """The machine's own clock."""

    now = staticmethod(monotonic)
    time = staticmethod(unix_time)
    sleep = staticmethod(wait)
