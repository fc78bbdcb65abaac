"""The status of the running daemon, as `emotify status` reads it from a file.

:mod:`device.appliance.status_file` writes it; it is not needed for reading.

{"pid": 812, "at": 1790000000.0, "started": 12.5, "phase": "ready", "round": 3,
 "said": "Playing on ...", "mood": "sad 77% ...", "login": null, "fault": null, "problem": null,
 "light": "playing", "presses": 4, "moods": {"sad": 2, "happy": 1}, "faults": {"2": 1}}
"""

from contextlib import suppress
from dataclasses import KW_ONLY, dataclass, field
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
    started : float
        When it was started, in seconds of the monotonic clock, which begins with the machine.
    phase : str
        Of the state machine.
    round : int
        Number of the current or the latest round.
    said : str
        The latest line of its journal.
    mood : str or None
        The latest mood.
    login : str or None
        What is wrong with the login to Spotify, or when it ends.
    fault : int or None
        The number of red blinks since the latest press.
    problem : str or None
        What the fault means, and what to do.
    light : str
        The latest cue of the light.
    presses : int
    moods : dict of str to int
        How often each emotion was the result.
    faults : dict of str to int
        How often each fault was shown. These three count from the start of the machine, unless the
        daemon was stopped in between.
    """

    pid: int
    _: KW_ONLY
    at: float = 0.0
    started: float = 0.0
    phase: str = "starting"
    round: int = 0
    said: str = ""
    mood: str | None = None
    login: str | None = None
    fault: int | None = None
    problem: str | None = None
    light: str = ""
    presses: int = 0
    moods: dict[str, int] = field(default_factory=dict)
    faults: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        counts = (self.presses, *self.moods.values(), *self.faults.values())
        if not all(isinstance(count, int) for count in (self.pid, *counts)):
            raise TypeError("not a count")

    @classmethod
    def of_daemon(cls) -> Self | None:
        """The status of the daemon on this machine; None when it is not running."""
        service = SERVICE_RUNTIME / folders.status_file().name
        return cls.read(service) or cls.read(folders.status_file())

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """Read the status; None when the daemon is not running."""
        status = cls.read_old(path)
        return status if status and Path(f"/proc/{status.pid}").exists() else None

    @classmethod
    def read_old(cls, path: Path) -> Self | None:
        """Read the status of a daemon that may have ended."""
        with suppress(OSError, ValueError, TypeError, AttributeError):
            return cls(**files.parse_json(path.read_bytes()))
        return None
