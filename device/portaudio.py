"""PortAudio, begun and ended around each use, and quiet."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import TYPE_CHECKING

from device.errors import MicrophoneError

if TYPE_CHECKING:
    from pyaudio import PyAudio

_WAITING_SECONDS = 1.0

_TALKERS = (
    ("libasound.so.2", "snd_lib_error_set_handler"),
    ("libjack.so.0", "jack_set_error_function"),
    ("libjack.so.0", "jack_set_info_function"),
)

_in_use = Lock()


@contextmanager
def session() -> Iterator["PyAudio"]:
    """PortAudio with the devices that are there now.

    Its list of devices is made when it begins and never again, and it is not made for more than
    one thread: hence a new one for each use, and one at a time.

    Raises
    ------
    MicrophoneError
        When it is in use, or does not begin.
    """
    import pyaudio

    if not _in_use.acquire(timeout=_WAITING_SECONDS):
        raise MicrophoneError("The microphone is still in use; try again, or restart Emotify.")
    try:
        _hush()
        try:
            audio = pyaudio.PyAudio()
        except OSError as error:
            raise MicrophoneError(f"Sound does not work here: {error.strerror}.") from error
        try:
            yield audio
        finally:
            audio.terminate()
    finally:
        _in_use.release()


def inputs(audio: "PyAudio") -> list[dict]:
    """PortAudio's descriptions of the devices that take sound in."""
    devices = map(audio.get_device_info_by_index, range(audio.get_device_count()))
    return [device for device in devices if device["maxInputChannels"] > 0]


def default_input(audio: "PyAudio") -> dict | None:
    """PortAudio's description of the default among them."""
    try:
        return audio.get_default_input_device_info()
    except OSError:
        return None


def _hush() -> None:
    """Keep ALSA and JACK from telling stderr about every device that is not there.

    Each library takes a function to call instead. It is one from C that ignores what it is
    given: one from Python would need memory that is both written and executed, which the
    service is not allowed, and Python's lock in the middle of PortAudio's thread.
    """
    os.environ.setdefault("JACK_NO_START_SERVER", "1")
    ignore = ctypes.CDLL(None).getpid
    for library, setter in _TALKERS:
        with suppress(OSError):
            getattr(ctypes.CDLL(library), setter)(ignore)
