"""The button: pressing and holding it."""

from collections.abc import Callable
from threading import Timer
from typing import Protocol

from gpiozero import DigitalInputDevice, GPIOZeroError
from gpiozero.pins import Factory

from device.clock import Clock
from device.config.config import ButtonConfig
from device.errors import PinError

_BOUNCE_SECONDS = 0.05
"""Contacts bounce for up to 20 ms; no hand presses, releases and presses again within this."""


class Button(Protocol):
    """A button."""

    def watch(self, pressed: Callable[[], None], held: Callable[[], None]) -> None:
        """Call ``pressed`` when it is pressed, and ``held`` when it is held."""

    def close(self) -> None:
        """Release the hardware."""


class GpioButton:
    """A push button between a pin and ground; the Pi's own pull-up keeps the pin high.

    The first edge counts at once. Further edges are ignored until there was none for 50 ms. The
    library's own debouncing would wait before it reports an edge, and its own button wakes up ten
    times a second to measure how long it is held.

    Parameters
    ----------
    config : ButtonConfig
    pin_factory : gpiozero.pins.Factory
    clock : Clock
        Measures the time between two edges.

    Raises
    ------
    PinError
        When the pin is not available.
    """

    def __init__(self, config: ButtonConfig, pin_factory: Factory, clock: Clock):
        try:
            self._input = DigitalInputDevice(config.pin, pull_up=True, pin_factory=pin_factory)
        except GPIOZeroError as error:
            raise PinError(f"The button cannot have pin {config.pin}: {error}") from error
        self._hold_seconds = config.hold_seconds
        self._clock = clock
        self._latest_edge = clock.now() - _BOUNCE_SECONDS
        self._hold: Timer | None = None

    def watch(self, pressed: Callable[[], None], held: Callable[[], None]) -> None:
        def down() -> None:
            if self._bounces():
                return
            pressed()
            self._end_hold()
            self._hold = Timer(self._hold_seconds, hold)
            self._hold.daemon = True
            self._hold.start()

        def up() -> None:
            if not self._bounces():
                self._end_hold()

        def hold() -> None:
            # Where it was released within the 50 ms, nothing was reported.
            if self._input.is_active:
                held()

        self._input.when_activated, self._input.when_deactivated = down, up

    def close(self) -> None:
        self._input.close()
        self._end_hold()

    def _bounces(self) -> bool:
        """Whether an edge comes too soon after the one before it."""
        now = self._clock.now()
        seconds, self._latest_edge = now - self._latest_edge, now
        return seconds < _BOUNCE_SECONDS

    def _end_hold(self) -> None:
        if self._hold:
            self._hold.cancel()
