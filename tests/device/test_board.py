import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import os
from device import board
from device.errors import PinError
try:
    board.pins({folder!r})
except PinError as error:
    print(error)
print(os.getcwd())
"""


def test_a_machine_without_pins_is_told_what_to_do(tmp_path):
    """In a process of its own: gpiozero keeps the first pins that it finds."""
    environment = {**os.environ, "GPIOZERO_PIN_FACTORY": "nothing"}
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM.format(folder=str(tmp_path))],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    said, folder = run.stdout.splitlines()
    assert "no pins for a button and a light" in said
    assert "emotify simulate" in said
    assert folder == str(Path.cwd())
