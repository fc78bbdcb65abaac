"""The LED on its GPIO pins."""

from typing import Protocol

from gpiozero import RGBLED, GPIOZeroError
from gpiozero.pins import Factory

from device.config.config import LightConfig
from device.errors import PinError
from device.light.patterns import DARK, Colour


class Led(Protocol):
    """Something that shows a colour."""

    def show(self, colour: Colour) -> None:
        """Show a colour at once."""

    def close(self) -> None:
        """Turn off and release the hardware."""


class GpioLed(RGBLED):
    """An RGB LED with a resistor in each leg, on three pins.

    No PWM runs while it is dark, because PWM on a Pi is a thread that wakes up a hundred times a
    second even then.

    Parameters
    ----------
    config : LightConfig
    pin_factory : gpiozero.pins.Factory

    Raises
    ------
    PinError
        When the pins are not available.
    """

    def __init__(self, config: LightConfig, pin_factory: Factory):
        self._brightness = config.brightness
        try:
            super().__init__(
                config.red,
                config.green,
                config.blue,
                active_high=config.common == "cathode",
                pin_factory=pin_factory,
            )
        except GPIOZeroError as error:
            pins = f"{config.red}, {config.green} and {config.blue}"
            raise PinError(f"The light cannot have the pins {pins}: {error}") from error
        self._frequency = self._leds[0].frequency

    def show(self, colour: Colour) -> None:
        if colour == DARK:
            self.off()
            self._pwm(None)
            self.off()
        else:
            self._pwm(self._frequency)
            self.value = tuple(part * self._brightness for part in colour)

    def close(self) -> None:
        if not self.closed:
            self.off()
        super().close()

    def _pwm(self, frequency: float | None) -> None:
        for led in self._leds:
            if led.frequency != frequency:
                led.frequency = frequency
