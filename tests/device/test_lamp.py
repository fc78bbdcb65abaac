import pytest

from device.config import LightConfig
from device.errors import PinError
from device.lamp import GpioLamp
from device.patterns import DARK
from device.simulation import board


@pytest.fixture
def pins():
    factory = board.pins()
    yield factory
    factory.close()


@pytest.fixture
def lamp(pins):
    made = GpioLamp(LightConfig(), pins)
    yield made
    made.close()


def levels(pins, config=LightConfig()):  # noqa: B008 - it is frozen
    return tuple(pins.pin(number).state for number in (config.red, config.green, config.blue))


def test_the_three_pins_take_the_colour(lamp, pins):
    lamp.show((1.0, 0.5, 0.25))
    assert levels(pins) == (1.0, 0.5, 0.25)


def test_the_brightness_scales_everything(pins):
    lamp = GpioLamp(LightConfig(brightness=0.5), pins)
    lamp.show((1.0, 0.5, 0.0))
    assert levels(pins) == (0.5, 0.25, 0.0)
    lamp.close()


def test_a_dark_lamp_costs_no_pwm_and_a_lit_one_has_it_again(lamp, pins):
    lamp.show(DARK)
    assert [pins.pin(number).frequency for number in (22, 27, 24)] == [None] * 3
    lamp.show((1.0, 1.0, 1.0))
    assert all(pins.pin(number).frequency for number in (22, 27, 24))
    assert levels(pins) == (1.0, 1.0, 1.0)


def test_a_common_anode_is_dark_when_its_pins_are_high(pins):
    lamp = GpioLamp(LightConfig(common="anode"), pins)
    lamp.show((1.0, 0.25, 0.0))
    assert levels(pins) == (0.0, 0.75, 1.0)
    lamp.show(DARK)
    assert levels(pins) == (1.0, 1.0, 1.0)
    lamp.close()


def test_closing_darkens_and_frees_the_pins(pins):
    lamp = GpioLamp(LightConfig(), pins)
    lamp.show((1.0, 1.0, 1.0))
    lamp.close()
    assert [pins.pin(number).states[-1].state for number in (22, 27, 24)] == [0.0] * 3
    GpioLamp(LightConfig(), pins).close()


def test_pins_that_are_taken_are_named(lamp, pins):
    with pytest.raises(PinError, match="22, 27 and 24"):
        GpioLamp(LightConfig(), pins)
