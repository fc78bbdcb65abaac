"""The events that the state machine receives, and the actions that it returns.

Events come from the button and from the results of actions; actions go to the light, the
microphone, the model and the player. ``round`` is the number of the round that either belongs to;
``command`` numbers the commands to the player, which it executes in this order.
"""

from dataclasses import dataclass

import numpy as np

from device.errors import EmotifyError
from device.light.patterns import Cue, Layer
from device.mood import Emotion, Mood
from device.player import MusicState
from device.playlist.playlist import Playlist
from device.speech.endpointing import Unheard


@dataclass(frozen=True)
class Loaded:
    """Microphone, model, playlists and player are ready.

    ``guess`` tells whether a mood that is not sure is played; ``music`` is the state of the music
    from before a restart.
    """

    guess: bool = False
    music: MusicState = MusicState.OFF


@dataclass(frozen=True)
class LoadFailed:
    """One of them is not."""

    error: EmotifyError


@dataclass(frozen=True)
class Changed:
    """The configuration or the model is another one, or is to be read again."""


@dataclass(frozen=True)
class Pressed:
    """The button was pressed; ``at`` is when, on the monotonic clock, in seconds."""

    at: float


@dataclass(frozen=True)
class LightTested:
    """Somebody wants to see the colours of the light."""


@dataclass(frozen=True)
class Held:
    """The button was held down."""


@dataclass(frozen=True)
class Paused:
    """No music of Emotify's plays; ``resumable`` tells whether there is any to be resumed."""

    command: int
    resumable: bool


@dataclass(frozen=True)
class Resumed:
    """The music was resumed if there was any; ``music`` is its state now."""

    command: int
    music: MusicState


@dataclass(frozen=True)
class Stopped:
    """No music of Emotify's plays, and none is to be resumed."""

    command: int


@dataclass(frozen=True)
class Opened:
    """The microphone delivers sound."""

    round: int


@dataclass(frozen=True)
class Heard:
    """Somebody has spoken: float32 samples at 16 kHz."""

    round: int
    speech: np.ndarray


@dataclass(frozen=True)
class NothingHeard:
    """There was no speech that can be judged."""

    round: int
    why: Unheard


@dataclass(frozen=True)
class Recognised:
    """The mood in the speech; ``at`` is when it was recognised, on the same clock as a press."""

    round: int
    mood: Mood
    at: float


@dataclass(frozen=True)
class Playing:
    """The speaker plays."""

    command: int
    playlist: Playlist
    speaker: str


@dataclass(frozen=True)
class Failed:
    """Listening or recognising the mood failed."""

    round: int
    error: EmotifyError


@dataclass(frozen=True)
class MusicFailed:
    """A command to the player failed; the state of the music is unknown."""

    command: int
    error: EmotifyError


@dataclass(frozen=True)
class LoginChanged:
    """The status of the login to Spotify has changed.

    ``problem`` says what is wrong with it; ``days`` is how many are left, None while they are many.
    """

    problem: str | None
    days: int | None


Event = (
    Loaded | LoadFailed | Changed | Pressed | LightTested | Held | Opened | Heard | NothingHeard
    | Recognised | Failed | Paused | Playing | Resumed | Stopped | MusicFailed | LoginChanged
)  # fmt: skip


@dataclass(frozen=True)
class Load:
    """Load everything that a round needs."""


@dataclass(frozen=True)
class Pause:
    """Pause the music that Emotify started, so that the microphone does not record it."""

    command: int


@dataclass(frozen=True)
class Listen:
    """Open the microphone until a sentence has ended."""

    round: int


@dataclass(frozen=True)
class StopListening:
    """Close the microphone."""


@dataclass(frozen=True)
class Recognise:
    """Recognise the mood in the speech."""

    round: int
    speech: np.ndarray


@dataclass(frozen=True)
class Learn:
    """Let the sentence that was recognised take part in what is known of the household."""


@dataclass(frozen=True)
class Refuse:
    """The mood that was shown was not this emotion."""

    emotion: Emotion


@dataclass(frozen=True)
class Play:
    """Start a playlist for the mood."""

    command: int
    mood: Mood


@dataclass(frozen=True)
class Settle:
    """Finish what was started: the order of the tracks, and the volume."""

    command: int


@dataclass(frozen=True)
class Resume:
    """Resume the paused music."""

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
    Load | Pause | Listen | StopListening | Recognise | Learn | Refuse | Play | Settle | Resume
    | Stop | Show | Clear
)  # fmt: skip
