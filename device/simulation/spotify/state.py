"""The playback state, and how it advances over time."""

from dataclasses import KW_ONLY, dataclass, field
from typing import Any

TRACK_SECONDS = 200.0
"""The length of every track."""


@dataclass
class SimulatedSpeaker:
    """A Spotify Connect device.

    Attributes
    ----------
    volume : int in 0..100, or None
        None when it cannot be set.
    asleep : bool
        A sleeping speaker is not listed, and cannot be reached.
    listed : bool
        An idle speaker may be missing from the list, but can be reached.
    """

    name: str
    _: KW_ONLY
    id: str | None = None
    kind: str = "Speaker"
    volume: int | None = 40
    restricted: bool = False
    asleep: bool = False
    listed: bool = True

    def described(self, active: bool) -> dict[str, Any]:
        """As the Web API shows it."""
        return {
            "id": self.id,
            "is_active": active,
            "is_private_session": False,
            "is_restricted": self.restricted,
            "name": self.name,
            "type": self.kind,
            "volume_percent": 100 if self.volume is None else self.volume,
            "supports_volume": self.volume is not None,
        }


@dataclass(kw_only=True)
class PlaybackState:
    """The playback; ``heard_seconds`` is the position in the track at the time ``since``."""

    speaker: SimulatedSpeaker | None = None
    context_uri: str | None = None
    uris: list[str] = field(default_factory=list)
    index: int = 0
    playing: bool = False
    heard_seconds: float = 0.0
    since: float = 0.0
    shuffle: bool = False
    repeat: str = "off"
    queue: list[str] = field(default_factory=list)

    @property
    def uri(self) -> str | None:
        """The current track."""
        return self.uris[self.index] if self.uris else None

    def heard(self, now: float) -> float:
        """The position in the current track, in seconds."""
        return self.heard_seconds + (now - self.since if self.playing else 0.0)

    def advance(self, now: float) -> None:
        """Advance to the track at the time ``now``."""
        while self.playing and self.heard(now) >= TRACK_SECONDS:
            self.heard_seconds -= TRACK_SECONDS
            self._advance()

    def _advance(self) -> None:
        if self.repeat == "track":
            return
        if self.queue:
            self.uris.insert(self.index + 1, self.queue.pop(0))
        self.index += 1
        if self.index == len(self.uris):
            self.index = 0
            self.playing = self.repeat == "context"
