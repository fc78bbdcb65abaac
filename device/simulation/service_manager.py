"""A service manager that records its notifications."""


class SimulatedServiceManager:
    """Records the notifications.

    Attributes
    ----------
    notifications : list of str
        As systemd would get them: ``READY=1``, ``STATUS=...``.
    """

    def __init__(self, watchdog_seconds: float | None = None):
        self.watchdog_seconds = watchdog_seconds
        self.notifications: list[str] = []

    def notify_ready(self) -> None:
        self.notifications.append("READY=1")

    def notify_status(self, text: str) -> None:
        self.notifications.append(f"STATUS={text}")

    def notify_alive(self) -> None:
        self.notifications.append("WATCHDOG=1")

    def notify_stopping(self) -> None:
        self.notifications.append("STOPPING=1")
