"""A service manager that remembers what it was told."""


class SimulatedServiceManager:
    """Remembers.

    Attributes
    ----------
    said : list of str
        As systemd would be told: ``READY=1``, ``STATUS=...``.
    """

    def __init__(self, watchdog_seconds: float | None = None):
        self.watchdog_seconds = watchdog_seconds
        self.said: list[str] = []

    def ready(self) -> None:
        self.said.append("READY=1")

    def status(self, text: str) -> None:
        self.said.append(f"STATUS={text}")

    def alive(self) -> None:
        self.said.append("WATCHDOG=1")

    def stopping(self) -> None:
        self.said.append("STOPPING=1")
