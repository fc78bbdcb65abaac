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
        before = Status.read_old(path) or Status(os.getpid())
        self._status = Status(
            os.getpid(),
            started=round(clock.now(), 1),
            presses=before.presses,
            moods=before.moods,
            faults=before.faults,
        )

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
    for cue in shown:
        if cue.fault:
            number = int(cue.fault)
            faults = _one_more(status.faults, str(number))
            return replace(status, fault=number, problem=journal.line(event), faults=faults)
    match event:
        case events.Pressed():
            return replace(status, fault=None, problem=None, presses=status.presses + 1)
        case events.Playing() | events.Loaded():
            return replace(status, fault=None, problem=None)
        case events.Recognised(mood=mood):
            moods = _one_more(status.moods, mood.emotion)
            return replace(status, mood=journal.mood_text(mood), moods=moods)
        case events.LoginChanged(problem=problem, days=days):
            near = problem is not None or days is not None
            return replace(status, login=journal.line(event) if near else None)
    return status


def _one_more(counts: dict[str, int], what: str) -> dict[str, int]:
    return counts | {what: counts.get(what, 0) + 1}
