"""The history: which tracks were played, so that they do not come again too soon."""

import json
import logging
from collections.abc import Iterable
from pathlib import Path

from device import files

_log = logging.getLogger(__name__)

MAX_TRACKS = 1_000
"""About forty playlists."""


class History:
    """Keeps the URIs of tracks in a file of the state folder, the latest at the end.

    A file that is lost or damaged is an empty history: the music must not stop for it.

    Parameters
    ----------
    file : Path
    """

    def __init__(self, file: Path):
        self._file = file

    def uris(self) -> list[str]:
        """The tracks that were played, the latest at the end."""
        try:
            found = files.parse_json(self._file.read_bytes())
        except (OSError, ValueError):
            return []
        return [uri for uri in found if isinstance(uri, str)] if isinstance(found, list) else []

    def add(self, uris: Iterable[str]) -> None:
        """Add tracks, and drop the oldest ones."""
        new = list(uris)
        kept = [uri for uri in self.uris() if uri not in set(new)]
        try:
            files.replace(
                self._file, json.dumps((kept + new)[-MAX_TRACKS:], separators=(",", ":")).encode()
            )
        except OSError as error:
            _log.warning(
                "%s: cannot be written (%s); the same music may come again soon.",
                self._file,
                error.strerror,
            )
