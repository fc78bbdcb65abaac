"""The button: pressing and holding it."""

from collections.abc import Callable
from typing import Protocol

from gpiozero import Button as _GpiozeroButton
from gpiozero import GPIOZeroError
from gpiozero.pins import Factory

from device.config.config import ButtonConfig
from device.errors import PinError

_BOUNCE_SECONDS = 0.02


class Button(Protocol):
    """A button."""

    def watch(self, pressed: Callable[[], None], held: Callable[[], None]) -> None:
        """Call ``pressed`` when it is pressed, and ``held`` when it is held."""

    def close(self) -> None:
        """Release the hardware."""


class GpioButton:
    """A push button between a pin and ground; the Pi's own pull-up keeps the pin high.

    Parameters
    ----------
    config : ButtonConfig
    pin_factory : gpiozero.pins.Factory

    Raises
    ------
    PinError
        When the pin is not available.
    """

    def __init__(self, config: ButtonConfig, pin_factory: Factory):
        try:
            self._button = _GpiozeroButton(
                config.pin,
                bounce_time=_BOUNCE_SECONDS,
                hold_time=config.hold_seconds,
                pin_factory=pin_factory,
            )
        except GPIOZeroError as error:
            raise PinError(f"The button cannot have pin {config.pin}: {error}") from error

    def watch(self, pressed: Callable[[], None], held: Callable[[], None]) -> None:
        self._button.when_pressed = pressed
        self._button.when_held = held

    def close(self) -> None:
        self._button.close()
