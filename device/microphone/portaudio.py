"""PortAudio, started and terminated around each use, without its messages."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

from device.errors import MicrophoneError

if TYPE_CHECKING:
    from pyaudio import PyAudio

_WAITING_SECONDS = 1.0

_in_use = Lock()


@contextmanager
def session() -> Iterator["PyAudio"]:
    """PortAudio with the devices that are present now.

    It lists the devices only when it starts, and is not thread-safe: hence a new session for each
    use, and one at a time.

    Raises
    ------
    MicrophoneError
        When it is in use, or does not start.
    """
    if not _in_use.acquire(timeout=_WAITING_SECONDS):
        raise MicrophoneError("The microphone is still in use; try again, or restart Emotify.")
    try:
        with _quiet():
            audio = _started()
            try:
                yield audio
            finally:
                audio.terminate()
    finally:
        _in_use.release()


def inputs(audio: "PyAudio") -> list[dict]:
    """PortAudio's descriptions of the input devices."""
    devices = map(audio.get_device_info_by_index, range(audio.get_device_count()))
    return [device for device in devices if device["maxInputChannels"] > 0]


def default_input(audio: "PyAudio") -> dict | None:
    """PortAudio's description of the default among them."""
    try:
        return audio.get_default_input_device_info()
    except OSError:
        return None


def _started() -> "PyAudio":
    import pyaudio

    try:
        return pyaudio.PyAudio()
    except OSError as error:
        raise MicrophoneError(f"The sound system does not start: {error.strerror}.") from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Discard the messages of PortAudio, ALSA and JACK about every device that is not present.

    They use C's stderr stream. Python writes to the file descriptor, so its messages still appear.
    """
    os.environ.setdefault("JACK_NO_START_SERVER", "1")
    stderr = ctypes.c_void_p.in_dll(_libc(), "stderr")
    before, stderr.value = stderr.value, _dev_null()
    try:
        yield
    finally:
        stderr.value = before


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)


@cache
def _dev_null() -> int:
    fopen = _libc().fopen
    fopen.restype = ctypes.c_void_p
    return fopen(b"/dev/null", b"w")
