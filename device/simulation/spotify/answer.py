"""HTTP answers of the stand-in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Answer:
    """An HTTP answer.

    Attributes
    ----------
    status : int
    body : object
        A str is sent as it is, None as nothing, anything else as JSON.
    headers : mapping of str to str
    """

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        """The body as it is sent."""
        if self.body is None:
            return b""
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()

    @property
    def content_type(self) -> str:
        """Of :attr:`content`."""
        return "text/plain" if isinstance(self.body, str) else "application/json; charset=utf-8"


class Refused(Exception):  # noqa: N818 - an answer on its way out, not a failure
    """Ends the handling of a request with an answer."""

    def __init__(self, answer: Answer):
        super().__init__(answer)
        self.answer = answer


def refused(status: int, message: str, reason: str | None = None) -> Refused:
    """A refusal in the format of the Web API; only the player gives a reason."""
    error = {"status": status, "message": message}
    return Refused(Answer(status, {"error": error | ({"reason": reason} if reason else {})}))
