"""The GPIO pins of the Raspberry Pi, through gpiozero."""

import os
from pathlib import Path

from gpiozero import Device
from gpiozero.pins import Factory

from device.errors import PinError


def pin_factory(folder: Path) -> Factory:
    """The pin factory of this machine.

    Parameters
    ----------
    folder : Path
        Folder for lgpio's notification pipe. lgpio creates it in LG_WD when it is imported, and
        changes the working directory to it; this function changes it back.

    Raises
    ------
    PinError
        On a machine without pins.
    """
    working_directory = Path.cwd()
    os.environ.setdefault("LG_WD", str(folder))
    try:
        if "GPIOZERO_PIN_FACTORY" in os.environ:
            Device.ensure_pin_factory()
        elif Device.pin_factory is None:
            # Here, because importing lgpio needs the folder.
            from device.lgpio_pins import EdgePinFactory

            Device.pin_factory = EdgePinFactory()
    except Exception as error:  # Each pin library has errors of its own.
        raise PinError(
            f"This machine has no pins for a button and a light ({error}). "
            "On a Raspberry Pi install lgpio and gpiod; elsewhere try `emotify simulate`."
        ) from error
    finally:
        os.chdir(working_directory)
    return Device.pin_factory
