"""Simulated GPIO pins, and a button on them that can be pressed.

Button and LED are the device's own classes; only the pins are simulated.
"""

from threading import Timer

from gpiozero.pins import Factory
from gpiozero.pins.mock import MockFactory, MockPWMPin

from device.button import GpioButton
from device.config.config import ButtonConfig
from device.simulation.clock import SimulatedClock

_HAND_SECONDS = 0.1
"""A hand takes at least so long from one edge to the next."""


def pin_factory() -> Factory:
    """A pin factory whose pins record their states."""
    return MockFactory(pin_class=MockPWMPin)


class SimulatedButton(GpioButton):
    """The button on simulated pins; no real time passes between its edges."""

    def __init__(self, config: ButtonConfig, pin_factory: Factory):
        self._hand = SimulatedClock()
        super().__init__(config, pin_factory, self._hand)
        self._pin = pin_factory.pin(config.pin)

    def push(self, bounces: int = 0) -> None:
        """Press it without releasing it; the contacts open and close again so many times."""
        self._hand.sleep(_HAND_SECONDS)
        self._pin.drive_low()
        for _ in range(bounces):
            self._pin.drive_high()
            self._pin.drive_low()

    def release(self, bounces: int = 0) -> None:
        """Release it."""
        self._hand.sleep(_HAND_SECONDS)
        self._pin.drive_high()
        for _ in range(bounces):
            self._pin.drive_low()
            self._pin.drive_high()

    def tap(self) -> None:
        """Press and release it faster than a hand can."""
        self.push()
        self._pin.drive_high()

    def press(self) -> None:
        """Press and release it."""
        self.push()
        self.release()

    def hold(self) -> None:
        """Hold it for long enough, then release it."""
        self.push()
        Timer(self._hold_seconds + 0.1, self.release).start()
