"""The file of the daemon's status."""

import json
import os
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from device import files
from device.appliance import events, journal
from device.appliance.machine import Phase, State
from device.appliance.status import Status
from device.clock import Clock
from device.errors import EmotifyError
from device.light.patterns import Cue


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
            _after(self._status, event, state, actions), at=round(self._clock.time(), 1)
        )
        # Nothing depends on it, and all users may read it: it holds no secret.
        with suppress(OSError):
            files.replace(self._path, json.dumps(asdict(self._status)).encode(), mode=0o644)

    def tell(self, error: EmotifyError) -> None:
        """Write the status of a daemon that cannot work because of an error."""
        self.watch(events.LoadFailed(error), State(phase=Phase.BROKEN), (events.Show(Cue.FAULT_6),))

    def remove(self) -> None:
        """Remove the file when the daemon ends."""
        self._path.unlink(missing_ok=True)


def _after(
    status: Status, event: events.Event, state: State, actions: tuple[events.Action, ...]
) -> Status:
    """The status after an event."""
    status = replace(status, phase=state.phase.name.lower().replace("_", " "), round=state.round)
    if not actions:
        return status  # An event of an earlier round is not reported.
    shown = [action.cue for action in actions if isinstance(action, events.Show)]
    status = replace(
        status,
        said=journal.line(event, actions) or status.said,
        light=str(shown[-1].value) if shown else status.light,
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
