"""`emotify run`: the daemon."""

import argparse
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from signal import SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGUSR2

from device import assembly, files
from device.appliance import journal, signals
from device.appliance.daemon import Daemon, HungError, Parts
from device.appliance.round_journal import RoundJournal
from device.appliance.service_manager import ServiceManager, service_manager
from device.appliance.status_file import StatusFile
from device.button import GpioButton
from device.clock import Clock, SystemClock
from device.config import config, folders
from device.config.config import Config
from device.errors import ConfigError, PinError
from device.light.led import GpioLed
from device.light.light import Light

RESTART_STATUS = 75
"""The exit status after which the unit starts the daemon again (EX_TEMPFAIL of sysexits.h)."""

_PINS_SECONDS = 15.0
"""How often the pins are tried again, when there are none."""

_log = logging.getLogger(__name__)


def run(args: argparse.Namespace) -> int:
    """Run until SIGTERM; SIGUSR1 is a press of the button, SIGUSR2 shows the colours of the light,
    SIGHUP reads the configuration again.

    A configuration with mistakes or a damaged model does not end the daemon: the light shows fault
    6, the journal lists the mistakes, and a file that has changed is read again. The pins and the
    folder of the model are used from the start to the end of the process, so when they change it
    ends with :data:`RESTART_STATUS`.
    """
    clock = SystemClock()
    return serve(args.config, lambda settings: assembly.parts(settings, clock), clock)


def serve(file: Path | None, load: Callable[[Config], Parts], clock: Clock) -> int:
    """Run the daemon with the parts that ``load`` returns for a configuration."""
    journal.begin()
    file = file or folders.config_file()
    readable = _readable(file)
    service = service_manager()
    status = StatusFile(folders.status_file(), clock)
    try:
        button, led = _on_pins(readable, clock)
    except PinError as error:
        return _wait_for_pins(error, file, clock, service, status)
    light = Light(led, clock, readable.light.beacon)
    is_outdated = threading.Event()

    def load_or_end() -> Parts:
        settings = config.load(_existing(file))
        if _fixed(settings) != _fixed(readable):
            is_outdated.set()
            daemon.stop()
            raise ConfigError("The pins or the folder of the model have changed: starting again.")
        return load(settings)

    watch = files.Watch(assembly.loaded_files(readable, file))
    daemon = Daemon(load_or_end, button, light, service, has_changed=watch.has_changed)
    daemon.watch(status.watch)
    daemon.watch(RoundJournal(clock).watch if journal.is_in_journal() else journal.watch_steps)
    signals.handle(
        {
            SIGTERM: daemon.stop,
            SIGINT: daemon.stop,
            SIGHUP: daemon.reload,
            SIGUSR1: daemon.press,
            SIGUSR2: daemon.test_light,
        }
    )
    try:
        daemon.run()
    except HungError as error:
        _log.critical("%s", error)
        logging.shutdown()
        # Python would wait for the thread that hangs.
        os._exit(1)
    finally:
        status.remove()
    return RESTART_STATUS if is_outdated.is_set() else 0


def _readable(file: Path) -> Config:
    """What can be read of the configuration."""
    return config.read(_existing(file))[0]


def _existing(file: Path) -> Path | None:
    return file if files.may_exist(file) else None


def _on_pins(settings: Config, clock: Clock) -> tuple[GpioButton, GpioLed]:
    factory = assembly.pin_factory(settings)
    button = GpioButton(settings.button, factory, clock)
    try:
        return button, GpioLed(settings.light, factory)
    except PinError:
        button.close()
        raise


def _fixed(settings: Config) -> tuple[object, ...]:
    """What does not change in a running daemon."""
    return settings.button, settings.light, settings.models, settings.simulation


def _wait_for_pins(
    error: PinError,
    file: Path,
    clock: Clock,
    service: ServiceManager,
    status: StatusFile,
) -> int:
    """Without button and light: say so once, and start again when the pins are there."""
    ended = threading.Event()
    signals.handle({SIGTERM: ended.set, SIGINT: ended.set})
    _log.error("%s", error)
    status.tell(error)
    service.notify_ready()
    service.notify_status(str(error))
    period = min(_PINS_SECONDS, service.watchdog_seconds or _PINS_SECONDS)
    try:
        while not ended.wait(period):
            service.notify_alive()
            try:
                button, led = _on_pins(_readable(file), clock)
            except PinError:
                continue
            button.close()
            led.close()
            return RESTART_STATUS
    finally:
        status.remove()
    return 0
