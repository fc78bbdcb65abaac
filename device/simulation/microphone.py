"""A microphone that plays a recording."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from device.clock import Clock
from device.microphone import SAMPLE_RATE, microphone, recording

_SILENT_PIECE = np.zeros(round(0.032 * SAMPLE_RATE), np.float32)
_STALLED_SECONDS = 1.0


class RecordedMicrophone:
    """Delivers a recording in real time, and silence after it, without end.

    It starts from the beginning each time it is opened.

    Parameters
    ----------
    path : str or Path
        See :func:`device.microphone.recording.read`.
    clock : Clock
        The clock of the sound.
    unplug_after_seconds : float, optional
        Unplug the microphone after so much sound; it cannot be opened after that.

    Attributes
    ----------
    path : str or Path
    plugged_in : bool
    """

    def __init__(self, path: str | Path, clock: Clock, unplug_after_seconds: float | None = None):
        self.path = path
        self._clock = clock
        self._unplug_after_seconds = unplug_after_seconds
        self.plugged_in = True

    @contextmanager
    def open(self) -> Iterator[Iterator[np.ndarray]]:
        """See :meth:`device.microphone.microphone.Microphone.open`."""
        if not self.plugged_in:
            raise microphone.absent("", [])
        pieces = self._in_real_time()
        try:
            yield pieces
        finally:
            pieces.close()

    def stuck(self) -> bool:
        """See :meth:`device.microphone.microphone.Microphone.stuck`."""
        return False

    @property
    def device(self) -> str:
        """See :attr:`device.microphone.microphone.Microphone.device`."""
        return "recording"

    def _in_real_time(self) -> Generator[np.ndarray, None, None]:
        started = self._clock.now()
        played = 0.0
        for piece in self._pieces():
            if self._unplug_after_seconds is not None and played >= self._unplug_after_seconds:
                self.plugged_in = False
            if not self.plugged_in:
                self._clock.sleep(_STALLED_SECONDS)
                raise microphone.stopped()
            played += len(piece) / SAMPLE_RATE
            self._clock.sleep(max(0.0, started + played - self._clock.now()))
            yield piece

    def _pieces(self) -> Iterator[np.ndarray]:
        yield from recording.read(self.path)
        while True:
            yield _SILENT_PIECE
