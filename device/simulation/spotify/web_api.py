"""The Web API as an app in Development Mode sees it since 2026."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from device.simulation.spotify import schema
from device.simulation.spotify.accounts import Accounts
from device.simulation.spotify.answer import Answer, Refused, refused
from device.simulation.spotify.player import SimulatedPlayer
from device.simulation.spotify.schema import Check

USER_ID = "standin"

# Removed in February 2026, or never open to apps registered since November 2024.
_FORBIDDEN = re.compile(
    r"/(tracks|albums|artists|shows|episodes|audiobooks|chapters|markets)"
    r"|/artists/\w+/(top-tracks|related-artists)"
    r"|/browse/.*|/users/.*|/recommendations.*|/audio-(features|analysis).*"
    r"|/playlists/\w+/(tracks|followers).*"
    r"|/me/(tracks|albums|episodes|shows|audiobooks|following)(/contains)?"
)
_READ = ("user-read-playback-state",)
_MODIFY = ("user-modify-playback-state",)


@dataclass(frozen=True)
class _Call:
    """A request that has been found good."""

    query: Mapping[str, str]
    body: Mapping[str, Any]
    id: str

    @property
    def device_id(self) -> str | None:
        return self.query.get("device_id")


@dataclass(frozen=True)
class _Operation:
    """One method on one path: who may use it, with which fields, and what it does.

    Of several ``scopes`` one suffices.
    """

    method: str
    path: str
    do: Callable[[_Call], Any]
    scopes: tuple[str, ...] = ()
    query: Mapping[str, Check] = field(default_factory=dict)
    body: Mapping[str, Check] = field(default_factory=dict)
    required: tuple[str, ...] = ()


class SimulatedWebApi:
    """Answers requests below ``/v1``.

    Attributes
    ----------
    listed : bool
        Whether the person stands on the app's list of users.
    playlists : dict of str to list of str
        URIs of the tracks of each playlist in the account, by the playlist's id.
    """

    def __init__(self, accounts: Accounts, player: SimulatedPlayer):
        self.listed = True
        self.playlists: dict[str, list[str]] = {}
        self._names: dict[str, str] = {}
        self._accounts = accounts
        self._player = player
        self._operations = self._player_operations() + self._other_operations()

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
            After ``/v1``.
        body : object
            The JSON of the body; an empty dict when there is none.
        """
        try:
            operation, found = self._operation(method, path)
            self._accounts.check(authorization, operation.scopes)
            if not self.listed:
                raise Refused(Answer(403, "User not registered in the Developer Dashboard"))
            required = operation.required
            schema.check(
                "query", query, operation.query, tuple(n for n in required if n in operation.query)
            )
            schema.check(
                "body", body, operation.body, tuple(n for n in required if n in operation.body)
            )
            result = operation.do(_Call(query, body, found))
        except Refused as refusal:
            return refusal.answer
        return result if isinstance(result, Answer) else _sent(result)

    def _operation(self, method: str, path: str) -> tuple[_Operation, str]:
        known = False
        for operation in self._operations:
            match = re.fullmatch(operation.path, path)
            if match and operation.method == method:
                return operation, "".join(match.groups())
            known = known or bool(match)
        if _FORBIDDEN.fullmatch(path):
            raise refused(403, "Forbidden")
        raise refused(405, "Method not allowed") if known else refused(404, "Service not found")

    def _player_operations(self) -> tuple[_Operation, ...]:
        player = self._player
        state = "/me/player"
        device = {"device_id": schema.text}
        market = {"market": schema.text, "additional_types": schema.text}

        def put(name: str, do: Callable[[_Call], None], **fields: Check) -> _Operation:
            return _Operation(
                "PUT", f"{state}/{name}", do, _MODIFY, device | fields, required=tuple(fields)
            )

        return (
            _Operation("GET", state, lambda call: player.shown(), _READ, market),
            _Operation("GET", f"{state}/devices", lambda call: {"devices": player.listed()}, _READ),
            _Operation("GET", f"{state}/queue", lambda call: player.waiting(), _READ),
            _Operation(
                "PUT",
                state,
                lambda call: player.transfer(call.body["device_ids"][0], call.body.get("play")),
                _MODIFY,
                body={"device_ids": schema.one_device, "play": schema.truth},
                required=("device_ids",),
            ),
            _Operation(
                "PUT",
                f"{state}/play",
                lambda call: player.play(call.device_id, dict(call.body)),
                _MODIFY,
                device,
                {
                    "context_uri": schema.context_uri,
                    "uris": schema.track_uris,
                    "offset": schema.offset,
                    "position_ms": schema.natural,
                },
            ),
            put("pause", lambda call: player.pause(call.device_id)),
            put(
                "seek",
                lambda call: player.seek(call.device_id, int(call.query["position_ms"])),
                position_ms=schema.digits(0, 10**9),
            ),
            put(
                "volume",
                lambda call: player.set_volume(call.device_id, int(call.query["volume_percent"])),
                volume_percent=schema.digits(0, 100),
            ),
            put(
                "shuffle",
                lambda call: player.set_shuffle(call.device_id, call.query["state"] == "true"),
                state=schema.words("true", "false"),
            ),
            put(
                "repeat",
                lambda call: player.set_repeat(call.device_id, call.query["state"]),
                state=schema.words("track", "context", "off"),
            ),
            _Operation(
                "POST",
                f"{state}/next",
                lambda call: player.skip(call.device_id, 1),
                _MODIFY,
                device,
            ),
            _Operation(
                "POST",
                f"{state}/previous",
                lambda call: player.skip(call.device_id, -1),
                _MODIFY,
                device,
            ),
            _Operation(
                "POST",
                f"{state}/queue",
                lambda call: player.enqueue(call.device_id, call.query["uri"]),
                _MODIFY,
                device | {"uri": schema.track_uri},
                required=("uri",),
            ),
        )

    def _other_operations(self) -> tuple[_Operation, ...]:
        search = {
            "q": schema.text,
            "type": schema.text,
            "limit": schema.digits(0, 10),
            "offset": schema.digits(0, 1000),
            "market": schema.text,
        }
        playlist = {
            "name": schema.text,
            "public": schema.truth,
            "collaborative": schema.truth,
            "description": lambda value: isinstance(value, str),
        }
        write = ("playlist-modify-private", "playlist-modify-public")
        return (
            _Operation("GET", "/me", lambda call: {"id": USER_ID, "type": "user"}),
            _Operation("GET", "/search", self._search, query=search, required=("q", "type")),
            _Operation(
                "GET",
                "/me/playlists",
                lambda call: self._page([self._playlist(key) for key in self.playlists]),
                ("playlist-read-private",),
                {"limit": schema.digits(1, 50), "offset": schema.digits(0, 100_000)},
            ),
            _Operation(
                "POST",
                "/me/playlists",
                self._create_playlist,
                write,
                body=playlist,
                required=("name",),
            ),
            _Operation(
                "POST",
                r"/playlists/(\w+)/items",
                self._add_items,
                write,
                body={"uris": schema.track_uris, "position": schema.natural},
                required=("uris",),
            ),
            _Operation(
                "PUT",
                r"/playlists/(\w+)/items",
                self._replace_items,
                write,
                body={"uris": schema.track_uris},
                required=("uris",),
            ),
        )

    def _search(self, call: _Call) -> dict[str, Any]:
        return {f"{kind}s": self._page([]) for kind in call.query["type"].split(",")}

    def _create_playlist(self, call: _Call) -> Answer:
        key = f"{len(self.playlists):022}"
        self.playlists[key] = []
        self._names[key] = call.body["name"]
        return Answer(201, self._playlist(key))

    def _add_items(self, call: _Call) -> Answer:
        self._items_of(call.id).extend(call.body["uris"])
        return Answer(201, {"snapshot_id": str(len(self.playlists[call.id]))})

    def _replace_items(self, call: _Call) -> dict[str, Any]:
        self._items_of(call.id)[:] = call.body["uris"]
        return {"snapshot_id": str(len(self.playlists[call.id]))}

    def _items_of(self, key: str) -> list[str]:
        if key not in self.playlists:
            raise refused(404, "Resource not found")
        return self.playlists[key]

    def _playlist(self, key: str) -> dict[str, Any]:
        return {
            "id": key,
            "type": "playlist",
            "uri": f"spotify:playlist:{key}",
            "name": self._names[key],
            "owner": {"id": USER_ID, "type": "user"},
            "items": {"total": len(self.playlists[key])},
        }

    def _page(self, items: list[Any]) -> dict[str, Any]:
        return {"items": items, "total": len(items), "offset": 0, "next": None, "previous": None}


def _sent(result: Any) -> Answer:
    return Answer(204) if result is None else Answer(200, result)
