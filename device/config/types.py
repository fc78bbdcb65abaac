"""The types of the configuration's keys: which values are valid, and how they are printed."""

import json
import re
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

_LINK = re.compile(
    r"(?:spotify:|https://open\.spotify\.com/(?:intl-[a-z-]+/)?)(playlist|album)[:/]"
    r"([0-9A-Za-z]{22})(?:\?.*)?"
)


class KeyType(Protocol):
    """The type of a key: ``check`` returns the remedy for a wrong value, or None for a good one."""

    def check(self, value: Any) -> str | None: ...

    def __str__(self) -> str: ...


@dataclass(frozen=True)
class Number:
    """A number in a range, in a unit."""

    least: float
    most: float
    unit: str = ""

    def check(self, value: Any) -> str | None:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return None if number and self.least <= value <= self.most else f"take {self}"

    def __str__(self) -> str:
        return f"a number from {self.least:g} to {self.most:g} {self.unit}".rstrip()


@dataclass(frozen=True)
class Pin:
    """A GPIO pin in Broadcom numbering, as ``pinout`` prints it."""

    def check(self, value: Any) -> str | None:
        good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 27
        return None if good else f"take {self}"

    def __str__(self) -> str:
        return "a BCM pin number from 0 to 27"


@dataclass(frozen=True)
class Text:
    """Any text."""

    what: str

    def check(self, value: Any) -> str | None:
        return None if isinstance(value, str) else f"take {self} in quotes"

    def __str__(self) -> str:
        return self.what


@dataclass(frozen=True)
class Words:
    """Some of several words, separated by commas; empty for all."""

    words: tuple[str, ...]

    def check(self, value: Any) -> str | None:
        good = isinstance(value, str) and set(split(value)) <= set(self.words)
        return None if good else f"take {self}"

    def __str__(self) -> str:
        return f"some of {', '.join(self.words)}, separated by commas"


def split(words: str) -> tuple[str, ...]:
    """Words that are separated by commas."""
    return tuple(word.strip() for word in words.split(",") if word.strip())


@dataclass(frozen=True)
class Secret(Text):
    """A text that is never printed whole."""


@dataclass(frozen=True)
class Choice:
    """One of several words."""

    words: tuple[str, ...]

    def check(self, value: Any) -> str | None:
        return None if value in self.words else f"take {self}"

    def __str__(self) -> str:
        return " or ".join(f'"{word}"' for word in self.words)


@dataclass(frozen=True)
class Switch:
    """On or off."""

    def check(self, value: Any) -> str | None:
        return None if isinstance(value, bool) else f"take {self}"

    def __str__(self) -> str:
        return "true or false"


@dataclass(frozen=True)
class Address:
    """The base address of a web service."""

    def check(self, value: Any) -> str | None:
        return None if isinstance(value, str) and _is_web(value) else f"take {self}"

    def __str__(self) -> str:
        return "an http:// or https:// address"


@dataclass(frozen=True)
class LoopbackAddress(Address):
    """A loopback address; Spotify allows plain http for no other redirect address."""

    def check(self, value: Any) -> str | None:
        return None if isinstance(value, str) and _is_loopback(value) else f"take {self}"

    def __str__(self) -> str:
        return "an address that begins with http://127.0.0.1, with a port up to 65535"


@dataclass(frozen=True)
class Link:
    """A playlist or an album on Spotify, as its app shares it."""

    def check(self, value: Any) -> str | None:
        good = value == "" or (isinstance(value, str) and context_uri(value))
        return None if good else f"take {self}"

    def __str__(self) -> str:
        return "a link to a Spotify playlist or album"


def context_uri(link: str) -> str | None:
    """``spotify:playlist:...`` or ``spotify:album:...`` for a link; None for any other text."""
    match = _LINK.fullmatch(link.strip())
    return match and f"spotify:{match[1]}:{match[2]}"


def setting(default: Any, key_type: KeyType, meaning: str) -> Any:
    """A dataclass field for a key of the configuration."""
    return field(default=default, metadata={"type": key_type, "meaning": meaning})


def to_toml(key_type: KeyType, value: Any) -> str:
    """A value as TOML; a secret is cut short, a password in an address is left out."""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return repr(value)
    if isinstance(key_type, Secret) and value:
        value = value[:4] + "…"
    if isinstance(key_type, Address):
        value = re.sub(r"//[^/@]*@", "//…@", value)
    # A JSON string is a TOML string, except for one control character that JSON does not escape.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _is_web(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _is_loopback(value: str) -> bool:
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return False
    here = parts.hostname in ("127.0.0.1", "::1") and "@" not in parts.netloc
    return parts.scheme == "http" and here and port != 0
