"""The appliance for benchmarks: what `emotify run` builds, with simulated pins and a recording.

Everything else is real: the endpointing, the model, the playlists, and the player, which talks to a
stand-in for Spotify over HTTP.
"""

import queue
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from os import environ
from pathlib import Path
from typing import Any

import numpy as np

from device import assembly
from device.appliance import events
from device.appliance.daemon import Daemon, Parts
from device.clock import Clock
from device.config.config import Config
from device.emotion.household_classifier import HouseholdClassifier
from device.light.led import GpioLed
from device.light.light import Light
from device.light.patterns import DARK, Colour
from device.microphone.microphone import Microphone
from device.simulation.microphone import RecordedMicrophone
from device.simulation.pins import SimulatedButton, pin_factory
from device.simulation.service_manager import SimulatedServiceManager
from device.spotify.account import Account
from device.spotify.player import SpotifyPlayer

CHECKOUT = Path(__file__).parents[2]
DATA = Path(environ.get("EMOTIFY_DATA", CHECKOUT.parent / "shared" / "data"))
WATCHDOG_SECONDS = 30.0
"""As in the unit."""


def recordings(folder: Path) -> list[Path]:
    """Sentences of RAVDESS's first actor; without the recordings, a synthetic one."""
    if found := sorted((DATA / "ravdess" / "Actor_01").glob("*.flac")):
        return found
    if not shutil.which("espeak-ng"):
        raise SystemExit(f"There are neither recordings in {DATA} nor espeak-ng.")
    file = folder / "sentence.wav"
    subprocess.run(["espeak-ng", "-w", file, "The kids are talking by the door."], check=True)
    return [file]


def milliseconds(work: Callable[[], object]) -> float:
    """The processor time of some work."""
    started = time.process_time()
    work()
    return 1000 * (time.process_time() - started)


class NotingLed(GpioLed):
    """An LED that notes when it was lit last after it was dark."""

    lit_at = 0.0
    _is_dark = True

    def show(self, colour: Colour) -> None:
        super().show(colour)
        if self._is_dark and colour != DARK:
            self.lit_at = time.perf_counter()
        self._is_dark = colour == DARK


class NotingMicrophone(RecordedMicrophone):
    """A recording that notes when it delivered its latest piece."""

    delivered_at = 0.0

    @contextmanager
    def open(self) -> Iterator[Iterator[np.ndarray]]:
        with super().open() as pieces:
            yield self._noting(pieces)

    def _noting(self, pieces: Iterator[np.ndarray]) -> Iterator[np.ndarray]:
        for piece in pieces:
            self.delivered_at = time.perf_counter()
            yield piece


class Box:
    """A daemon at work in a thread; its history of the music is kept in ``folder``.

    Attributes
    ----------
    threads : dict of str to int
        The daemon's threads by their names, with their idents.
    happened : queue.Queue of (float, Event)
        Every event, with the time at which it was handled.
    """

    def __init__(
        self, microphone: Microphone, account: Account, clock: Clock, folder: Path, **how: Any
    ):
        before = set(threading.enumerate())
        pins, config = pin_factory(), Config()
        self.button = SimulatedButton(config.button, pins)
        self.led = NotingLed(config.light, pins)
        self.microphone = microphone
        self._account, self._clock, self._folder = account, clock, folder
        self._config = config
        light = Light(self.led, clock)
        self._pins, self._service = pins, SimulatedServiceManager(WATCHDOG_SECONDS)
        self.daemon = Daemon(self._parts, self.button, light, self._service, clock=clock, **how)
        self.happened: queue.Queue[tuple[float, events.Event]] = queue.Queue()
        self.daemon.watch(lambda event, *_: self.happened.put((time.perf_counter(), event)))
        self._thread = threading.Thread(target=self.daemon.run, name="main loop")
        self._thread.start()
        self.wait_for(events.Loaded)
        self.threads = {
            thread.name: thread.ident or 0
            for thread in threading.enumerate()
            if thread not in before
        }

    def _parts(self) -> Parts:
        model = assembly.classifier(self._config)
        household = assembly.household(model, self._clock, self._folder)
        return Parts(
            microphone=self.microphone,
            classifier=HouseholdClassifier(model, household, lambda: self.microphone.device),
            playlists=assembly.playlists(self._config, self._folder),
            player=SpotifyPlayer(self._account, "", self._clock),
            guess=True,
        )

    def wait_for(self, kind: type[Any]) -> tuple[float, Any]:
        """The next event of a kind, and its time."""
        while True:
            when, event = self.happened.get(timeout=60)
            if isinstance(event, events.Failed | events.MusicFailed | events.NothingHeard):
                raise SystemExit(f"The round failed: {event}")
            if isinstance(event, kind):
                return when, event

    def processor_seconds(self) -> dict[str, float]:
        """Of each thread so far."""
        return {
            name: time.clock_gettime(time.pthread_getcpuclockid(ident))
            for name, ident in self.threads.items()
        }

    def forget(self) -> None:
        """Wait for the end of the round, and drop what the simulated parts have recorded."""
        ended = threading.Event()
        self.daemon._recogniser.do(ended.set, 60)
        ended.wait()
        for pin in self._pins.pins.values():
            pin.clear_states()
        self._service.notifications.clear()
        while not self.happened.empty():
            self.happened.get()

    def close(self) -> None:
        """End the daemon."""
        self.daemon.stop()
        self._thread.join(30)
