"""A report for somebody who is to find a mistake: figures and versions, and nothing personal."""

import json
import os
import platform
import pwd
import re
import socket
import subprocess
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import fields
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from device import files
from device.config.config import Config
from device.config.types import Address, Link, Secret, Text
from device.doctor.finding import Finding
from device.spotify.account import MEMORY_FILE

JOURNAL_LINES = 200

HIDDEN = "…"

_PERSONAL_TYPES = (Address, Link, Secret, Text)
_HIDDEN_PATTERNS = (
    # Names that messages quote, and those of speakers that they list.
    r'(?<=")[^"\n]+(?=")',
    r"(?<=Playing on )[^:\n]+(?=:)",
    r"(?<=Spotify lists )[^.\n]+",
    r"(?<=it lists )[^.\n]+",
    r"(?<=First: )[^\n]+",
    # Folders of a person, e-mail, and addresses of the web, of networks and of cards.
    r"(?<=/home/)[^/\s]+",
    r"[\w.+-]+@[\w-]+\.[\w.-]+",
    r"(?<=https://)\S+|(?<=http://)\S+",
    r"\b\d{1,3}(?:\.\d{1,3}){3}\b",
    r"\b(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}\b",
    r"\b(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F]{1,4}\b",
    # Tokens and identifiers.
    r"\b(?=[\w-]*\d)[\w-]{22,}\b",
)


class Redaction:
    """Hides what is personal in a text.

    Parameters
    ----------
    settings : Config
        Its texts are hidden wherever they stand.
    state : Path
        The state folder, whose files know the names of speakers.
    """

    def __init__(self, settings: Config, state: Path):
        words = {socket.gethostname(), *_texts_of(settings), *_speakers(state), *_people()}
        # Of a word that is part of another one the longer one comes first.
        known = sorted((word for word in words if len(word) > 1), key=len, reverse=True)
        parts = [rf"\b{re.escape(word)}\b" for word in known]
        self._patterns = [re.compile(part) for part in (*parts, *_HIDDEN_PATTERNS)]

    def applied(self, text: str) -> str:
        """The text without anything personal."""
        for pattern in self._patterns:
            text = pattern.sub(HIDDEN, text)
        return text


def report(
    findings: Iterable[Finding], settings: Config, journal: Sequence[str], redaction: Redaction
) -> str:
    """The report, without anything personal."""
    found = [f"{each.verdict:12} {each.name:14} {each.says}" for each in findings]
    sections = {
        "machine": _machine(),
        "packages": _packages(),
        "configuration, where it is not the default": _configured(settings),
        "what the doctor finds": [redaction.applied(line) for line in found],
        "journal": [redaction.applied(line) for line in journal],
    }
    return "\n".join(
        line for title, lines in sections.items() for line in (f"== {title}", *lines, "")
    )


def journal_lines() -> list[str]:
    """The latest lines of the daemon's journal, with their fields; root and its group may read."""
    try:
        answer = subprocess.run(
            [
                "journalctl",
                "--unit=emotify",
                f"--lines={JOURNAL_LINES}",
                "--output=json",
                "--quiet",
            ],
            capture_output=True,
            text=True,
            timeout=20.0,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ["It cannot be read: run this with sudo."]
    return [line for entry in answer.stdout.splitlines() if (line := _journal_line(entry))]


def _journal_line(entry: str) -> str | None:
    with suppress(ValueError, TypeError, AttributeError):
        found = files.parse_json(entry)
        seconds = int(found["__REALTIME_TIMESTAMP"]) // 1_000_000
        figures = {
            key.removeprefix("EMOTIFY_").lower(): value
            for key, value in sorted(found.items())
            if key.startswith("EMOTIFY_")
        }
        return (
            f"{seconds} <{found.get('PRIORITY', '')}> {found['MESSAGE']} {figures or ''}".rstrip()
        )
    return None


def _machine() -> list[str]:
    model = Path("/proc/device-tree/model")
    system = platform.freedesktop_os_release().get("PRETTY_NAME", "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return [
        f"board: {model.read_text().rstrip(chr(0)) if model.exists() else 'no Raspberry Pi'}",
        f"system: {system}, kernel {platform.release()}, {platform.machine()}",
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {memory / 1e6:.0f} MB",
    ]


def _packages() -> list[str]:
    found = {f"{each.metadata['Name']} {each.version}" for each in distributions()}
    return sorted(found, key=str.lower)


def _configured(settings: Config) -> list[str]:
    default = Config()
    lines = []
    for section in fields(Config):
        values, defaults = getattr(settings, section.name), getattr(default, section.name)
        for key in fields(values):
            value = getattr(values, key.name)
            if value != getattr(defaults, key.name):
                is_personal = isinstance(key.metadata["type"], _PERSONAL_TYPES)
                shown = HIDDEN if is_personal else json.dumps(value)
                lines.append(f"[{section.name}] {key.name} = {shown}")
    return lines


def _texts_of(settings: Config) -> Iterable[str]:
    for section in fields(settings):
        values = getattr(settings, section.name)
        for key in fields(values):
            value: Any = getattr(values, key.name)
            if isinstance(key.metadata["type"], Text) and isinstance(value, str):
                yield value


def _speakers(state: Path) -> Iterable[str]:
    with suppress(OSError, ValueError, TypeError, AttributeError):
        known = files.parse_json((state / MEMORY_FILE).read_bytes())
        for asked, found in known.get("speakers", {}).items():
            yield asked
            yield from found
        yield known["music"]["name"]


def _people() -> Iterable[str]:
    """The names of this machine's people."""
    for user in pwd.getpwall():
        if 1000 <= user.pw_uid < 60_000:
            yield user.pw_name
            yield from (part for part in user.pw_gecos.split(",") if part)
