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
        Where lgpio may make its notification pipe. It makes it in the working directory, or in
        LG_WD, when it is imported, and then stays in that directory; this returns to where we
        were.

    Raises
    ------
    PinError
        On a machine without pins.
    """
    here = Path.cwd()
    os.environ.setdefault("LG_WD", str(folder))
    # Without a name gpiozero would try libraries that do not work on every Pi, and warn of each.
    os.environ.setdefault("GPIOZERO_PIN_FACTORY", "lgpio")
    try:
        Device.ensure_pin_factory()
    except Exception as error:  # Each library of pins has errors of its own.
        raise PinError(
            f"This machine has no pins for a button and a light ({error}). "
            "On a Raspberry Pi install lgpio; elsewhere try `emotify simulate`."
        ) from error
    finally:
        os.chdir(here)
    return Device.pin_factory
