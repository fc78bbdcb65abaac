"""Where Spotify sends the browser after the login, for when the browser is on this machine."""

import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import AF_INET, AF_INET6
from typing import Self
from urllib.parse import urlsplit

_PAGE = (
    "<!doctype html><title>Emotify</title><p>Emotify has it: go back to the terminal, and close "
    "this page."
)


_IDLE_SECONDS = 10.0


class Callback:
    """Listens at the redirect address for one login; does nothing when the port is taken.

    Parameters
    ----------
    redirect_uri : str
        ``http://`` and a loopback address.
    arrived : callable
        Is called with the whole address that the browser was sent to.
    """

    def __init__(self, redirect_uri: str, arrived: Callable[[str], None]):
        self._address = urlsplit(redirect_uri)
        self._arrived = arrived
        self._server: ThreadingHTTPServer | None = None

    @property
    def port(self) -> int:
        return self._address.port or 80

    def __enter__(self) -> Self:
        with suppress(OSError):
            self._server = self._listening()
            threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()

    def _listening(self) -> ThreadingHTTPServer:
        callback, host = self, self._address.hostname or ""

        class Server(ThreadingHTTPServer):
            # A browser may open a connection and say nothing on it.
            daemon_threads = True
            block_on_close = False
            address_family = AF_INET6 if ":" in host else AF_INET

        class Handler(BaseHTTPRequestHandler):
            timeout = _IDLE_SECONDS

            def do_GET(self) -> None:
                mine = urlsplit(self.path).path == callback._address.path
                self.send_response(200 if mine else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                if mine:
                    origin = f"{callback._address.scheme}://{callback._address.netloc}"
                    callback._arrived(origin + self.path)
                    self.wfile.write(_PAGE.encode())

            def log_message(self, *_: object) -> None:
                """Say nothing: the address holds a code."""

        return Server((host, self.port), Handler)
