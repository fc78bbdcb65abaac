"""What may go wrong between Spotify and the device, as a script that a test plays.

stand_in.play([
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
    """What may happen to a request other than an answer."""

    DROP = "the connection is closed without an answer"
    CUT = "the connection is closed in the middle of an answer"
    LOSE = "the request is carried out, and the connection is closed without an answer"
    HANG = "nothing ever comes"
    DRIP = "an answer comes byte by byte, and has no end"


@dataclass(frozen=True)
class Delay:
    """The request is carried out, and its answer comes late."""

    seconds: float


@dataclass(frozen=True)
class FallAsleep:
    """A speaker falls asleep just before the request is carried out."""

    speaker: str


What = Answer | Trouble | Delay | FallAsleep


@dataclass(frozen=True)
class Fault:
    """A line of the script.

    Attributes
    ----------
    what : Answer, Trouble, Delay or FallAsleep
        An Answer comes in the place of the true one, and nothing is carried out.
    path, method : str
        Of the requests that it happens to; empty for any.
    times : int
    """

    what: What
    path: str = ""
    times: int = 1
    method: str = ""


class Script:
    """The faults that are still to come."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, faults: Iterable[Fault]) -> None:
        for fault in faults:
            self._faults += [fault] * fault.times

    def take(self, method: str, path: str) -> What | None:
        """What happens to a request, if anything."""
        for number, fault in enumerate(self._faults):
            if fault.path in ("", path) and fault.method in ("", method):
                del self._faults[number]
                return fault.what
        return None

    def clear(self) -> None:
        self._faults.clear()
