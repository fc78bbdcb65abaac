"""Where the login is kept: one small JSON file that only its owner can read."""

import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from spotipy.cache_handler import CacheHandler

from device.errors import AccountError

_KEPT = ("refresh_token", "scope")
_TEXTS = ("access_token", *_KEPT)


class TokenFile(CacheHandler):
    """Keeps Spotify's token, as spotipy asks for it.

    The file is readable by its owner alone from the moment it exists, and is replaced as a whole:
    a power cut leaves the previous token or the new one, never a half. ``logged_in_at`` (seconds
    since 1970) stands beside the token, because a login ends six months after it.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path):
        self._path = path

    def get_cached_token(self) -> dict[str, Any] | None:
        """The token, or None when nobody has logged in.

        Raises
        ------
        AccountError
            When the file cannot be read, or holds no whole token.
        """
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise AccountError(
                f"The login in {self._path} cannot be read ({error.strerror}): let the user that "
                "runs Emotify read the file."
            ) from None
        token = _parsed(content)
        if token is None:
            raise AccountError(f"The login in {self._path} is damaged: run `emotify login` again.")
        return token

    def save_token_to_cache(self, token_info: dict[str, Any]) -> None:
        """Store a refreshed token; the answer to a refresh may leave out what stays as it was."""
        stored = self.get_cached_token() or {}
        kept = {key: token_info.get(key) or stored.get(key) for key in _KEPT}
        self._store(stored | token_info | kept)

    def save_login(self, token_info: dict[str, Any]) -> None:
        """Store the token of a new login in the place of any other."""
        self._store(token_info | {"logged_in_at": int(time.time())})

    def _store(self, token: dict[str, Any]) -> None:
        if not _is_whole(token):
            raise ValueError("no whole token")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _replace(self._path, json.dumps(token).encode())
        except OSError as error:
            raise AccountError(
                f"The login cannot be stored in {self._path} ({error.strerror}): make room there, "
                "or let the user that runs Emotify write to the folder."
            ) from None


def _parsed(content: bytes) -> dict[str, Any] | None:
    try:
        token = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return token if _is_whole(token) else None


def _is_whole(token: object) -> bool:
    return (
        isinstance(token, dict)
        and all(_is_plain_text(token.get(key)) for key in _TEXTS)
        and isinstance(token.get("expires_at"), int)
    )


def _is_plain_text(value: object) -> bool:
    return isinstance(value, str) and bool(value) and value.isascii() and value.isprintable()


def _replace(path: Path, content: bytes) -> None:
    # mkstemp creates the file with mode 0600.
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
