"""The Web API for an app in Development Mode, as of 2026."""

import re
from collections.abc import Mapping
from typing import Any, Protocol

from device.clock import Clock
from device.simulation.spotify import playback
from device.simulation.spotify.accounts import Accounts
from device.simulation.spotify.answer import Answer, Refused, refused
from device.simulation.spotify.library import SimulatedLibrary
from device.simulation.spotify.operation import Call, Operation
from device.simulation.spotify.player import SimulatedPlayer
from device.simulation.spotify.quota import Quota

# Removed in 2026, or never open to apps registered since November 2024.
_FORBIDDEN = re.compile(
    r"/(tracks|albums|artists|shows|episodes|audiobooks|chapters|markets)"
    r"|/artists/\w+/(top-tracks|related-artists)"
    r"|/browse/.*|/users/.*|/recommendations.*|/audio-(features|analysis).*"
    r"|/playlists/\w+/(tracks|followers).*"
    r"|/me/(tracks|albums|episodes|shows|audiobooks|following)(/contains)?"
)


class DescribedOperation(Protocol):
    """One operation of an :class:`ApiDescription`."""

    scopes: tuple[str, ...]

    def check(self, query: Mapping[str, str], body: Any) -> None:
        """Refuse a query or a body that is not as described."""

    def check_answer(self, answer: Answer) -> None:
        """Refuse an answer that is not as described."""


class ApiDescription(Protocol):
    """A second description of the Web API that the stand-in must agree with."""

    def operation(self, method: str, path: str) -> DescribedOperation:
        """The operation of a request; refused if there is none."""


class SimulatedWebApi:
    """Answers requests below ``/v1``.

    Attributes
    ----------
    listed : bool
        Whether the person is on the app's list of users.
    library : SimulatedLibrary
    quota : Quota
    openapi : ApiDescription or None
        Also checks every request, and every answer.
    """

    def __init__(self, accounts: Accounts, player: SimulatedPlayer, clock: Clock):
        self.listed = True
        self.library = SimulatedLibrary()
        self.quota = Quota(clock)
        self.openapi: ApiDescription | None = None
        self._accounts = accounts
        self._operations = playback.operations(player) + self.library.operations()

    def answer(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: Any,
        authorization: str | None,
    ) -> Answer:
        """Answer one request.

        Parameters
        ----------
        path : str
            The path after ``/v1``.
        body : object
            The body's JSON; an empty dict when there is no body.
        """
        try:
            operation, named = self._operation(method, path)
            self._accounts.check(authorization, operation.scopes)
            self.quota.count()
            if not self.listed:
                return Answer(403, "User not registered in the Developer Dashboard")
            operation.check(query, body)
            described = self.openapi and self.openapi.operation(method, path)
            if described:
                self._accounts.check(authorization, described.scopes)
                described.check(query, body)
            result = operation.do(Call(query, body, named))
            answer = _answer(result)
            if described:
                described.check_answer(answer)
        except Refused as refusal:
            return refusal.answer
        return answer

    def _operation(self, method: str, path: str) -> tuple[Operation, str]:
        for operation in self._operations:
            match = re.fullmatch(operation.path, path)
            if match and operation.method == method:
                return operation, "".join(match.groups())
        if _FORBIDDEN.fullmatch(path):
            raise refused(403, "Forbidden")
        raise refused(404, "Service not found")


def _answer(result: Any) -> Answer:
    if result is None:
        return Answer(204)
    return result if isinstance(result, Answer) else Answer(200, result)
