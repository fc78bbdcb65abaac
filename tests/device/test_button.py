import threading

import pytest

from device.button import GpioButton
from device.config.config import ButtonConfig
from device.errors import PinError
from device.simulation.pins import SimulatedButton, pin_factory


@pytest.fixture
def pins():
    factory = pin_factory()
    yield factory
    factory.close()


def test_a_press_is_told_as_it_goes_down_and_only_once(pins):
    button = SimulatedButton(ButtonConfig(), pins)
    presses = []
    button.watch(lambda: presses.append("pressed"), lambda: presses.append("held"))
    button.push()
    assert presses == ["pressed"]
    button.release()
    button.push()
    button.release()
    assert presses == ["pressed", "pressed"]
    button.close()


def test_staying_down_is_told_as_a_hold(pins):
    button = SimulatedButton(ButtonConfig(hold_seconds=0.05), pins)
    held = threading.Event()
    button.watch(lambda: None, held.set)
    button.push()
    assert held.wait(5)
    button.close()


def test_the_pi_pulls_the_pin_up_so_that_it_needs_no_resistor(pins):
    button = SimulatedButton(ButtonConfig(pin=5), pins)
    assert pins.pin(5).pull == "up"
    button.close()


def test_a_pin_that_is_taken_is_named(pins):
    first = SimulatedButton(ButtonConfig(), pins)
    with pytest.raises(PinError, match="pin 17"):
        GpioButton(ButtonConfig(), pins)
    first.close()
