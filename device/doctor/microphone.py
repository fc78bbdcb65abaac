"""The check of the microphone, with a level meter."""

import sys
from collections.abc import Callable

import numpy as np

from device.errors import MicrophoneError
from device.microphone import SAMPLE_RATE
from device.microphone.microphone import Microphone
from device.speech.endpointing import QUIET_RMS, SILENT_PEAK, loudness

SECONDS = 3.0

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
    peak, loudest, samples = 0.0, 0.0, 0
    with microphone.open() as sound:
        for piece in sound:
            rms = loudness(piece)
            meter(_level_db(rms))
            peak = max(peak, float(np.abs(piece).max(initial=0.0)))
            loudest = max(loudest, rms)
            samples += len(piece)
            if samples >= SECONDS * SAMPLE_RATE:
                break
    level = f"at most {_level_db(loudest):.0f} dB"
    name = microphone.device or "the system's default"
    if peak < SILENT_PEAK:
        raise MicrophoneError(
            f"{name} delivers only zeros: switch it on, or raise it and take off its mute (key M) "
            "in `alsamixer`, F4 for the microphone."
        )
    if loudest < QUIET_RMS:
        raise MicrophoneError(
            f"{name} is very quiet ({level}): raise it in `alsamixer`, F4 for "
            "the microphone, or come closer."
        )
    return f"{name}, {level}"


def draw(level_db: float) -> None:
    """Draw the level on a terminal, over the one before."""
    share = (level_db - _LOWEST_DB) / -_LOWEST_DB
    bar = "█" * round(share * _BAR_CELLS)
    sys.stdout.write(f"\r\x1b[K  say something  {bar:{_BAR_CELLS}} {level_db:4.0f} dB")
    sys.stdout.flush()


def _level_db(rms: float) -> float:
    return max(_LOWEST_DB, 20 * float(np.log10(max(rms, 1e-6))))
