import pytest

from device.config.config import LightConfig
from device.errors import PinError
from device.light.led import GpioLed
from device.light.patterns import DARK
from device.simulation.pins import pin_factory


@pytest.fixture
def pins():
    factory = pin_factory()
    yield factory
    factory.close()


@pytest.fixture
def led(pins):
    made = GpioLed(LightConfig(), pins)
    yield made
    made.close()


def levels(pins, config=LightConfig()):  # noqa: B008 - it is frozen
    return tuple(pins.pin(number).state for number in (config.red, config.green, config.blue))


def test_the_three_pins_take_the_colour(led, pins):
    led.show((1.0, 0.5, 0.25))
    assert levels(pins) == (1.0, 0.5, 0.25)


def test_the_brightness_scales_everything(pins):
    led = GpioLed(LightConfig(brightness=0.5), pins)
    led.show((1.0, 0.5, 0.0))
    assert levels(pins) == (0.5, 0.25, 0.0)
    led.close()


def test_a_dark_lamp_costs_no_pwm_and_a_lit_one_has_it_again(led, pins):
    led.show(DARK)
    assert [pins.pin(number).frequency for number in (22, 27, 24)] == [None] * 3
    led.show((1.0, 1.0, 1.0))
    assert all(pins.pin(number).frequency for number in (22, 27, 24))
    assert levels(pins) == (1.0, 1.0, 1.0)


def test_a_common_anode_is_dark_when_its_pins_are_high(pins):
    led = GpioLed(LightConfig(common="anode"), pins)
    led.show((1.0, 0.25, 0.0))
    assert levels(pins) == (0.0, 0.75, 1.0)
    led.show(DARK)
    assert levels(pins) == (1.0, 1.0, 1.0)
    led.close()


def test_closing_darkens_and_frees_the_pins(pins):
    led = GpioLed(LightConfig(), pins)
    led.show((1.0, 1.0, 1.0))
    led.close()
    assert [pins.pin(number).states[-1].state for number in (22, 27, 24)] == [0.0] * 3
    GpioLed(LightConfig(), pins).close()


def test_pins_that_are_taken_are_named(led, pins):
    with pytest.raises(PinError, match="22, 27 and 24"):
        GpioLed(LightConfig(), pins)
