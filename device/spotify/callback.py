"""The redirect address of the login, for a browser on this machine."""

import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import AF_INET, AF_INET6
from typing import Self
from urllib.parse import urlsplit

_PAGE = (
    "<!doctype html><title>Emotify</title><p>Emotify is logged in: go back to the terminal, and "
    "close this page."
)


_IDLE_SECONDS = 10.0


class Callback:
    """HTTP server at the redirect address for one login; does nothing when the port is taken.

    Parameters
    ----------
    redirect_uri : str
        ``http://`` and a loopback address.
    on_redirect : callable
        Is called with the whole address that the browser was redirected to.
    """

    def __init__(self, redirect_uri: str, on_redirect: Callable[[str], None]):
        self._address = urlsplit(redirect_uri)
        self._on_redirect = on_redirect
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
            # A browser may open a connection and send no request.
            daemon_threads = True
            block_on_close = False
            address_family = AF_INET6 if ":" in host else AF_INET

        class Handler(BaseHTTPRequestHandler):
            timeout = _IDLE_SECONDS

            def do_GET(self) -> None:
                matches = urlsplit(self.path).path == callback._address.path
                self.send_response(200 if matches else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                if matches:
                    origin = f"{callback._address.scheme}://{callback._address.netloc}"
                    callback._on_redirect(origin + self.path)
                    self.wfile.write(_PAGE.encode())

            def log_message(self, *_: object) -> None:
                """Log nothing: the address contains a code."""

        return Server((host, self.port), Handler)
