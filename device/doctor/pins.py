"""The checks of the button and the light, by the hand and the eyes of a person."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import Protocol

from gpiozero import DigitalInputDevice, GPIOZeroError
from gpiozero.pins import Factory

from device.config.config import ButtonConfig, LightConfig
from device.errors import PinError

BUTTON_SECONDS = 15.0

_PINS = range(2, 28)
"""The pins that a button may be on; 0 and 1 are for the memory of an expansion board."""

_STEP_SECONDS = 0.1


class Person(Protocol):
    """Whoever sits in front of the box."""

    def tell(self, words: str) -> None:
        """Say what happens, or what to do."""

    def confirms(self, question: str) -> bool:
        """Ask a question."""


def button(
    config: ButtonConfig,
    light: LightConfig,
    factory: Factory,
    person: Person,
    presses: Callable[[], int] | None = None,
    seconds: float = BUTTON_SECONDS,
) -> str:
    """Wait for a press on the pin of the button, or on any other.

    Parameters
    ----------
    config, light : ButtonConfig, LightConfig
    factory : Factory
    person : Person
    presses : callable, optional
        How many presses the running daemon has seen, which has the pin of the button.
    seconds : float > 0
        How long to wait.

    Raises
    ------
    PinError
        When there was no press, or on another pin.
    """
    pressed: SimpleQueue[int] = SimpleQueue()
    taken = {light.red, light.green, light.blue}
    if presses:
        taken.add(config.pin)
    with _watched([pin for pin in _PINS if pin not in taken], factory, pressed.put):
        person.tell(f"Press the button now; it has {seconds:.0f} seconds.")
        pin = _first(pressed, config.pin, presses, seconds)
    if pin is None:
        raise PinError(
            f"No press came in {seconds:.0f} seconds: connect the button with GPIO "
            f"{config.pin} and ground; the picture in the README shows where they are."
        )
    if pin != config.pin:
        raise PinError(
            f"The button is on GPIO {pin}, and not on {config.pin}: put pin = {pin} under [button] "
            "in the configuration, or move the wire."
        )
    return f"pressed, on GPIO {pin}"


def _first(
    pressed: SimpleQueue[int], own: int, presses: Callable[[], int] | None, seconds: float
) -> int | None:
    """The pin of the first press; None when there is none."""
    before = presses() if presses else 0
    for _ in range(round(seconds / _STEP_SECONDS)):
        try:
            return pressed.get(timeout=_STEP_SECONDS)
        except Empty:
            if presses and presses() != before:
                return own
    return None


@contextmanager
def _watched(pins: list[int], factory: Factory, press: Callable[[int], None]) -> Iterator[None]:
    """Call ``press`` with each pin that is connected with ground; pins in use are left out."""
    inputs: list[DigitalInputDevice] = []
    try:
        for pin in pins:
            try:
                watched = DigitalInputDevice(pin, pull_up=True, pin_factory=factory)
            except GPIOZeroError:
                continue
            inputs.append(watched)
            watched.when_activated = lambda pin=pin: press(pin)
        yield
    finally:
        for watched in inputs:
            watched.close()


def light(config: LightConfig, show_test: Callable[[], None], person: Person) -> str:
    """Show the colours, and ask whether they were right.

    Parameters
    ----------
    config : LightConfig
    show_test : callable
        Shows :attr:`device.light.patterns.Cue.TEST`, and returns after it.
    person : Person

    Raises
    ------
    PinError
        When the person says no.
    """
    person.tell("The light shows red, green, blue and white now, a second each.")
    show_test()
    if person.confirms("Did it show these colours, in this order?"):
        return f"red on GPIO {config.red}, green on {config.green}, blue on {config.blue}"
    raise PinError(
        f"The light is not as it should be: red belongs to GPIO {config.red}, green to "
        f"{config.green}, blue to {config.blue}, each through a resistor. For another order change "
        f"the pins under [light] in the configuration. If it is lit when it should be dark, its "
        f"common leg is not the {config.common}: change common there."
    )
