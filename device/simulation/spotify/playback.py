"""The operations below ``/me/player``."""

from collections.abc import Callable

from device.simulation.spotify import schema
from device.simulation.spotify.operation import Call, Operation
from device.simulation.spotify.player import SimulatedPlayer
from device.simulation.spotify.schema import Check

_READ = ("user-read-playback-state",)
_MODIFY = ("user-modify-playback-state",)
_DEVICE = {"device_id": schema.text}
_STATE = "/me/player"


def operations(player: SimulatedPlayer) -> list[Operation]:
    """The operations on ``player``."""
    return [*_queries(player), *_starting(player), *_commands(player)]


def _queries(player: SimulatedPlayer) -> list[Operation]:
    market = {"market": schema.text, "additional_types": schema.text}
    return [
        Operation("GET", _STATE, lambda call: player.shown(), _READ, market),
        Operation("GET", f"{_STATE}/devices", lambda call: {"devices": player.listed()}, _READ),
        Operation("GET", f"{_STATE}/queue", lambda call: player.queue(), _READ),
    ]


def _starting(player: SimulatedPlayer) -> list[Operation]:
    return [
        Operation(
            "PUT",
            _STATE,
            lambda call: player.transfer(call.body["device_ids"][0], call.body.get("play", False)),
            _MODIFY,
            body={"device_ids": schema.one_device, "play": schema.truth},
            required=("device_ids",),
        ),
        Operation(
            "PUT",
            f"{_STATE}/play",
            lambda call: player.play(call.device_id, call.body),
            _MODIFY,
            _DEVICE,
            body={
                "context_uri": schema.context_uri,
                "uris": schema.track_uris,
                "offset": schema.offset,
                "position_ms": schema.natural,
            },
        ),
    ]


def _commands(player: SimulatedPlayer) -> list[Operation]:
    return [
        _command("PUT", "pause", lambda call: player.pause(call.device_id)),
        _command("POST", "next", lambda call: player.skip(call.device_id, 1)),
        _command("POST", "previous", lambda call: player.skip(call.device_id, -1)),
        _command(
            "PUT",
            "seek",
            lambda call: player.seek(call.device_id, int(call.query["position_ms"])),
            position_ms=schema.digits(0, 10**9),
        ),
        _command(
            "PUT",
            "volume",
            lambda call: player.set_volume(call.device_id, int(call.query["volume_percent"])),
            volume_percent=schema.digits(0, 100),
        ),
        _command(
            "PUT",
            "shuffle",
            lambda call: player.set_shuffle(call.device_id, call.query["state"] == "true"),
            state=schema.words("true", "false"),
        ),
        _command(
            "PUT",
            "repeat",
            lambda call: player.set_repeat(call.device_id, call.query["state"]),
            state=schema.words("track", "context", "off"),
        ),
        _command(
            "POST",
            "queue",
            lambda call: player.enqueue(call.device_id, call.query["uri"]),
            uri=schema.track_uri,
        ),
    ]


def _command(method: str, name: str, do: Callable[[Call], None], **fields: Check) -> Operation:
    path = f"{_STATE}/{name}"
    return Operation(method, path, do, _MODIFY, _DEVICE | fields, required=tuple(fields))
