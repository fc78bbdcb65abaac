"""The status of the running daemon, in a file that `emotify status` reads.

{"pid": 812, "at": 1790000000.0, "phase": "ready", "round": 3, "said": "Playing on ...",
 "login": null, "fault": null, "problem": null, "light": "playing"}
"""

import json
import os
from contextlib import suppress
from dataclasses import KW_ONLY, asdict, dataclass, replace
from pathlib import Path
from typing import Self

from device import files
from device.appliance import events, journal
from device.appliance.machine import State
from device.clock import Clock


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
    def read(cls, path: Path) -> Self | None:
        """Read the status; None when the daemon is not running."""
        with suppress(OSError, ValueError, TypeError):
            status = cls(**files.parse_json(path.read_bytes()))
            running = isinstance(status.pid, int) and Path(f"/proc/{status.pid}").exists()
            return status if running else None
        return None

    def after(self, event: events.Event, state: State, actions: tuple[events.Action, ...]) -> Self:
        """The status after an event."""
        status = replace(self, phase=state.phase.name.lower().replace("_", " "), round=state.round)
        if not actions:
            return status  # An event of an earlier round is not reported.
        shown = [action.cue for action in actions if isinstance(action, events.Show)]
        status = replace(
            status,
            said=journal.line(event) or self.said,
            light=str(shown[-1].value) if shown else self.light,
        )
        match event:
            case (
                events.Failed(error=error)
                | events.LoadFailed(error=error)
                | events.MusicFailed(error=error)
            ):
                return replace(status, fault=error.fault and int(error.fault), problem=str(error))
            case events.Pressed() | events.Playing() | events.Loaded():
                return replace(status, fault=None, problem=None)
            case events.LoginChanged(problem=problem, days=days):
                near = problem is not None or days is not None
                return replace(status, login=journal.line(event) if near else None)
        return status


class StatusFile:
    """Writes the file after every event; a watcher of the daemon.

    Parameters
    ----------
    path : Path
        In a folder that is emptied at the next boot.
    clock : Clock
    """

    def __init__(self, path: Path, clock: Clock):
        self._path = path
        self._clock = clock
        self._status = Status(os.getpid())

    def watch(self, event: events.Event, state: State, actions: tuple[events.Action, ...]) -> None:
        """See :data:`device.appliance.daemon.Watcher`."""
        self._status = replace(
            self._status.after(event, state, actions), at=round(self._clock.time(), 1)
        )
        # Nothing depends on it, and all users may read it: it holds no secret.
        with suppress(OSError):
            files.replace(self._path, json.dumps(asdict(self._status)).encode(), mode=0o644)

    def remove(self) -> None:
        """Remove the file when the daemon ends."""
        self._path.unlink(missing_ok=True)
