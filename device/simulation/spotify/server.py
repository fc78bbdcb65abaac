"""HTTP server on 127.0.0.1 that records requests and injects faults.

    with SpotifyStandIn() as stand_in:
        account = stand_in.account(token_file)
        ...
        stand_in.now_playing

Tests change the stand-in through ``accounts``, ``player`` and ``web_api``.
"""

import http.client
import json
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from device.clock import Clock, SystemClock
from device.errors import AccountError
from device.simulation.spotify.accounts import Accounts
from device.simulation.spotify.answer import Answer
from device.simulation.spotify.faults import Delay, FallAsleep, Fault, Script, Trouble, What
from device.simulation.spotify.player import SimulatedPlayer
from device.simulation.spotify.state import SimulatedSpeaker
from device.simulation.spotify.web_api import ApiDescription, SimulatedWebApi
from device.spotify.account import Account

CLIENT_ID = "5f0c1a7e5f0c1a7e5f0c1a7e5f0c1a7e"
REDIRECT_URI = "http://127.0.0.1:8000/callback"

_API = "/v1"
_TRICKLE_SECONDS = 0.05


@dataclass(frozen=True)
class Request:
    """A received request without its token. ``path`` begins with /v1, /authorize or /api."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None


@dataclass(frozen=True)
class NowPlaying:
    """The track that plays or is paused, and its speaker."""

    uri: str
    speaker: str
    playing: bool


class SpotifyStandIn:
    """Spotify with one app and one person.

    Parameters
    ----------
    speakers : sequence of SimulatedSpeaker
        One in the living room by default.
    client_id, redirect_uri : str
        As registered for the app.
    clock : Clock
    port : int
        Of the server; 0 is any free one.

    Attributes
    ----------
    openapi : ApiDescription or None
        Checks the requests and answers of all stand-ins, in the tests.
    requests : list of Request
        All received requests, the oldest first.
    """

    openapi: ApiDescription | None = None

    def __init__(
        self,
        speakers: Sequence[SimulatedSpeaker] | None = None,
        client_id: str = CLIENT_ID,
        redirect_uri: str = REDIRECT_URI,
        clock: Clock | None = None,
        port: int = 0,
    ):
        clock = clock or SystemClock()
        self.client_id = client_id
        self.redirect_uri = redirect_uri
        self.accounts = Accounts(client_id, redirect_uri, clock)
        self.player = SimulatedPlayer(
            [SimulatedSpeaker("Living room")] if speakers is None else list(speakers), clock
        )
        self.web_api = SimulatedWebApi(self.accounts, self.player, clock)
        self.web_api.openapi = self.openapi
        self.requests: list[Request] = []
        self._script = Script()
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server = _Server(self, port)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def api_url(self) -> str:
        """For ``[spotify] api_url``."""
        return self.accounts_url + _API

    @property
    def accounts_url(self) -> str:
        """For ``[spotify] accounts_url``."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def now_playing(self) -> NowPlaying | None:
        """What plays or is paused; None when nothing was ever started."""
        with self._lock:
            uri, speaker = self.player.uri, self.player.speaker
            if uri is None or speaker is None:
                return None
            return NowPlaying(uri, speaker.name, self.player.playing)

    def account(self, token_file: Path, clock: Clock | None = None) -> Account:
        """An account with its login in ``token_file``, logged in."""
        account = Account(
            self.client_id,
            self.redirect_uri,
            token_file,
            api_url=self.api_url,
            accounts_url=self.accounts_url,
            clock=clock,
        )
        self.log_in(account)
        return account

    def log_in(self, account: Account) -> None:
        """Log in like a person: open the address, press Agree, paste the redirect address."""
        login = account.begin_login()
        login.finish(self.press_agree(login.address))

    def press_agree(self, address: str) -> str:
        """The redirect address of the authorisation page."""
        page = urlsplit(address)
        connection = http.client.HTTPConnection(page.hostname or "", page.port, timeout=5)
        try:
            connection.request("GET", f"{page.path}?{page.query}")
            answer = connection.getresponse()
            if answer.status != 302:
                raise AccountError(f"The stand-in refused: {answer.read().decode()}")
            return answer.headers["Location"]
        finally:
            connection.close()

    def inject(self, script: Iterable[Fault]) -> None:
        """Inject these faults after those that are still pending."""
        self._script.add(script)

    def fail_next(self, what: What, times: int = 1, path: str = "", method: str = "") -> None:
        """Inject a fault into the next requests, or the next ones with this path and method."""
        self.inject([Fault(what, path, times, method)])

    def clear_faults(self) -> None:
        """Remove all pending faults."""
        self._script.clear()

    def handle(self, request: Request, authorization: str | None) -> Answer | Trouble:
        """Answer one request."""
        with self._lock:
            self.requests.append(request)
            fault = self._script.take(request.method, request.path)
            match fault:
                case Answer() | Trouble.DROP | Trouble.CUT | Trouble.HANG | Trouble.TRICKLE:
                    return fault
                case FallAsleep(name):
                    self.player.fall_asleep(name)
            answer = self._answer(request, authorization)
        match fault:
            case Delay(seconds):
                self._closing.wait(seconds)
            case Trouble.LOSE:
                return Trouble.DROP
        return answer

    def wait_for_end(self, seconds: float | None = None) -> bool:
        """Wait until the stand-in is closed, or for ``seconds``; returns whether it is."""
        return self._closing.wait(seconds)

    def _answer(self, request: Request, authorization: str | None) -> Answer:
        match request.method, request.path:
            case "GET", "/authorize":
                return self.accounts.authorize(request.query)
            case "POST", "/api/token":
                return self.accounts.token(request.body)
        return self.web_api.answer(
            request.method,
            request.path.removeprefix(_API).removesuffix("/"),
            request.query,
            {} if request.body is None else request.body,
            authorization,
        )


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, stand_in: SpotifyStandIn, port: int):
        super().__init__(("127.0.0.1", port), _Handler)
        self.stand_in = stand_in

    def handle_error(self, *request: Any) -> None:
        """Report bugs; a client that has disconnected is none."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(*request)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def _handle(self) -> None:
        address = urlsplit(self.path)
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        request = Request(
            self.command, address.path, dict(parse_qsl(address.query)), self._parsed(content)
        )
        answer = self.server.stand_in.handle(request, self.headers.get("Authorization"))
        match answer:
            case Answer():
                self._send(answer, answer.content)
            case Trouble.CUT:
                self._send(Answer(200, {"devices": []}), b'{"dev')
                self.close_connection = True
            case Trouble.HANG:
                self.server.stand_in.wait_for_end()
                self.close_connection = True
            case Trouble.TRICKLE:
                self._trickle()
                self.close_connection = True
            case Trouble.DROP:
                self.close_connection = True

    do_GET = do_PUT = do_POST = do_DELETE = _handle  # noqa: N815 - the names that http.server calls

    def log_message(self, *_: object) -> None:
        """Log nothing: addresses contain codes."""

    def _parsed(self, content: bytes) -> Any:
        if not content:
            return None
        if self.headers.get_content_type() == "application/x-www-form-urlencoded":
            return dict(parse_qsl(content.decode()))
        try:
            return json.loads(content)
        except ValueError:
            return content.decode(errors="replace")

    def _trickle(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        with suppress(OSError):
            while not self.server.stand_in.wait_for_end(_TRICKLE_SECONDS):
                self.wfile.write(b" ")

    def _send(self, answer: Answer, content: bytes) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(content)
