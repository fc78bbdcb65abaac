"""The microphone: sound from the press until the end of the sentence, and at no other time.

    with PyAudioMicrophone("USB").open() as sound:
        heard = endpointing.listen(sound)

No sound is ever written to a file. The simulated one is :mod:`device.simulation.microphone`.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic, sleep
from typing import TYPE_CHECKING, Protocol

import numpy as np

from device.errors import MicrophoneError
from device.microphone import portaudio
from device.microphone.resampling import resampled

if TYPE_CHECKING:
    from pyaudio import PyAudio

_log = logging.getLogger(__name__)

# ALSA buffers two blocks, so Python may be busy for the length of one before sound is lost.
_BLOCK_SECONDS = 0.064
_WARM_UP_SECONDS = 0.1

_OPENING_SECONDS = 5.0
# A sound server may need two seconds before its first sound; after that there are no pauses.
_FIRST_SOUND_SECONDS = 2.5
_NEXT_SOUND_SECONDS = 1.0
_LAST_SOUND_SECONDS = 0.3
_CLOSING_SECONDS = 1.0
_STUCK_SECONDS = 5.0
"""A driver that has not closed a lost device by then never does."""


class Microphone(Protocol):
    """A source of sound while it is open."""

    def open(self) -> AbstractContextManager[Iterator[np.ndarray]]:
        """Open on entering, close on leaving.

        Yields
        ------
        iterator of np.ndarray [shape=(n,), float32]
            16 kHz mono in -1..1, about 64 ms at a time, in real time, without end.

        Raises
        ------
        MicrophoneError
            On entering, when there is no such microphone; from the iterator, when it stops
            delivering sound.
        """

    def stuck(self) -> bool:
        """Whether a device that was closed is not released, and never will be."""

    @property
    def device(self) -> str:
        """The name of the device that was opened last, which is the same after every boot."""


def absent(name: str, present: Sequence[str]) -> MicrophoneError:
    """The error for a missing microphone, given the names of those that are present."""
    if not present:
        return MicrophoneError("There is no microphone; plug one in.")
    if not name:
        return MicrophoneError(
            f"No microphone is the default; name one in the configuration: {'; '.join(present)}."
        )
    return MicrophoneError(
        f"There is no microphone called {name!r}; plug it in, or take one of "
        f"these in the configuration: {'; '.join(present)}."
    )


def stopped() -> MicrophoneError:
    """The error for a microphone that has stopped delivering sound."""
    return MicrophoneError("The microphone stopped delivering sound; check its plug.")


def match(name: str, present: Sequence[str]) -> str:
    """The microphone that part of its name stands for.

    Parameters
    ----------
    name : str
        Not empty; case is ignored. A whole name has priority over a part of another.
    present : sequence of str
        The names of the microphones that are present.

    Raises
    ------
    MicrophoneError
        When it stands for none, or for more than one: their order may change.
    """
    wanted = name.casefold()
    matching = [one for one in present if wanted in one.casefold()]
    whole = [one for one in matching if wanted == one.casefold()]
    if not matching:
        raise absent(name, present)
    if len(matching) > 1 and not whole:
        raise MicrophoneError(
            f"{name!r} means {len(matching)} microphones; write more of the name of one "
            f"in the configuration: {'; '.join(matching)}."
        )
    return (whole or matching)[0]


def inputs() -> list[str]:
    """The names of the microphones that are present now."""
    with portaudio.session() as audio:
        return [device["name"] for device in portaudio.inputs(audio)]


class PyAudioMicrophone:
    """A microphone of this machine, through PyAudio.

    Parameters
    ----------
    name : str
        Part of the device's name, in any case; empty for the system's default. Numbers are not
        used because a card's number changes with every boot.
    """

    def __init__(self, name: str = ""):
        self.name = name
        self._recorder: _Recorder | None = None

    @contextmanager
    def open(self) -> Iterator[Iterator[np.ndarray]]:
        """See :meth:`Microphone.open`."""
        recorder = self._recorder = _Recorder(self.name)
        recorder.start()
        try:
            rate_hz = recorder.rate_hz()
            yield resampled(recorder.blocks(rate_hz), rate_hz)
        finally:
            recorder.close()

    def stuck(self) -> bool:
        """See :meth:`Microphone.stuck`."""
        return self._recorder is not None and self._recorder.stuck

    @property
    def device(self) -> str:
        """See :attr:`Microphone.device`."""
        return self._recorder.device if self._recorder else self.name


class _Recorder(Thread):
    """One opening of a device, from the start of PortAudio to its end.

    Some of PortAudio's calls never return once a device is lost. They are made in this thread, and
    other threads wait for it with a deadline.
    """

    def __init__(self, name: str):
        super().__init__(name="microphone", daemon=True)
        self._device_name = name
        self._rate_hz: Future[int] = Future()
        self._sound: SimpleQueue[np.ndarray] = SimpleQueue()
        self._closing = Event()
        self._closed_at = 0.0
        self._overflows = 0
        self.device = name

    def rate_hz(self) -> int:
        """Wait until the device is open; returns its sampling rate."""
        try:
            return self._rate_hz.result(_OPENING_SECONDS)
        except TimeoutError:
            raise MicrophoneError(
                "The microphone does not open; pull its plug and put it in again."
            ) from None

    def blocks(self, rate_hz: int) -> Iterator[np.ndarray]:
        """The sound [shape=(frames, channels), float32] after the device has warmed up."""
        to_skip = round(rate_hz * _WARM_UP_SECONDS)
        timeout = _FIRST_SOUND_SECONDS
        while True:
            try:
                block = self._sound.get(timeout=timeout)
            except Empty:
                raise stopped() from None
            timeout = _NEXT_SOUND_SECONDS
            if to_skip < len(block):
                yield block[to_skip:]
            to_skip = max(0, to_skip - len(block))

    @property
    def stuck(self) -> bool:
        is_closing = self._closing.is_set() and self.is_alive()
        return is_closing and monotonic() - self._closed_at > _STUCK_SECONDS

    def close(self) -> None:
        self._closed_at = monotonic()
        self._closing.set()
        self.join(_CLOSING_SECONDS)
        if self.is_alive():
            _log.warning("The microphone does not close; it may need to be plugged in again.")
        if self._overflows:
            _log.warning("Gaps in the sound: %d; is the machine too busy?", self._overflows)

    def run(self) -> None:
        try:
            with portaudio.session() as audio:
                self._record(audio)
        except Exception as error:
            if self._rate_hz.done():
                _log.warning("Closing the microphone: %s", error)
            else:
                self._rate_hz.set_exception(error)

    def _record(self, audio: "PyAudio") -> None:
        device = _device(audio, self._device_name)
        self.device = stable_name(device["name"])
        rate_hz = round(device["defaultSampleRate"])
        stream = self._opened(audio, device, rate_hz)
        self._rate_hz.set_result(rate_hz)
        self._closing.wait()
        # Cancelling PortAudio's thread while it waits for the GIL would block Python for ever. It
        # ends by itself with its next block; where none comes, it is safe to cancel.
        deadline = monotonic() + _LAST_SOUND_SECONDS
        while stream.is_active() and monotonic() < deadline:
            sleep(0.005)
        stream.close()

    def _opened(self, audio: "PyAudio", device: dict, rate_hz: int) -> "PyAudio.Stream":
        import pyaudio

        channels = min(2, device["maxInputChannels"])

        def take(data: bytes, _frames: int, _time: dict, flags: int) -> tuple[None, int]:
            self._overflows += bool(flags & pyaudio.paInputOverflow)
            self._sound.put(np.frombuffer(data, np.float32).reshape(-1, channels))
            return None, pyaudio.paComplete if self._closing.is_set() else pyaudio.paContinue

        try:
            return audio.open(
                rate=rate_hz,
                channels=channels,
                format=pyaudio.paFloat32,
                input=True,
                input_device_index=device["index"],
                frames_per_buffer=round(rate_hz * _BLOCK_SECONDS),
                stream_callback=take,
            )
        except OSError as error:
            raise MicrophoneError(
                f"{device['name']} does not open ({error.strerror}); does another program use it?"
            ) from error


def stable_name(name: str) -> str:
    """A device's name without the number of its card, which may be another one after a boot."""
    return re.sub(r"\s*\(hw:[\d,]+\)$", "", name)


def _device(audio: "PyAudio", name: str) -> dict:
    devices = portaudio.inputs(audio)
    names = [device["name"] for device in devices]
    if name:
        return devices[names.index(match(name, names))]
    default = portaudio.default_input(audio)
    if default is None:
        raise absent(name, names)
    return default
