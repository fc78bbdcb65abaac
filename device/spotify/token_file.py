"""The token file: the login in a small JSON file that only its owner can read.

It is written by own code because spotipy's cache file is readable by others for a moment, and a
power cut can truncate it.
"""

import errno
import fcntl
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from device import files
from device.clock import Clock
from device.errors import AccountError

NOBODY = "Nobody is logged in: run `emotify login`."
ENDED = "The login has ended: run `emotify login` again."

_KEPT = ("refresh_token", "scope")
_TEXTS = ("access_token", *_KEPT)

_log = logging.getLogger(__name__)


class TokenFile:
    """Stores Spotify's token.

    The file is readable by its owner alone from the moment it exists, and is replaced as a whole:
    a power cut leaves the previous token or the new one. If the SD card loses a written file, the
    previous one is in ``NAME.previous``. A login that Spotify has ended is renamed to
    ``NAME.ended``. ``logged_in_at`` (seconds since 1970) is stored with the token, because a login
    ends after six months. What cannot be written, on a full or read-only disk, is kept until the
    process ends, so that the music goes on.

    Parameters
    ----------
    path : Path
    clock : Clock
    """

    def __init__(self, path: Path, clock: Clock):
        self._path = path
        self._previous = path.with_name(f"{path.name}.previous")
        self._ended = path.with_name(f"{path.name}.ended")
        self._clock = clock
        self._warned = False
        self._unsaved: tuple[str, dict[str, Any]] | None = None
        self._ended_here: str | None = None

    def read(self) -> dict[str, Any] | None:
        """The token, or None when nobody has logged in.

        Raises
        ------
        AccountError
            When the login has ended, or the file cannot be read or holds no complete token.
        """
        content = self._read(self._path)
        if content is None:
            if files.may_exist(self._ended):
                raise AccountError(ENDED)
            return None
        token = _parsed(content)
        if token is None:
            token = _parsed(self._read(self._previous) or b"")
            if token is None:
                raise AccountError(
                    f"The login in {self._path} is damaged: run `emotify login` again."
                )
            if not self._warned:
                self._warned = True
                _log.warning("The login in %s is damaged; the one before it is used.", self._path)
        if token["refresh_token"] == self._ended_here:
            raise AccountError(ENDED)
        if self._unsaved and self._unsaved[0] == token["refresh_token"]:
            return dict(self._unsaved[1])
        return token

    def save_refreshed(self, token_info: dict[str, Any], refreshed: str) -> str:
        """Store the result of refreshing ``refreshed``, unless there has been a new login since.

        The answer to a refresh may omit what has not changed.

        Returns
        -------
        str
            The access token that is valid now.
        """
        with self._locked():
            token = self.read()
            if token is None:
                raise AccountError(NOBODY)
            if token["refresh_token"] == refreshed:
                kept = {key: token_info.get(key) or token[key] for key in _KEPT}
                token |= token_info | kept
                self._store_or_keep(refreshed, token)
        return token["access_token"]

    def _store_or_keep(self, refreshed: str, token: dict[str, Any]) -> None:
        in_file = self._unsaved[0] if self._unsaved else refreshed
        try:
            self._store(token)
        except AccountError as error:
            if not self._unsaved:
                _log.warning("%s Until then the music goes on.", error)
            self._unsaved = in_file, token
        else:
            self._unsaved = None

    def save_login(self, token_info: dict[str, Any]) -> None:
        """Store the token of a new login, and replace any other."""
        with self._locked():
            self._store(token_info | {"logged_in_at": int(self._clock.time())})
            self._ended.unlink(missing_ok=True)

    def put_aside(self, refresh_token: str) -> None:
        """Rename a login that Spotify has ended, so that it is not tried again."""
        with self._locked():
            token = self.read()
            if token and token["refresh_token"] == refresh_token:
                try:
                    os.replace(self._path, self._ended)
                    self._previous.unlink(missing_ok=True)
                    files.sync_folder(self._path.parent)
                except OSError:
                    # It stays in place, and is not tried again until the next start.
                    stored = _parsed(self._path.read_bytes())
                    self._ended_here = stored["refresh_token"] if stored else refresh_token

    def check_writable(self) -> None:
        """Check that a login can be stored, before a person starts it.

        Raises
        ------
        AccountError
            When it cannot.
        """
        with self._locked():
            if not os.access(self._path.parent, os.W_OK):
                raise self._unwritable(PermissionError(errno.EACCES, "Permission denied"))

    def forget(self) -> bool:
        """Delete the login and older ones; returns whether there was any."""
        remains = [
            path for path in (self._path, self._previous, self._ended) if files.may_exist(path)
        ]
        try:
            for path in remains:
                path.unlink()
        except OSError as error:
            raise AccountError(
                f"The login in {self._path} cannot be removed ({error.strerror}): run this as the "
                "user that runs Emotify."
            ) from None
        return bool(remains)

    def _read(self, path: Path) -> bytes | None:
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise AccountError(
                f"The login in {path} cannot be read ({error.strerror}): run this as the user "
                "that runs Emotify (with sudo, where it is a service)."
            ) from None

    def _store(self, token: dict[str, Any]) -> None:
        if not _is_complete(token):
            raise ValueError("no complete token")
        try:
            if files.may_exist(self._path) and _parsed(before := self._path.read_bytes()):
                files.replace(self._previous, before)
            files.replace(self._path, json.dumps(token).encode())
        except OSError as error:
            raise self._unwritable(error) from None

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Lock the login against other processes. Nothing slow may happen in this context."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder = os.open(self._path.parent, os.O_RDONLY)
        except OSError as error:
            raise self._unwritable(error) from None
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    def _unwritable(self, error: OSError) -> AccountError:
        return AccountError(
            f"The login cannot be stored in {self._path} ({error.strerror}): make room there, "
            "or run this as the user that runs Emotify (with sudo, where it is a service)."
        )


def _parsed(content: bytes) -> dict[str, Any] | None:
    try:
        token = files.parse_json(content)
    except ValueError:
        return None
    return token if _is_complete(token) else None


def _is_complete(token: object) -> bool:
    return (
        isinstance(token, dict)
        and all(_is_plain_text(token.get(key)) for key in _TEXTS)
        and isinstance(token.get("expires_at"), int)
    )


def _is_plain_text(value: object) -> bool:
    return isinstance(value, str) and bool(value) and value.isascii() and value.isprintable()
