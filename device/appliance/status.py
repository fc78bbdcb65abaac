"""The status of the running daemon, as `emotify status` reads it from a file.

:mod:`device.appliance.status_file` writes it; it is not needed for reading.

{"pid": 812, "at": 1790000000.0, "phase": "ready", "round": 3, "said": "Playing on ...",
 "login": null, "fault": null, "problem": null, "light": "playing"}
"""

from contextlib import suppress
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import Self

from device import files
from device.config import folders

SERVICE_RUNTIME = Path("/run/emotify")
"""The runtime folder of the service."""


@dataclass(frozen=True)
class Status:
    """The status of the daemon.

    Attributes
    ----------
    pid : int
        Of the daemon.
    at : float
        Time of writing, in seconds since 1970.
    phase : str
        Of the state machine.
    round : int
        Number of the current or the latest round.
    said : str
        The latest line of its journal.
    login : str or None
        What is wrong with the login to Spotify, or when it ends.
    fault : int or None
        The number of red blinks since the latest press.
    problem : str or None
        What the fault means, and what to do.
    light : str
        The latest cue of the light.
    """

    pid: int
    _: KW_ONLY
    at: float = 0.0
    phase: str = "starting"
    round: int = 0
    said: str = ""
    login: str | None = None
    fault: int | None = None
    problem: str | None = None
    light: str = ""

    @classmethod
    def of_daemon(cls) -> Self | None:
        """The status of the daemon on this machine; None when it is not running."""
        service = SERVICE_RUNTIME / folders.status_file().name
        return cls.read(service) or cls.read(folders.status_file())

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """Read the status; None when the daemon is not running."""
        with suppress(OSError, ValueError, TypeError):
            status = cls(**files.parse_json(path.read_bytes()))
            running = isinstance(status.pid, int) and Path(f"/proc/{status.pid}").exists()
            return status if running else None
        return None
