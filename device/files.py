"""Writing files that survive a power cut, and parsing files that may be damaged."""

import json
import os
import tempfile
import time
import tomllib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

MAX_DEPTH = 20
"""The maximum nesting of lists and tables; Emotify's own files have four levels."""

_LEFTOVER_SECONDS = 3600.0
_MAX_INTEGER = 2**63


def parse_json(content: str | bytes) -> Any:
    """Parse a JSON text.

    Raises
    ------
    ValueError
        When it is not JSON, is nested deeper than :data:`MAX_DEPTH`, or contains NaN, infinity or
        an integer beyond 64 bits.
    """
    try:
        text = content if isinstance(content, str) else content.decode("utf-8")
        return _plain(json.loads(text, parse_float=_finite, parse_constant=_finite))
    except RecursionError:
        raise ValueError("it nests too deeply") from None


def parse_toml(text: str) -> dict[str, Any]:
    """Parse a TOML text.

    Raises
    ------
    ValueError
        As :func:`parse_json`, but infinity and NaN are allowed.
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
            # Texts and fractions are good, and a file has many thousands of them.
            if type(part) is not str and type(part) is not float:
                _plain(part, depth + 1)
    return value


def may_exist(path: Path) -> bool:
    """Whether a file exists; a file that this user may not see counts as existing."""
    try:
        return path.exists()
    except OSError:
        return True


def version(path: Path) -> tuple[int, int, int]:
    """What differs when a file is another one: its size in bytes, its inode and its time.

    Raises
    ------
    OSError
    """
    found = path.stat()
    return found.st_size, found.st_ino, found.st_mtime_ns


class Watch:
    """Tells whether any of some files is another one, is gone, or has come."""

    def __init__(self, paths: Sequence[Path]):
        self._paths = paths
        self._versions = self._found()

    def has_changed(self) -> bool:
        """Whether one has changed since the last call, or since the beginning."""
        before, self._versions = self._versions, self._found()
        return self._versions != before

    def _found(self) -> list[tuple[int, int, int] | None]:
        found: list[tuple[int, int, int] | None] = []
        for path in self._paths:
            try:
                found.append(version(path))
            except OSError:
                found.append(None)
        return found


def replace(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Replace a file atomically: it has the old content or the new one.

    What root writes belongs to the owner of the folder.

    Parameters
    ----------
    path : Path
        Its folder is created if necessary, readable by the owner only.
    content : bytes
    mode : int
        Permissions of the file, from the start.

    Raises
    ------
    OSError
    """
    folder, prefix = path.parent, f".{path.name}."
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _remove_leftovers(folder, prefix)
    # mkstemp creates the file with mode 0600.
    handle, name = tempfile.mkstemp(prefix=prefix, dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            if os.geteuid() == 0:
                owner = folder.stat()
                os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
    sync_folder(folder)


def _remove_leftovers(folder: Path, prefix: str) -> None:
    """Delete unfinished files from before a power cut, whose names begin with a prefix."""
    with suppress(OSError), os.scandir(folder) as found:
        for file in found:
            if file.name.startswith(prefix):
                with suppress(OSError):
                    if time.time() - file.stat().st_mtime > _LEFTOVER_SECONDS:
                        os.unlink(file)


def sync_folder(folder: Path) -> None:
    """Make renamed and deleted files survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
