"""Simulated GPIO pins, and a button on them that can be pressed.

Button and LED are the device's own classes; only the pins are simulated.
"""

from threading import Timer

from gpiozero.pins import Factory
from gpiozero.pins.mock import MockFactory, MockPWMPin

from device.button import GpioButton
from device.config.config import ButtonConfig


def pin_factory() -> Factory:
    """A pin factory whose pins record their states."""
    return MockFactory(pin_class=MockPWMPin)


class SimulatedButton(GpioButton):
    """The button on simulated pins."""

    def __init__(self, config: ButtonConfig, pin_factory: Factory):
        super().__init__(config, pin_factory)
        self._pin = pin_factory.pin(config.pin)
        self._hold_seconds = config.hold_seconds

    def push(self) -> None:
        """Press it without releasing it."""
        self._pin.drive_low()

    def release(self) -> None:
        """Release it."""
        self._pin.drive_high()

    def press(self) -> None:
        """Press and release it."""
        self.push()
        self.release()

    def hold(self) -> None:
        """Hold it for long enough, then release it."""
        self.push()
        Timer(self._hold_seconds + 0.1, self.release).start()
