"""What was played lately: a short memory, so that music does not come again too soon."""

import json
import logging
from collections.abc import Iterable
from pathlib import Path

from device import files

_log = logging.getLogger(__name__)

MOST_TRACKS = 300
"""About twelve playlists."""


class Lately:
    """Remembers tracks in a file of the state folder, the last one last.

    A memory that is lost or damaged is an empty one: the music must not stop for it.

    Parameters
    ----------
    file : Path
    """

    def __init__(self, file: Path):
        self._file = file

    def uris(self) -> list[str]:
        """The tracks that were played lately."""
        try:
            found = files.parse_json(self._file.read_bytes())
        except (OSError, ValueError):
            return []
        return [uri for uri in found if isinstance(uri, str)] if isinstance(found, list) else []

    def remember(self, uris: Iterable[str]) -> None:
        """Add tracks, and forget those that were played longest ago."""
        new = list(uris)
        kept = [uri for uri in self.uris() if uri not in set(new)]
        try:
            files.replace(self._file, json.dumps((kept + new)[-MOST_TRACKS:]).encode())
        except OSError as error:
            _log.warning(
                "%s: cannot be written (%s); the same music may come again soon.",
                self._file,
                error.strerror,
            )
