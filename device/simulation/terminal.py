"""The simulation in a terminal: the light is drawn, keys are the button, events are printed."""

import logging
import sys
import termios
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gpiozero.pins import Factory

from device.appliance import events, journal
from device.appliance.machine import Phase, State
from device.config.config import LightConfig
from device.light.led import GpioLed
from device.light.patterns import DARK, PATTERNS, Colour

KEYS = "space: press (twice: not that one), h: hold, q: quit"


class Screen(logging.Handler):
    """Prints the daemon's log, with the light in the line below.

    The patterns of the light are printed in words as well.
    """

    def __init__(self):
        super().__init__()
        self._drawing = threading.RLock()
        self.setFormatter(logging.Formatter("%(message)s"))
        self._draws = sys.stdout.isatty()
        self._colour: Colour = DARK
        self._phase = Phase.STARTING

    def emit(self, record: logging.LogRecord) -> None:
        """Print a line of the log."""
        self._print(self.format(record))

    def watch(self, event: events.Event, state: State, actions: tuple[events.Action, ...]) -> None:
        """Print what happens and what the light shows.

        See :data:`device.appliance.daemon.Watcher`.
        """
        self._phase = state.phase
        if actions and (line := journal.line(event, actions)):
            self._print(line)
        for action in actions:
            if isinstance(action, events.Show):
                hue = f" ({action.emotion})" if action.emotion else ""
                self._print(f"    light: {PATTERNS[action.cue].looks}{hue}")

    def end(self) -> None:
        """Print that the round was cancelled, if the end of the simulation cut it short."""
        if self._phase not in (Phase.STARTING, Phase.BROKEN, Phase.READY):
            self._print("Cancelled.")

    def light(self, colour: Colour) -> None:
        """Draw the light."""
        with self._drawing:
            self._colour = colour
            self._draw()

    def _print(self, line: str) -> None:
        with self._drawing:
            print(f"\r\x1b[K{line}" if self._draws else line, flush=True)
            self._draw()

    def _draw(self) -> None:
        if self._draws:
            red, green, blue = (round(255 * part) for part in self._colour)
            sys.stdout.write(f"\r\x1b[K\x1b[38;2;{red};{green};{blue}m⬤\x1b[0m  {KEYS} ")
            sys.stdout.flush()


class DrawnLed(GpioLed):
    """The LED on simulated pins and on the screen."""

    def __init__(self, config: LightConfig, pin_factory: Factory, screen: Screen):
        super().__init__(config, pin_factory)
        self._screen = screen

    def show(self, colour: Colour) -> None:
        super().show(colour)
        self._screen.light(colour)


@contextmanager
def keys(press: Callable[[], None], hold: Callable[[], None], stop: Callable[[], None]) -> Iterator:
    """Read the keyboard, or any other input, in a thread; its end is that of the simulation."""
    actions = {" ": press, "\n": press, "h": hold, "q": stop, "\x04": stop}

    def read() -> None:
        while key := sys.stdin.read(1):
            actions.get(key, lambda: None)()
        stop()

    thread = threading.Thread(target=read, name="keys", daemon=True)
    if not sys.stdin.isatty():
        thread.start()
        yield
        return
    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)
    thread.start()
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
        print()
