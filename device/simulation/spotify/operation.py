"""One operation of the Web API: its scopes, its fields, and what it does."""

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

from device.simulation.spotify import schema
from device.simulation.spotify.schema import Check


@dataclass(frozen=True)
class Call:
    """A request that has been checked; ``id`` is the id in the path."""

    query: Mapping[str, str]
    body: Mapping[str, Any]
    id: str

    @property
    def device_id(self) -> str | None:
        """The requested speaker; None for the active one."""
        return self.query.get("device_id")


@dataclass(frozen=True)
class Operation:
    """One method on one path.

    Attributes
    ----------
    path : str
        A regular expression for the path after ``/v1``, with at most one group.
    do : callable
        Takes the :class:`Call`; returns an Answer, None for 204, or the body of the answer.
    scopes : tuple of str
        One of them is enough; none is needed when empty.
    required : tuple of str
        Fields of the query or the body.
    """

    method: str
    path: str
    do: Callable[[Call], Any]
    scopes: tuple[str, ...] = ()
    query: Mapping[str, Check] = field(default_factory=dict)
    _: KW_ONLY
    body: Mapping[str, Check] = field(default_factory=dict)
    required: tuple[str, ...] = ()

    def check(self, query: Any, body: Any) -> None:
        """Refuse a request with a field that is unknown, missing or wrong."""
        for what, given, known in (("query", query, self.query), ("body", body, self.body)):
            schema.check(what, given, known, [name for name in self.required if name in known])
