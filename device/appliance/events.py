"""What the state machine is told, and what it asks for.

Events come from the button and from outcomes; actions go to the light, the microphone, the model
and the player. ``round`` is the number of the round that either belongs to; ``command`` numbers
what the player is asked to do, which it does in this order.
"""

from dataclasses import dataclass
from enum import Enum, auto

import numpy as np

from device.errors import EmotifyError
from device.light.patterns import Cue, Layer
from device.mood import Emotion, Mood
from device.playlist.playlist import Playlist
from device.speech.endpointing import Unheard


class Music(Enum):
    """What is known of the music that Emotify started.

    OFF: none plays, and none is to go on. PAUSED: it is to go on if the round starts no other.
    UNKNOWN: a command is under way, or it was not answered, or Emotify was started anew.
    """

    OFF = auto()
    PLAYING = auto()
    PAUSED = auto()
    UNKNOWN = auto()


@dataclass(frozen=True)
class Loaded:
    """Microphone, model, playlists and player are there.

    ``guess`` tells whether a mood that is not sure plays all the same; ``music`` is what the
    player knows from before.
    """

    guess: bool = False
    music: Music = Music.OFF


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
    """No music of Emotify's plays; ``goes_on`` tells whether there is any to be resumed."""

    command: int
    goes_on: bool


@dataclass(frozen=True)
class Resumed:
    """The music was let go on as far as there was any; ``music`` is what is known of it now."""

    command: int
    music: Music


@dataclass(frozen=True)
class Stopped:
    """No music of Emotify's plays, and none is to be resumed."""

    command: int


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

    command: int
    playlist: Playlist
    speaker: str


@dataclass(frozen=True)
class Failed:
    """To listen or to tell the mood failed."""

    round: int
    error: EmotifyError


@dataclass(frozen=True)
class MusicFailed:
    """A command to the player failed; the music may do anything."""

    command: int
    error: EmotifyError


@dataclass(frozen=True)
class LoginSeen:
    """How it stands with the login to Spotify has changed.

    ``problem`` says what is wrong with it; ``days`` is how many are left, None while they are many.
    """

    problem: str | None
    days: int | None


Event = (
    Loaded | LoadFailed | Pressed | Held | Opened | Heard | NothingHeard | Recognised | Failed
    | Paused | Playing | Resumed | Stopped | MusicFailed | LoginSeen
)  # fmt: skip


@dataclass(frozen=True)
class Load:
    """Get everything that a round needs."""


@dataclass(frozen=True)
class Pause:
    """Silence the music that Emotify started, so that it is not heard as the voice."""

    command: int


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

    command: int
    mood: Mood


@dataclass(frozen=True)
class Settle:
    """Do what music needs once it plays."""

    command: int


@dataclass(frozen=True)
class Resume:
    """Let the paused music go on."""

    command: int


@dataclass(frozen=True)
class Stop:
    """Stop the music."""

    command: int


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
