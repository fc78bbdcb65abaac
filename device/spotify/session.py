"""HTTP requests with a total timeout and a maximum size, without retries."""

import queue
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from device import files
from device.spotify.request_budget import RequestBudget

CONNECT_SECONDS = 2.0
"""Timeout of the connection; the rest of the time is for the answer."""

MAX_BYTES = 1_000_000
"""Of an uncompressed answer. The longest real one, a page of playlists, has about a tenth."""

_CHUNK_BYTES = 1024
"""Read at a time; it may expand to a thousand times as much."""

_STEP_SECONDS = 0.1
_LOOPBACK = ("127.0.0.1", "::1")


class InvalidAnswerError(requests.RequestException):
    """The answer is not from Spotify: too long, a redirect, or not JSON."""


class TimedSession(requests.Session):
    """Sends every request once, within the request budget.

    The timeouts of requests restart with each byte and do not include name resolution, so a slow
    answer could last for ever. Here the request is made in a thread, and when the time is up its
    connection is shut down, which ends the thread as well.

    Parameters
    ----------
    address : str
        Of the service.
    budget : RequestBudget
    """

    def __init__(self, address: str, budget: RequestBudget):
        super().__init__()
        self._budget = budget
        # A proxy cannot reach this machine's loopback address.
        self.trust_env = urlsplit(address).hostname not in _LOOPBACK
        self._adapter = _Adapter()
        self.mount("http://", self._adapter)
        self.mount("https://", self._adapter)

    def request(self, method: str, url: str, **how: Any) -> requests.Response:  # type: ignore[override]
        """Send a request and read the whole answer.

        Raises
        ------
        requests.Timeout
            When the time or the request budget is used up.
        InvalidAnswerError
            When the answer is longer than :data:`MAX_BYTES`, a redirect, or not JSON.
        requests.RequestException
        """
        seconds = min(how["timeout"], self._budget.take())
        how["timeout"] = (min(seconds, CONNECT_SECONDS), seconds)
        # A redirect would send the token to another server.
        how["allow_redirects"] = False
        ask = super().request

        def whole() -> requests.Response:
            response = ask(method, url, stream=True, **how)
            response._content = _body(response)
            if 300 <= response.status_code < 400:
                raise InvalidAnswerError("the answer is a redirect")
            if method == "GET" and response.ok:
                _check(response)
            return response

        return self._within(seconds, whole)

    def _within(self, seconds: float, ask: Callable[[], requests.Response]) -> requests.Response:
        outcome: queue.SimpleQueue[requests.Response | BaseException] = queue.SimpleQueue()

        def work() -> None:
            try:
                outcome.put(ask())
            except BaseException as error:
                outcome.put(error)

        threading.Thread(target=work, name="request", daemon=True).start()
        deadline = monotonic() + seconds
        while True:
            # The budget shrinks when another command waits.
            left = min(deadline - monotonic(), self._budget.seconds_left)
            if left <= 0:
                self._adapter.shut_down()
                raise requests.Timeout("no whole answer in time")
            with suppress(queue.Empty):
                answer = outcome.get(timeout=min(left, _STEP_SECONDS))
                break
        if isinstance(answer, BaseException):
            raise answer
        return answer


def _body(response: requests.Response) -> bytes:
    body = b""
    with response:
        for piece in response.iter_content(_CHUNK_BYTES):
            body += piece
            if len(body) > MAX_BYTES:
                raise InvalidAnswerError("the answer is too long")
    return body


def _check(response: requests.Response) -> None:
    try:
        if response.content:
            files.parse_json(response.content)
    except ValueError:
        raise InvalidAnswerError("the answer is not JSON") from None


class _Adapter(HTTPAdapter):
    """Keeps its connections, so that they can be shut down while another thread uses them."""

    def init_poolmanager(self, *how: Any, **more: Any) -> None:
        super().init_poolmanager(*how, **more)
        connections: list[HTTPConnection] = []
        self._connections = connections

        class Plain(HTTPConnection):
            def connect(self) -> None:
                connections.append(self)
                super().connect()

        class Tls(HTTPSConnection):
            def connect(self) -> None:
                connections.append(self)
                super().connect()

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class TlsPool(HTTPSConnectionPool):
            ConnectionCls = Tls

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": TlsPool}

    def shut_down(self) -> None:
        """Shut down every connection; threads that use one get an error."""
        while self._connections:
            end = self._connections.pop().sock
            if end is not None:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
