"""What is remembered of Spotify beside the login: a limit, speakers, a volume to be restored."""

import json
import logging
from contextlib import suppress
from pathlib import Path
from typing import Any

from device import files
from device.clock import Clock

_log = logging.getLogger(__name__)


class Memory:
    """A small file in the state folder. What it holds helps, but nothing depends on it.

    Parameters
    ----------
    path : Path
    clock : Clock
    """

    def __init__(self, path: Path, clock: Clock):
        self._path = path
        self._clock = clock

    @property
    def limit_seconds(self) -> float:
        """How long Spotify wants to be left alone; 0 when it does not."""
        limit = self._section("limit")
        now = self._clock.time()
        since, until = limit.get("since"), limit.get("not_before")
        known = isinstance(since, int | float) and isinstance(until, int | float)
        # A clock that stands before the limit was set has lost the time: then Spotify is asked.
        return until - now if known and since <= now < until else 0.0

    def keep_limit(self, seconds: float) -> None:
        """Spotify does not want to be asked for so long."""
        now = self._clock.time()
        self._keep("limit", {"since": now, "not_before": now + seconds})

    def speaker(self, name: str) -> tuple[str, str] | None:
        """Id and name of the speaker that last played when ``name`` was asked for."""
        found = self._section("speakers").get(name)
        if isinstance(found, list) and [type(part) for part in found] == [str, str]:
            return found[0], found[1]
        return None

    def keep_speaker(self, name: str, speaker_id: str, speaker_name: str) -> None:
        """The speaker that plays when ``name`` is asked for."""
        if self.speaker(name) != (speaker_id, speaker_name):
            known = self._section("speakers")
            self._keep("speakers", known | {name: [speaker_id, speaker_name]})

    def own_volume(self, speaker_id: str, volume: int) -> int:
        """The person's own volume of a speaker that now has ``volume``."""
        lowered = self._section("lowered")
        own, levels = lowered.get("own"), lowered.get("levels")
        ours = lowered.get("speaker") == speaker_id and isinstance(levels, list)
        known = isinstance(own, int) and 0 <= own <= 100
        return own if ours and known and volume in levels else volume

    def keep_lowered(self, speaker_id: str, own: int, levels: list[int]) -> None:
        """The volume is about to be lowered; a power cut may come before it is restored."""
        self._keep("lowered", {"speaker": speaker_id, "own": own, "levels": levels})

    def volume_restored(self) -> None:
        """It is the person's own again."""
        self._keep("lowered", {})

    def _section(self, name: str) -> dict[str, Any]:
        with suppress(OSError, ValueError, RecursionError):
            remembered = json.loads(self._path.read_bytes())
            if isinstance(remembered, dict) and isinstance(remembered.get(name), dict):
                return remembered[name]
        return {}

    def _keep(self, name: str, section: dict[str, Any]) -> None:
        sections = {other: self._section(other) for other in ("limit", "speakers", "lowered")}
        try:
            files.replace(self._path, json.dumps(sections | {name: section}).encode())
        except OSError as error:
            _log.warning("%s cannot be written (%s).", self._path, error.strerror)
