"""The operations on the person, their playlists and the search."""

from typing import Any

from device.simulation.spotify import schema
from device.simulation.spotify.answer import Answer, refused
from device.simulation.spotify.operation import Call, Operation

USER_ID = "standin"

_READ = ("playlist-read-private",)
_WRITE = ("playlist-modify-private", "playlist-modify-public")
_PLAYLIST = {
    "name": schema.text,
    "public": schema.truth,
    "collaborative": schema.truth,
    "description": lambda value: isinstance(value, str),
}
_SEARCH = {
    "q": schema.text,
    "type": schema.text,
    "limit": schema.digits(0, 10),
    "offset": schema.digits(0, 1000),
    "market": schema.text,
}
_PAGE = {"limit": schema.digits(1, 50), "offset": schema.digits(0, 100_000)}


class SimulatedLibrary:
    """The playlists of the account.

    Attributes
    ----------
    playlists : dict of str to list of str
        URIs of the tracks of each playlist, by the playlist's id.
    """

    def __init__(self) -> None:
        self.playlists: dict[str, list[str]] = {}
        self._names: dict[str, str] = {}

    def operations(self) -> list[Operation]:
        """The operations on it."""
        items = r"/playlists/(\w+)/items"
        uris = {"uris": schema.track_uris}
        return [
            Operation("GET", "/me", lambda call: {"id": USER_ID, "type": "user"}),
            Operation("GET", "/search", _search, query=_SEARCH, required=("q", "type")),
            Operation("GET", "/me/playlists", self._list, _READ, _PAGE),
            Operation(
                "POST", "/me/playlists", self._create, _WRITE, body=_PLAYLIST, required=("name",)
            ),
            Operation("POST", items, self._add, _WRITE, body=uris, required=("uris",)),
            Operation("PUT", items, self._replace, _WRITE, body=uris, required=("uris",)),
        ]

    def _list(self, call: Call) -> dict[str, Any]:
        return _page([self._playlist(key) for key in self.playlists])

    def _create(self, call: Call) -> Answer:
        key = f"{len(self.playlists):022}"
        self.playlists[key] = []
        self._names[key] = call.body["name"]
        return Answer(201, self._playlist(key))

    def _add(self, call: Call) -> Answer:
        self._items(call).extend(call.body["uris"])
        return Answer(201, {"snapshot_id": call.id})

    def _replace(self, call: Call) -> dict[str, Any]:
        self._items(call)[:] = call.body["uris"]
        return {"snapshot_id": call.id}

    def _items(self, call: Call) -> list[str]:
        if call.id not in self.playlists:
            raise refused(404, "Resource not found")
        return self.playlists[call.id]

    def _playlist(self, key: str) -> dict[str, Any]:
        return {
            "id": key,
            "type": "playlist",
            "uri": f"spotify:playlist:{key}",
            "name": self._names[key],
            "owner": {"id": USER_ID, "type": "user"},
            "items": _page([]) | {"total": len(self.playlists[key])},
        }


def _search(call: Call) -> dict[str, Any]:
    return {f"{kind}s": _page([]) for kind in call.query["type"].split(",")}


def _page(items: list[Any]) -> dict[str, Any]:
    page = {"items": items, "total": len(items), "limit": 50, "offset": 0}
    return page | {"href": "https://api.spotify.com/v1/stand-in", "next": None, "previous": None}
