"""Files that a power cut cannot halve, and what is read from files that may be damaged."""

import glob
import json
import os
import tempfile
import time
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

MAX_DEPTH = 20
"""How deep lists and tables may lie in each other; Emotify's own files have four levels."""

_LEFTOVER_SECONDS = 3600.0
_MAX_INTEGER = 2**63


def parse_json(content: str | bytes) -> Any:
    """What a JSON text says.

    Raises
    ------
    ValueError
        When it is not JSON, nests deeper than :data:`MAX_DEPTH`, or holds a number that no
        ordinary one can be computed with (NaN, infinity, beyond 64 bits).
    """
    try:
        text = content if isinstance(content, str) else content.decode("utf-8")
        return _plain(json.loads(text, parse_float=_finite, parse_constant=_finite))
    except RecursionError:
        raise ValueError("it nests too deeply") from None


def parse_toml(text: str) -> dict[str, Any]:
    """What a TOML text says.

    Raises
    ------
    ValueError
        As :func:`parse_json` does, but infinity and NaN are let through.
    """
    try:
        return _plain(tomllib.loads(text))
    except RecursionError:
        raise ValueError("it nests too deeply") from None


def _finite(digits: str) -> float:
    number = float(digits)
    if not abs(number) < float("inf"):
        raise ValueError(f"{digits[:20]} is no ordinary number")
    return number


def _plain(value: Any, depth: int = 0) -> Any:
    if isinstance(value, int) and abs(value) >= _MAX_INTEGER:
        raise ValueError("it holds a number beyond 64 bits")
    if isinstance(value, list | dict):
        if depth == MAX_DEPTH:
            raise ValueError("it nests too deeply")
        for part in value.values() if isinstance(value, dict) else value:
            _plain(part, depth + 1)
    return value


def may_exist(path: Path) -> bool:
    """Whether there is such a file; one that this user must not look at counts as there."""
    try:
        return path.exists()
    except OSError:
        return True


def replace(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Put ``content`` into the place of what the file held; afterwards it is old or new, whole.

    Parameters
    ----------
    path : Path
        Its folder is made if need be, for its owner alone.
    content : bytes
    mode : int
        Who may read the file; nobody else can at any moment.

    Raises
    ------
    OSError
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _remove_leftovers(path)
    # mkstemp creates the file with mode 0600.
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
    sync_folder(path.parent)


def _remove_leftovers(path: Path) -> None:
    """Remove what a power cut left half written, which nobody else is writing any more."""
    for leftover in path.parent.glob(f".{glob.escape(path.name)}.*"):
        with suppress(OSError):
            if time.time() - leftover.stat().st_mtime > _LEFTOVER_SECONDS:
                leftover.unlink()


def sync_folder(folder: Path) -> None:
    """Let renamed and removed files survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
