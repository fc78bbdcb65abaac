"""`emotify run`: the daemon."""

import argparse
import logging
import os
from collections.abc import Callable
from pathlib import Path
from signal import SIGINT, SIGTERM, SIGUSR1

from device import assembly
from device.appliance import journal, signals
from device.appliance.daemon import Daemon, HungError, Parts
from device.appliance.service_manager import service_manager
from device.appliance.status_file import StatusFile
from device.button import GpioButton
from device.clock import Clock, SystemClock
from device.config import config, folders
from device.light.led import GpioLed
from device.light.light import Light

_log = logging.getLogger(__name__)


def run(args: argparse.Namespace) -> int:
    """Run until SIGTERM; SIGUSR1 is a press of the button.

    A configuration with mistakes does not end the daemon: the light shows fault 6, the journal
    lists the mistakes, and the next press reads the file again (except for the pins).
    """
    clock = SystemClock()
    return serve(args.config, lambda: assembly.parts(config.load(args.config), clock), clock)


def serve(file: Path | None, load: Callable[[], Parts], clock: Clock) -> int:
    """Run the daemon with the parts that ``load`` returns."""
    journal.begin()
    readable, _ = config.read(file)
    factory = assembly.pin_factory(readable)
    button = GpioButton(readable.button, factory, clock)
    light = Light(GpioLed(readable.light, factory), clock, readable.light.beacon)
    daemon = Daemon(load, button, light, service_manager())
    status = StatusFile(folders.status_file(), clock)
    daemon.watch(status.watch)
    signals.handle({SIGTERM: daemon.stop, SIGINT: daemon.stop, SIGUSR1: daemon.press})
    try:
        daemon.run()
    except HungError as error:
        _log.critical("%s", error)
        status.remove()
        logging.shutdown()
        # Python would wait for the thread that hangs.
        os._exit(1)
    finally:
        status.remove()
    return 0
