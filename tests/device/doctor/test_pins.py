import pytest

from device.config.config import ButtonConfig, LightConfig
from device.doctor import pins
from device.errors import PinError
from device.light.led import GpioLed
from device.simulation.pins import pin_factory

BUTTON, LIGHT = ButtonConfig(), LightConfig()


class Somebody:
    """A person who does something when told, and answers."""

    def __init__(self, does=lambda: None, answer=True):
        self._does = does
        self._answer = answer
        self.told = []

    def tell(self, words):
        self.told.append(words)
        self._does()

    def confirms(self, question):
        return self._answer


@pytest.fixture
def factory():
    return pin_factory()


@pytest.fixture
def button(factory):
    """The check of the button, for a moment."""
    return lambda person, **how: pins.button(BUTTON, LIGHT, factory, person, seconds=0.1, **how)


def test_a_press_on_the_pin_of_the_button_is_good(factory, button):
    person = Somebody(lambda: factory.pin(17).drive_low())
    assert button(person) == "pressed, on GPIO 17"
    assert "Press the button now" in person.told[0]


def test_a_press_on_another_pin_names_it_and_the_line_to_change(factory, button):
    person = Somebody(lambda: factory.pin(5).drive_low())
    with pytest.raises(PinError, match=r"on GPIO 5, and not on 17: put pin = 5 under \[button\]"):
        button(person)


def test_no_press_names_the_wires(button):
    with pytest.raises(PinError, match="GPIO 17 and ground"):
        button(Somebody())


def test_a_press_that_the_daemon_sees_is_good(button):
    presses = iter([3, 4])
    said = button(Somebody(), presses=lambda: next(presses))
    assert said == "pressed, on GPIO 17"


def test_pins_in_use_are_left_alone(factory, button):
    with GpioLed(LIGHT, factory) as led:
        led.show((1.0, 0.0, 0.0))
        with pytest.raises(PinError):
            button(Somebody())
        assert factory.pin(LIGHT.red).state == 1
        assert factory.pin(LIGHT.red).function == "output"


def test_all_pins_are_free_again_after_it(button):
    with pytest.raises(PinError):
        button(Somebody())
    with pytest.raises(PinError):
        button(Somebody())


def test_colours_that_are_seen_are_good():
    shown = []
    said = pins.light(LIGHT, lambda: shown.append("test"), Somebody(answer=True))
    assert shown == ["test"]
    assert said == "red on GPIO 22, green on 27, blue on 24"


def test_other_colours_name_the_pins_and_the_common_leg():
    with pytest.raises(PinError, match=r"red belongs to GPIO 22.*common leg is not the cathode"):
        pins.light(LIGHT, lambda: None, Somebody(answer=False))
