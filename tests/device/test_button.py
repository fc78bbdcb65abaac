import threading

import pytest

from device.button import GpioButton
from device.clock import SystemClock
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


def test_the_first_edge_counts_and_the_bouncing_after_it_is_ignored(pins):
    button = SimulatedButton(ButtonConfig(), pins)
    presses = []
    button.watch(lambda: presses.append(pins.pin(17).state), lambda: None)
    button.push(bounces=3)
    assert presses == [0]
    button.release(bounces=4)
    assert presses == [0]
    button.push(bounces=1)
    assert presses == [0, 0]
    button.close()


def test_a_press_that_is_released_while_the_contacts_bounce_is_no_hold(pins):
    button = SimulatedButton(ButtonConfig(hold_seconds=0.01), pins)
    told = []
    button.watch(lambda: told.append("pressed"), lambda: told.append("held"))
    button.tap()
    wait_for_timers()
    assert told == ["pressed"]
    button.push()
    wait_for_timers()
    assert told == ["pressed", "pressed", "held"]
    button.close()


def wait_for_timers():
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join(5)


def test_a_button_that_waits_runs_no_thread(pins):
    before = threading.active_count()
    button = SimulatedButton(ButtonConfig(hold_seconds=60), pins)
    button.watch(lambda: None, lambda: None)
    assert threading.active_count() == before
    button.push()
    assert threading.active_count() == before + 1
    button.release()
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
        GpioButton(ButtonConfig(), pins, SystemClock())
    first.close()
