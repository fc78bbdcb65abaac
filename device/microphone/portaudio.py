"""PortAudio, begun and ended around each use, and quiet."""

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
    """PortAudio with the devices that are there now.

    Its list of devices is made when it begins and never again, and it is not made for more than
    one thread: hence a new one for each use, and one at a time.

    Raises
    ------
    MicrophoneError
        When it is in use, or does not begin.
    """
    if not _in_use.acquire(timeout=_WAITING_SECONDS):
        raise MicrophoneError("The microphone is still in use; try again, or restart Emotify.")
    try:
        with _quiet():
            audio = _begun()
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


def _begun() -> "PyAudio":
    import pyaudio

    try:
        return pyaudio.PyAudio()
    except OSError as error:
        raise MicrophoneError(f"This machine's sound does not begin: {error.strerror}.") from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Let PortAudio, ALSA and JACK talk to nobody about every device that is not there.

    They write to C's stream of stderr. Python writes to the descriptor, and is still heard.
    """
    os.environ.setdefault("JACK_NO_START_SERVER", "1")
    stderr = ctypes.c_void_p.in_dll(_libc(), "stderr")
    before, stderr.value = stderr.value, _nowhere()
    try:
        yield
    finally:
        stderr.value = before


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)


@cache
def _nowhere() -> int:
    fopen = _libc().fopen
    fopen.restype = ctypes.c_void_p
    return fopen(b"/dev/null", b"w")
