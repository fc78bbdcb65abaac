"""The format of requests, which the stand-in checks strictly."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from device.simulation.spotify.answer import refused

MAX_URIS = 100

Check = Callable[[Any], bool]
"""Returns whether a value is valid."""


def text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def truth(value: Any) -> bool:
    return isinstance(value, bool)


def track_uri(value: Any) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"spotify:track:[0-9A-Za-z]{22}", value))


def track_uris(value: Any) -> bool:
    return isinstance(value, list) and 0 < len(value) <= MAX_URIS and all(map(track_uri, value))


def context_uri(value: Any) -> bool:
    pattern = r"spotify:(album|artist|playlist):[0-9A-Za-z]{22}"
    return isinstance(value, str) and bool(re.fullmatch(pattern, value))


def one_device(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 1 and text(value[0])


def offset(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"position"} and natural(value["position"])


def natural(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def digits(least: int, most: int) -> Check:
    """A whole number in a query."""
    return lambda value: value.isdecimal() and least <= int(value) <= most


def words(*choices: str) -> Check:
    """One of several words."""
    return lambda value: value in choices


def check(what: str, given: Any, known: Mapping[str, Check], required: Iterable[str]) -> None:
    """Refuse a query or a body with a field that is unknown, missing or wrong."""
    if not isinstance(given, dict):
        raise refused(400, f"Malformed {what}")
    for name in required:
        if name not in given:
            raise refused(400, f"Missing required field: {name}")
    for name, value in given.items():
        if name not in known:
            raise refused(400, f"Unknown field in {what}: {name}")
        if not known[name](value):
            raise refused(400, f"Invalid {what} field: {name}")
