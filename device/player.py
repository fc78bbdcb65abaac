"""The player: what plays the music.

:class:`device.spotify.player.SpotifyPlayer` implements it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from device.playlist.playlist import Playlist

IsAwaited = Callable[[], bool]
"""Tells whether the next command already waits for the present one to end."""


def never_awaited() -> bool:
    """Nothing waits."""
    return False


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """A Spotify Connect device.

    Attributes
    ----------
    id : str or None
        None for some that take no commands.
    name : str
    kind : str
        As Spotify says it: "Speaker", "Computer", "Smartphone" ...
    active : bool
        Whether Spotify plays on it, or did so last.
    restricted : bool
        Whether it takes no commands from other programs.
    volume : int in 0..100, or None
        None when it cannot be set from here.
    """

    id: str | None
    name: str
    kind: str = "Speaker"
    active: bool = False
    restricted: bool = False
    volume: int | None = None

    @property
    def usable(self) -> bool:
        """Whether Emotify can play on it."""
        return self.id is not None and not self.restricted


class MusicState(Enum):
    """What is known about the music that Emotify started.

    OFF: none plays, and none is to be resumed. PAUSED: it is resumed if the round starts no other.
    UNKNOWN: a command is being carried out, or was not answered, or Emotify was restarted.
    """

    OFF = auto()
    PLAYING = auto()
    PAUSED = auto()
    UNKNOWN = auto()


class Player(Protocol):
    """What plays the music. Every method raises an :class:`~device.errors.EmotifyError`.

    When ``is_awaited`` returns true, the call ends within a second, if necessary with an error.
    """

    def state(self) -> MusicState:
        """The state of the music without asking the service: OFF or UNKNOWN."""

    def play(self, playlist: Playlist, is_awaited: IsAwaited = never_awaited) -> Speaker:
        """Start the music; returns the speaker once it is certain that it plays there."""

    def settle(self, is_awaited: IsAwaited = never_awaited) -> None:
        """Finish what was started: the order of the tracks, and the volume."""

    def pause(self, is_awaited: IsAwaited = never_awaited) -> bool:
        """Make certain that no music plays that :meth:`play` started.

        Returns whether there is any to be resumed. Other people's music is left alone.
        """

    def resume(self, is_awaited: IsAwaited = never_awaited) -> MusicState:
        """Resume what :meth:`pause` paused; returns the state after that: any but PAUSED."""

    def stop(self, is_awaited: IsAwaited = never_awaited) -> None:
        """Pause for good."""

    def speakers(self) -> list[Speaker]:
        """The speakers that are available now."""
