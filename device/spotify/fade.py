"""The fade-in of new music: the volume rises in two seconds to what the person has set."""

from device.clock import Clock
from device.player import IsAwaited, Speaker
from device.spotify.memory import Memory
from device.spotify.web_api import WebApi

FADE_SECONDS = 2.0

_FIRST_SHARE = 0.35
_MIN_VOLUME = 10
"""Below this volume there is no fade."""
_MIN_REQUESTS = 2
"""To lower the volume and to restore it."""
_STEP_SECONDS = 0.1


class Fade:
    """One fade on one speaker; failures are ignored.

    Parameters
    ----------
    api : WebApi
    speaker : Speaker
    volume : int in 0..100
        The current volume of the speaker.
    memory : Memory
        Stores the person's volume in case of a power cut.
    clock : Clock
    """

    def __init__(self, api: WebApi, speaker: Speaker, volume: int, memory: Memory, clock: Clock):
        self._api = api
        self._speaker = speaker
        self._memory = memory
        self._clock = clock
        self._own = memory.own_volume(speaker.id, volume)
        self._levels = round(self._own * _FIRST_SHARE), round(self._own * (1 + _FIRST_SHARE) / 2)
        self._lowered = self._own != volume
        self._answered = True

    def start(self) -> None:
        """Lower the volume, if the request budget is sufficient."""
        low, half = self._levels
        if self._own < _MIN_VOLUME or self._api.budget.requests_left < _MIN_REQUESTS:
            return
        if not self._memory.keep_lowered(self._speaker.id, self._own, [low, half]):
            return
        # Without an answer it may still have been done, so the volume is restored in any case.
        self._lowered = True
        self._set(low)
        self._api.budget.reserve()

    def rise(self, is_awaited: IsAwaited) -> None:
        """Raise the volume; at once when ``is_awaited`` returns true."""
        if not self._lowered:
            return
        if self._api.budget.requests_left > 0 and self._waited(is_awaited):
            self._set(self._levels[1])
        self._waited(is_awaited)
        self.restore()

    def restore(self) -> None:
        """Restore the person's own volume."""
        self._api.budget.release()
        if not self._lowered:
            return
        self._set(self._own)
        if self._answered:
            # A request without an answer may still be executed: then the next round restores.
            self._lowered = False
            self._memory.volume_restored()

    def _set(self, percent: int) -> None:
        self._answered &= self._api.volume(self._speaker.id, percent)

    def _waited(self, is_awaited: IsAwaited) -> bool:
        seconds = min(FADE_SECONDS / 2, self._api.budget.seconds_left)
        for _ in range(int(seconds / _STEP_SECONDS)):
            if is_awaited():
                return False
            self._clock.sleep(_STEP_SECONDS)
        return True
