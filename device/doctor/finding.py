"""What a check found."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from device.errors import EmotifyError

Check = Callable[[], str]
"""Returns what is good, or raises an EmotifyError with the remedy, or :class:`NotCheckedError`."""


class Verdict(StrEnum):
    """How a part is."""

    GOOD = "good"
    WRONG = "wrong"
    NOT_CHECKED = "not checked"


class NotCheckedError(Exception):
    """The part cannot be checked now; the message says why."""


@dataclass(frozen=True)
class Finding:
    """What a check found.

    Attributes
    ----------
    name : str
        Of the part.
    verdict : Verdict
    says : str
        What is good, or what is wrong and the remedy, or why it was not checked.
    fault : int or None
        The number of red blinks of the light for this fault.
    """

    name: str
    verdict: Verdict
    says: str
    fault: int | None = None


def examine(name: str, check: Check) -> Finding:
    """Run a check."""
    try:
        return Finding(name, Verdict.GOOD, check())
    except NotCheckedError as reason:
        return Finding(name, Verdict.NOT_CHECKED, str(reason))
    except EmotifyError as error:
        return Finding(name, Verdict.WRONG, str(error), int(error.fault))
    except PermissionError:
        return Finding(name, Verdict.NOT_CHECKED, "only the service may: `sudo emotify doctor`")
