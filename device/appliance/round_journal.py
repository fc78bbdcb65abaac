"""The journal of the service: one line for each round, with its figures as fields.

    journalctl -u emotify                          the lines
    journalctl -u emotify -o json EMOTIFY_ROUND=3  with the fields

A fault that persists is logged once, and once more when it is over.
"""

import json
import logging

from device.appliance import events, journal
from device.appliance.machine import Phase, State
from device.clock import Clock
from device.errors import Fault

_log = logging.getLogger(__name__)

_DURATIONS = {
    events.Opened: "EMOTIFY_OPENING_SECONDS",
    events.Heard: "EMOTIFY_LISTENING_SECONDS",
    events.NothingHeard: "EMOTIFY_LISTENING_SECONDS",
    events.Recognised: "EMOTIFY_RECOGNISING_SECONDS",
    events.Playing: "EMOTIFY_STARTING_MUSIC_SECONDS",
}
"""The fields with the time since the event before."""

_PROOFS = {
    Fault.MICROPHONE: events.Heard,
    Fault.SETUP: events.Loaded,
}
"""The events after which a fault is over; for the others it is music that plays."""


class RoundJournal:
    """Collects what happens in a round, and logs it at the end; a watcher of the daemon.

    Parameters
    ----------
    clock : Clock
        Measures the durations.
    """

    def __init__(self, clock: Clock):
        self._clock = clock
        self._fault: Fault | None = None
        self._begin(0)

    def watch(self, event: events.Event, state: State, actions: tuple[events.Action, ...]) -> None:
        """See :data:`device.appliance.daemon.Watcher`."""
        if not actions:
            return
        if state.round != self._round:
            self._begin(state.round)
        self._collect(event, actions)
        self._end_fault(event)
        in_round = state.phase not in (Phase.STARTING, Phase.BROKEN, Phase.READY)
        if not in_round and self._lines:
            self._log(event, actions)

    def _begin(self, number: int) -> None:
        self._round = number
        self._lines: list[str] = []
        self._fields: dict[str, object] = {"EMOTIFY_ROUND": number}
        self._since = self._clock.now()

    def _collect(self, event: events.Event, actions: tuple[events.Action, ...]) -> None:
        line = journal.line(event, actions)
        if line and not isinstance(event, events.Opened) and line != journal.PRESSED:
            self._lines.append(line)
        if name := _DURATIONS.get(type(event)):
            now = self._clock.now()
            self._fields[name] = f"{now - self._since:.3f}"
            self._since = now
        if isinstance(event, events.Recognised):
            chances = event.mood.probabilities
            self._fields["EMOTIFY_EMOTION"] = str(event.mood.emotion)
            self._fields["EMOTIFY_SURE"] = int(event.mood.sure)
            self._fields["EMOTIFY_PROBABILITIES"] = json.dumps(
                {str(emotion): round(chance, 4) for emotion, chance in chances.items()}
            )

    def _end_fault(self, event: events.Event) -> None:
        if self._fault and isinstance(event, _PROOFS.get(self._fault, events.Playing)):
            _log.info("Fault %d is over.", self._fault)
            self._fault = None

    def _log(self, event: events.Event, actions: tuple[events.Action, ...]) -> None:
        level = journal.level(event)
        fault = _fault(actions)
        if fault:
            self._fields["EMOTIFY_FAULT"] = int(fault)
            level = logging.DEBUG if fault is self._fault else logging.ERROR
            self._fault = fault
        _log.log(level, " ".join(self._lines), extra=self._fields)
        self._begin(self._round)


def _fault(actions: tuple[events.Action, ...]) -> Fault | None:
    """The fault that the light begins to show."""
    shown = [action.cue.fault for action in actions if isinstance(action, events.Show)]
    return next(filter(None, shown), None)
