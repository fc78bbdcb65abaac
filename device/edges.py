"""Edges of a GPIO line, as the kernel reports them."""

import os
import select
from collections.abc import Callable, Sequence
from threading import Thread, current_thread
from typing import Any, Protocol


class Request(Protocol):
    """A line that was requested with its edges, as by `gpiod.request_lines`."""

    @property
    def fd(self) -> int:
        """It can be read when there is an edge."""

    def read_edge_events(self) -> Sequence[Any]:
        """All edges since the last call."""


class Edges:
    """Calls a function for each edge, in a thread that sleeps until there is one.

    Parameters
    ----------
    request : Request
    happened : callable
        Gets the event.
    """

    def __init__(self, request: Request, happened: Callable[[Any], None]):
        self._end = os.eventfd(0)
        self._thread = Thread(target=self._run, args=(request, happened), name="edges", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread. The function itself may do so."""
        os.eventfd_write(self._end, 1)
        if self._thread is not current_thread():
            self._thread.join()

    def _run(self, request: Request, happened: Callable[[Any], None]) -> None:
        poll = select.poll()
        poll.register(request.fd, select.POLLIN)
        poll.register(self._end, select.POLLIN)
        while self._end not in dict(poll.poll()):
            for event in request.read_edge_events():
                happened(event)
        os.close(self._end)
