"""Pins without a board, and the button and the led on them.

They are the device's own button and led: only the copper is missing.
"""

from threading import Timer

from gpiozero.pins import Factory
from gpiozero.pins.mock import MockFactory, MockPWMPin

from device.button import GpioButton
from device.config.config import ButtonConfig


def pin_factory() -> Factory:
    """A board's pins that remember every state."""
    return MockFactory(pin_class=MockPWMPin)


class SimulatedButton(GpioButton):
    """The button on simulated pins, with a finger."""

    def __init__(self, config: ButtonConfig, pin_factory: Factory):
        super().__init__(config, pin_factory)
        self._pin = pin_factory.pin(config.pin)
        self._hold_seconds = config.hold_seconds

    def push(self) -> None:
        """Push it down."""
        self._pin.drive_low()

    def release(self) -> None:
        """Let it up."""
        self._pin.drive_high()

    def press(self) -> None:
        """Push it down and let it up again."""
        self.push()
        self.release()

    def hold(self) -> None:
        """Push it down and let it up when it has been down for long enough."""
        self.push()
        Timer(self._hold_seconds + 0.1, self.release).start()
