"""Spotify's rate limit, the speakers, a lowered volume and the started music, in a file."""

import json
import logging
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from device import files
from device.clock import Clock

LONGEST_LIMIT_SECONDS = 24 * 3600
"""A longer limit in the file is invalid."""

_SECTIONS = ("limit", "speakers", "lowered", "music")

_log = logging.getLogger(__name__)


class Memory:
    """A small file in the state folder, which nothing depends on.

    What cannot be written is kept until the process ends.

    Parameters
    ----------
    path : Path
    clock : Clock
    """

    def __init__(self, path: Path, clock: Clock):
        self._path = path
        self._clock = clock
        self._unsaved: dict[str, dict[str, Any]] = {}

    @property
    def limit_seconds(self) -> float:
        """Seconds until Spotify accepts requests again; 0 without a limit."""
        limit = self._section("limit")
        now = self._clock.time()
        since, until = limit.get("since"), limit.get("not_before")
        if not (isinstance(since, int | float) and isinstance(until, int | float)):
            return 0.0
        # A clock before the time of the limit is wrong: then the limit is ignored.
        is_valid = since <= now < until and until - since <= LONGEST_LIMIT_SECONDS
        return until - now if is_valid else 0.0

    def keep_limit(self, seconds: float) -> None:
        """Store a rate limit of so many seconds."""
        now = self._clock.time()
        self._keep("limit", {"since": now, "not_before": now + seconds})

    def speaker(self, name: str) -> tuple[str, str] | None:
        """Id and name of the speaker that was last used for ``name``."""
        found = self._section("speakers").get(name)
        if isinstance(found, list) and [type(part) for part in found] == [str, str]:
            return found[0], found[1]
        return None

    def keep_speaker(self, name: str, speaker_id: str | None, speaker_name: str) -> None:
        """Store the speaker that is used for ``name``."""
        if speaker_id and self.speaker(name) != (speaker_id, speaker_name):
            known = self._section("speakers")
            self._keep("speakers", known | {name: [speaker_id, speaker_name]})

    def own_volume(self, speaker_id: str | None, volume: int) -> int:
        """The volume that the person has set on a speaker that now has ``volume``."""
        lowered = self._section("lowered")
        own, levels = lowered.get("own"), lowered.get("levels")
        ours = lowered.get("speaker") == speaker_id and isinstance(levels, list)
        if ours and isinstance(own, int) and 0 <= own <= 100 and volume in (levels or []):
            return own
        return volume

    def keep_lowered(self, speaker_id: str | None, own: int, levels: list[int]) -> bool:
        """Store the person's volume before it is lowered, in case of a power cut.

        Returns whether it was written: without it, the lowered volume would later count as the
        person's.
        """
        return self._keep("lowered", {"speaker": speaker_id, "own": own, "levels": levels})

    def volume_restored(self) -> None:
        """Delete the stored volume when it is restored."""
        self._keep("lowered", {})

    def music(self) -> tuple[str | None, str, list[tuple[str, str]], str | None] | None:
        """The started music: speaker's id and name, tracks (URI, title), context."""
        found = self._section("music")
        speaker_id, name, context = (found.get(key) for key in ("speaker", "name", "context"))
        tracks = found.get("tracks")
        if not isinstance(name, str) or not isinstance(tracks, list):
            return None
        pairs = [(t[0], t[1]) for t in tracks
                 if isinstance(t, list) and [type(part) for part in t] == [str, str]]  # fmt: skip
        return (
            speaker_id if isinstance(speaker_id, str) else None,
            name,
            pairs,
            context if isinstance(context, str) else None,
        )

    def keep_music(
        self,
        speaker_id: str | None,
        name: str,
        tracks: Sequence[tuple[str, str]],
        context_uri: str | None,
    ) -> None:
        """Store the music before it is started, in case of a restart."""
        music = {"speaker": speaker_id, "name": name, "tracks": tracks, "context": context_uri}
        self._keep("music", music)

    def forget_music(self) -> None:
        """Delete the started music when it does not play any more."""
        self._keep("music", {})

    def _section(self, name: str) -> dict[str, Any]:
        if name in self._unsaved:
            return self._unsaved[name]
        with suppress(OSError, ValueError):
            remembered = files.parse_json(self._path.read_bytes())
            if isinstance(remembered, dict) and isinstance(remembered.get(name), dict):
                return remembered[name]
        return {}

    def _keep(self, name: str, section: dict[str, Any]) -> bool:
        sections = {other: self._section(other) for other in _SECTIONS} | {name: section}
        try:
            files.replace(self._path, json.dumps(sections).encode())
        except OSError as error:
            if not self._unsaved:
                _log.warning(
                    "%s cannot be written (%s): the music plays, but its content is lost at a "
                    "restart.",
                    self._path,
                    error.strerror,
                )
            self._unsaved[name] = section
            return False
        self._unsaved.clear()
        return True
