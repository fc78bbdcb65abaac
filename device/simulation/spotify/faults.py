"""Faults between Spotify and the device, which a test injects.

stand_in.inject([
    Fault(Answer(502), path="/v1/me/player/play", times=2),
    Fault(Delay(3.0)),
    Fault(FallAsleep("Kitchen"), path="/v1/me/player/play"),
    Fault(Trouble.DROP),
])
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from device.simulation.spotify.answer import Answer


class Trouble(StrEnum):
    """What can happen to a request instead of an answer."""

    DROP = "the connection is closed without an answer"
    CUT = "the connection is closed in the middle of the answer"
    LOSE = "the request is executed, and the connection is closed without an answer"
    HANG = "there is never an answer"
    TRICKLE = "the answer comes byte by byte and never ends"


@dataclass(frozen=True)
class Delay:
    """The request is executed, and the answer comes late."""

    seconds: float


@dataclass(frozen=True)
class FallAsleep:
    """A speaker falls asleep just before the request is executed."""

    speaker: str


What = Answer | Trouble | Delay | FallAsleep


@dataclass(frozen=True)
class Fault:
    """One fault.

    Attributes
    ----------
    what : Answer, Trouble, Delay or FallAsleep
        An Answer replaces the real one, and the request is not executed.
    path, method : str
        Of the affected requests; empty for any.
    times : int
    """

    what: What
    path: str = ""
    times: int = 1
    method: str = ""


class Script:
    """The pending faults."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, faults: Iterable[Fault]) -> None:
        for fault in faults:
            self._faults += [fault] * fault.times

    def take(self, method: str, path: str) -> What | None:
        """The fault for a request, if any."""
        for number, fault in enumerate(self._faults):
            if fault.path in ("", path) and fault.method in ("", method):
                del self._faults[number]
                return fault.what
        return None

    def clear(self) -> None:
        self._faults.clear()
