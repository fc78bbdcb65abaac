"""The board: the Pi's pins, through gpiozero."""

import os
from pathlib import Path

from gpiozero import BadPinFactory, Device, GPIOZeroError
from gpiozero.pins import Factory

from device.errors import PinError


def pins(folder: Path) -> Factory:
    """The machine's pins.

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
    try:
        Device.ensure_pin_factory()
    except (BadPinFactory, GPIOZeroError) as error:
        raise PinError(
            f"This machine has no pins for a button and a light ({error}). "
            "On a Raspberry Pi install lgpio; elsewhere try `emotify simulate`."
        ) from error
    finally:
        os.chdir(here)
    return Device.pin_factory
