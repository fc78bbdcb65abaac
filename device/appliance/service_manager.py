"""The service manager (systemd), which is notified of readiness, status and liveness."""

import os
from typing import Protocol


class ServiceManager(Protocol):
    """What starts and supervises the daemon.

    Attributes
    ----------
    watchdog_seconds : float or None
        How often it must be notified that the daemon is alive; None for never.
    """

    watchdog_seconds: float | None

    def notify_ready(self) -> None:
        """The device is ready."""

    def notify_status(self, text: str) -> None:
        """What the device does now, in a line for people."""

    def notify_alive(self) -> None:
        """The main loop is running."""

    def notify_stopping(self) -> None:
        """The daemon is shutting down."""


class Systemd:
    """systemd, over its notification socket."""

    def __init__(self):
        from systemd.daemon import notify

        self._notify = notify
        microseconds = os.environ.get("WATCHDOG_USEC")
        self.watchdog_seconds: float | None = int(microseconds) / 2e6 if microseconds else None

    def notify_ready(self) -> None:
        self._notify("READY=1")

    def notify_status(self, text: str) -> None:
        # A message to systemd has a line for each variable.
        self._notify(f"STATUS={' '.join(text.split())}")

    def notify_alive(self) -> None:
        self._notify("WATCHDOG=1")

    def notify_stopping(self) -> None:
        self._notify("STOPPING=1")


class NoServiceManager:
    """No service manager: the daemon runs in a terminal."""

    watchdog_seconds: float | None = None

    def notify_ready(self) -> None:
        pass

    def notify_status(self, text: str) -> None:
        pass

    def notify_alive(self) -> None:
        pass

    def notify_stopping(self) -> None:
        pass


def service_manager() -> ServiceManager:
    """The service manager that started this process."""
    return Systemd() if "NOTIFY_SOCKET" in os.environ else NoServiceManager()
