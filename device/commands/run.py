"""`emotify run`: the daemon."""

import argparse
from signal import SIGINT, SIGTERM, SIGUSR1

from device import assembly, board, config, journal, service, signals
from device.button import GpioButton
from device.clock import SystemClock
from device.daemon import Daemon, Parts
from device.lamp import GpioLamp
from device.light import Light


def run(args: argparse.Namespace) -> int:
    """Serve the button until SIGTERM; SIGUSR1 is a press of the button.

    A configuration with mistakes does not end the daemon: the light shows fault 6, the journal
    lists the mistakes, and the next press reads it again (pins are taken once, at the start).
    """
    signals.block(SIGTERM, SIGINT, SIGUSR1)
    journal.begin()
    clock = SystemClock()
    readable, _ = config.read(args.config)
    pins = board.pins(assembly.runtime_folder())
    button = GpioButton(readable.button, pins)
    light = Light(GpioLamp(readable.light, pins), clock, readable.light.beacon)

    def load() -> Parts:
        return assembly.parts(config.load(args.config), clock)

    daemon = Daemon(load, button, light, service.manager())
    signals.answer({SIGTERM: daemon.stop, SIGINT: daemon.stop, SIGUSR1: daemon.press})
    daemon.run()
    return 0
