"""The check of the microphone, with a level meter."""

import sys
from collections.abc import Callable

import numpy as np

from device.errors import MicrophoneError
from device.microphone import SAMPLE_RATE
from device.microphone.microphone import Microphone
from device.speech.endpointing import loudness

SECONDS = 3.0

_SILENT_PEAK = 1e-4
_QUIET_DB = -66.0
"""As in :mod:`device.speech.endpointing`: what is quieter cannot be judged."""

_BAR_CELLS = 30
_LOWEST_DB = -90.0


def microphone(microphone: Microphone, meter: Callable[[float], None]) -> str:
    """Listen for three seconds.

    Parameters
    ----------
    microphone : Microphone
    meter : callable
        Is shown the level of each piece of sound, in dB of full scale.
    """
    peak, loudest_db, samples = 0.0, _LOWEST_DB, 0
    with microphone.open() as sound:
        for piece in sound:
            level_db = _level_db(piece)
            meter(level_db)
            peak = max(peak, float(np.abs(piece).max(initial=0.0)))
            loudest_db = max(loudest_db, level_db)
            samples += len(piece)
            if samples >= SECONDS * SAMPLE_RATE:
                break
    name = microphone.device or "the system's default"
    if peak < _SILENT_PEAK:
        raise MicrophoneError(
            f"{name} delivers only zeros: switch it on, or raise it and take off its mute (key M) "
            "in `alsamixer`, F4 for the microphone."
        )
    if loudest_db < _QUIET_DB:
        raise MicrophoneError(
            f"{name} is very quiet (at most {loudest_db:.0f} dB): raise it in `alsamixer`, F4 for "
            "the microphone, or come closer."
        )
    return f"{name}, at most {loudest_db:.0f} dB"


def draw(level_db: float) -> None:
    """Draw the level on a terminal, over the one before."""
    share = (level_db - _LOWEST_DB) / -_LOWEST_DB
    bar = "█" * round(share * _BAR_CELLS)
    sys.stdout.write(f"\r\x1b[K  say something  {bar:{_BAR_CELLS}} {level_db:4.0f} dB")
    sys.stdout.flush()


def _level_db(piece: np.ndarray) -> float:
    return max(_LOWEST_DB, 20 * float(np.log10(max(loudness(piece), 1e-6))))
