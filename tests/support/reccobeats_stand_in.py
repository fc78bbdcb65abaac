"""A local stand-in for ReccoBeats."""

import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

MAX_IDS = 40


class ReccoBeatsStandIn:
    """Answers ``GET /v1/audio-features?ids=`` like ReccoBeats, which omits tracks that it does not
    know.

    Parameters
    ----------
    known : mapping of str to dict
        Audio features by the Spotify id of a track.

    Attributes
    ----------
    requested : list of list of str
        The ids of each request that was answered with features.
    """

    def __init__(self, known: Mapping[str, Mapping[str, float]]):
        self.known = dict(known)
        self.requested: list[list[str]] = []
        self._refusals: list[tuple[int, dict[str, str]]] = []
        self._server = _Server(self)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """For ``[playlists] reccobeats_url``."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def refuse_next(self, status: int, retry_after: int | None = None) -> None:
        """Refuse one of the next requests."""
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        self._refusals.append((status, headers))

    def answer(self, path: str, ids: list[str]) -> tuple[int, dict[str, str], Any]:
        """Status, headers and body for a request."""
        if path != "/v1/audio-features":
            return 404, {}, {"error": "no such path"}
        if self._refusals:
            return *self._refusals.pop(0), {"error": "refused"}
        if not 0 < len(ids) <= MAX_IDS:
            return 400, {}, {"error": f"between 1 and {MAX_IDS} ids"}
        self.requested.append(ids)
        return 200, {}, {"content": [self._item(key) for key in ids if key in self.known]}

    def _item(self, key: str) -> dict[str, Any]:
        href = f"https://open.spotify.com/track/{key}"
        return {"id": f"stand-in-{key}", "href": href, **self.known[key]}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, stand_in: ReccoBeatsStandIn):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.stand_in = stand_in


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        ids = ",".join(parse_qs(address.query).get("ids", [])).split(",")
        status, headers, body = self.server.stand_in.answer(address.path, ids)
        content = json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Log nothing."""
