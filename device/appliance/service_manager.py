"""The service manager: told when the device is ready, what it does, and that it is alive."""

import os
from typing import Protocol


class ServiceManager(Protocol):
    """What keeps the daemon running.

    Attributes
    ----------
    watchdog_seconds : float or None
        How often it must hear that the daemon is alive; None for never.
    """

    watchdog_seconds: float | None

    def ready(self) -> None:
        """The device can be used."""

    def status(self, text: str) -> None:
        """What the device does, in a line for people."""

    def alive(self) -> None:
        """The main loop is going round."""

    def stopping(self) -> None:
        """The device is shutting down."""


class Systemd:
    """systemd, over its notification socket."""

    def __init__(self):
        from systemd.daemon import notify

        self._notify = notify
        microseconds = os.environ.get("WATCHDOG_USEC")
        self.watchdog_seconds: float | None = int(microseconds) / 2e6 if microseconds else None

    def ready(self) -> None:
        self._notify("READY=1")

    def status(self, text: str) -> None:
        self._notify(f"STATUS={text}")

    def alive(self) -> None:
        self._notify("WATCHDOG=1")

    def stopping(self) -> None:
        self._notify("STOPPING=1")


class NoServiceManager:
    """Nobody: the daemon runs in a terminal, where the log says it all."""

    watchdog_seconds: float | None = None

    def ready(self) -> None:
        pass

    def status(self, text: str) -> None:
        pass

    def alive(self) -> None:
        pass

    def stopping(self) -> None:
        pass


def manager() -> ServiceManager:
    """The one that started us."""
    return Systemd() if "NOTIFY_SOCKET" in os.environ else NoServiceManager()
