"""What plays where, and how it goes on while nobody touches it."""

from dataclasses import dataclass, field
from typing import Any

TRACK_SECONDS = 200.0
"""Every track lasts so long."""


@dataclass
class SimulatedSpeaker:
    """A Spotify Connect device in the simulated house.

    Attributes
    ----------
    volume : int in 0..100, or None
        None when it does not let others set it.
    asleep : bool
        A sleeping speaker is not listed, and cannot be reached.
    listed : bool
        One that idles may be missing from the list, and can be reached all the same.
    """

    name: str
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


@dataclass
class State:
    """The playback; ``heard_seconds`` is the place in the present track at the time ``since``."""

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
        """The present track."""
        return self.uris[self.index] if self.uris else None

    def heard(self, now: float) -> float:
        """The place in the present track, in seconds."""
        return self.heard_seconds + (now - self.since if self.playing else 0.0)

    def settle(self, now: float) -> None:
        """Go on to the track that has been reached by now."""
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
