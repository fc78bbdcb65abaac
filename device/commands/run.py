"""`emotify run`: the daemon."""

import argparse
import signal

from device import assembly, board, config, journal, service
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
    journal.begin()
    clock = SystemClock()
    readable, _ = config.read(args.config)
    pins = board.pins(assembly.runtime_folder())
    button = GpioButton(readable.button, pins)
    light = Light(GpioLamp(readable.light, pins), clock, readable.light.beacon)

    def load() -> Parts:
        return assembly.parts(config.load(args.config), clock)

    daemon = Daemon(load, button, light, service.manager())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: daemon.stop())
    signal.signal(signal.SIGUSR1, lambda *_: daemon.press())
    daemon.run()
    return 0
