"""A clock that does not wait."""

import threading


class SimulatedClock:
    """Sleeping takes no real time, but advances the clock.

    Parameters
    ----------
    time : float
        Seconds since 1970 at the start.
    """

    def __init__(self, time: float = 1_700_000_000.0):
        self._start = time
        self._passed = 0.0
        self._lock = threading.Lock()

    def now(self) -> float:
        return self._passed

    def time(self) -> float:
        return self._start + self._passed

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self._passed += seconds
