"""What the state machine is told, and what it asks for.

Events come from the button and from outcomes; actions go to the light, the microphone, the model
and the player. ``round`` is the number of the round that either belongs to.
"""

from dataclasses import dataclass

import numpy as np

from device.errors import EmotifyError
from device.mood import Emotion, Mood
from device.patterns import Cue, Layer
from device.playlist import Playlist
from device.speech import Unheard


@dataclass(frozen=True)
class Loaded:
    """Microphone, model, playlists and player are there."""

    guess: bool = False


@dataclass(frozen=True)
class LoadFailed:
    """One of them is not."""

    error: EmotifyError


@dataclass(frozen=True)
class Pressed:
    """The button went down."""


@dataclass(frozen=True)
class Held:
    """The button has stayed down."""


@dataclass(frozen=True)
class Paused:
    """The music was asked to be silent; ``was_playing`` tells whether it had been playing."""

    round: int
    was_playing: bool


@dataclass(frozen=True)
class Opened:
    """Sound comes from the microphone."""

    round: int


@dataclass(frozen=True)
class Heard:
    """Somebody has spoken: float32 samples at 16 kHz."""

    round: int
    speech: np.ndarray


@dataclass(frozen=True)
class NothingHeard:
    """There was nothing to judge."""

    round: int
    why: Unheard


@dataclass(frozen=True)
class Recognised:
    """The mood in the speech."""

    round: int
    mood: Mood


@dataclass(frozen=True)
class Playing:
    """The speaker plays."""

    round: int
    playlist: Playlist
    speaker: str


@dataclass(frozen=True)
class Failed:
    """A step of a round failed."""

    round: int
    error: EmotifyError


@dataclass(frozen=True)
class MusicFailed:
    """The music could not be resumed or stopped."""

    error: EmotifyError


@dataclass(frozen=True)
class LoginSeen:
    """How it stands with the login to Spotify has changed.

    ``problem`` says what is wrong with it; ``days`` is how many are left, None while they are many.
    """

    problem: str | None
    days: int | None


Event = (
    Loaded | LoadFailed | Pressed | Held | Paused | Opened | Heard | NothingHeard | Recognised
    | Playing | Failed | MusicFailed | LoginSeen
)  # fmt: skip


@dataclass(frozen=True)
class Load:
    """Get everything that a round needs."""


@dataclass(frozen=True)
class Pause:
    """Silence the music that Emotify started, so that it is not heard as the voice."""

    round: int


@dataclass(frozen=True)
class Listen:
    """Open the microphone until a sentence is over."""

    round: int


@dataclass(frozen=True)
class StopListening:
    """Close the microphone."""


@dataclass(frozen=True)
class Recognise:
    """Tell the mood in the speech."""

    round: int
    speech: np.ndarray


@dataclass(frozen=True)
class Play:
    """Start the playlist of the mood."""

    round: int
    mood: Mood


@dataclass(frozen=True)
class Settle:
    """Do what music needs once it plays."""


@dataclass(frozen=True)
class Resume:
    """Let the paused music go on."""


@dataclass(frozen=True)
class Stop:
    """Stop the music."""


@dataclass(frozen=True)
class Show:
    """Show something on the light."""

    cue: Cue
    emotion: Emotion | None = None


@dataclass(frozen=True)
class Clear:
    """Show nothing in a layer of the light any more."""

    layer: Layer


Action = (
    Load | Pause | Listen | StopListening | Recognise | Play | Settle | Resume | Stop | Show | Clear
)  # fmt: skip
