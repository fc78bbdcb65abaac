import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import os
from device import pins
from device.errors import PinError
try:
    pins.pin_factory({folder!r})
except PinError as error:
    print(error)
print(os.getcwd())
"""


def test_a_machine_without_pins_is_told_what_to_do(tmp_path):
    """In a process of its own: gpiozero keeps the first pins that it finds."""
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(folder=str(tmp_path))],
        env={key: value for key, value in os.environ.items() if "GPIO" not in key},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stderr == ""
    said, folder = run.stdout.splitlines()
    assert "no pins for a button and a light" in said
    assert "emotify simulate" in said
    assert folder == str(Path.cwd())


def test_the_pins_can_be_chosen_by_gpiozeros_own_variable(tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(folder=str(tmp_path))],
        env={**os.environ, "GPIOZERO_PIN_FACTORY": "mock"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == f"{Path.cwd()}\n"
