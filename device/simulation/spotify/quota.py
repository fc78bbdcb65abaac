"""Rate limits: over half a minute, and over a day."""

import math
from collections import deque

from device.clock import Clock
from device.simulation.spotify.answer import Answer, Refused

WINDOW_SECONDS = 30
DAY_SECONDS = 24 * 3600


class Quota:
    """Counts the requests of one developer account.

    Attributes
    ----------
    per_window, per_day : int
        More requests are refused. Spotify publishes neither; users report about 1,100 a day.
    """

    def __init__(self, clock: Clock):
        self.per_window = 200
        self.per_day = 1100
        self._clock = clock
        self._times: deque[float] = deque()

    def count(self) -> None:
        """Count a request, or refuse it."""
        now = self._clock.time()
        while self._times and self._times[0] <= now - DAY_SECONDS:
            self._times.popleft()
        if len(self._times) >= self.per_day:
            raise _refused(self._times[0] + DAY_SECONDS - now, "QUOTA_EXCEEDED")
        recent = [time for time in self._times if time > now - WINDOW_SECONDS]
        if len(recent) >= self.per_window:
            raise _refused(recent[0] + WINDOW_SECONDS - now)
        self._times.append(now)


def _refused(seconds: float, reason: str | None = None) -> Refused:
    error = {"status": 429, "message": "API rate limit exceeded"}
    error |= {"reason": reason} if reason else {}
    return Refused(Answer(429, {"error": error}, {"Retry-After": str(math.ceil(seconds))}))
