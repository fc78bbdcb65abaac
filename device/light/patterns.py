"""The light's patterns, as data.

The rhythm shows the state, the hue the mood, and the number of red blinks the fault, so the light
also works for people who do not see colours well.

    python -m device.light.patterns     prints the table for the README
"""

from dataclasses import KW_ONLY, dataclass
from enum import Enum, IntEnum
from math import inf

from device.errors import Fault
from device.mood import Emotion

Colour = tuple[float, float, float]
"""Red, green and blue, each 0..1."""

DARK: Colour = (0.0, 0.0, 0.0)
WHITE: Colour = (1.0, 1.0, 1.0)
_RED: Colour = (1.0, 0.0, 0.0)
_GREEN: Colour = (0.0, 1.0, 0.0)
_FULL_BLUE: Colour = (0.0, 0.0, 1.0)
_AMBER: Colour = (1.0, 0.45, 0.0)
_BLUE: Colour = (0.0, 0.1, 1.0)
_CYAN: Colour = (0.0, 0.8, 1.0)
_VIOLET: Colour = (0.6, 0.0, 1.0)

HUES: dict[Emotion, Colour] = {
    Emotion.NEUTRAL: (1.0, 0.75, 0.45),
    Emotion.CALM: (0.0, 1.0, 0.5),
    Emotion.HAPPY: (1.0, 0.85, 0.0),
    Emotion.SAD: (0.2, 0.15, 1.0),
    Emotion.ANGRY: (1.0, 0.25, 0.0),
    Emotion.FEARFUL: (0.65, 0.0, 1.0),
    Emotion.DISGUST: (0.45, 1.0, 0.0),
    Emotion.SURPRISED: (1.0, 0.2, 0.6),
}
"""The colours of the moods. None is pure red, which is for faults."""


class Layer(IntEnum):
    """The priority: fault > button > activity > warning > notice > idle."""

    IDLE = 0
    NOTICE = 1
    WARNING = 2
    ACTIVITY = 3
    BUTTON = 4
    FAULT = 5


@dataclass(frozen=True)
class Frame:
    """One step of a pattern.

    Attributes
    ----------
    seconds : float > 0
    colour : Colour or None
        None for the mood's hue.
    level : float in 0..1
        Brightness.
    fade : bool
        Whether to change gradually from the frame before; otherwise at once.
    """

    seconds: float
    colour: Colour | None = WHITE
    level: float = 1.0
    fade: bool = False


@dataclass(frozen=True)
class Pattern:
    """A pattern of the light.

    Attributes
    ----------
    meaning, looks : str
        The state, and how it looks, for people.
    layer : Layer
    frames : tuple of Frame
    times : int or None
        How often the frames are repeated; None until another pattern replaces them.
    follows_voice : bool
        Whether the brightness follows the loudness of the voice.
    then : Cue, optional
        What follows after the last repetition.
    """

    meaning: str
    looks: str
    layer: Layer
    frames: tuple[Frame, ...]
    _: KW_ONLY
    times: int | None = None
    follows_voice: bool = False
    then: "Cue | None" = None

    @property
    def seconds(self) -> float:
        """The length of one repetition."""
        return sum(frame.seconds for frame in self.frames)


class Cue(Enum):
    """Everything that the light can show."""

    STARTING = "starting"
    BEACON = "beacon"
    PRESSED = "pressed"
    CANCELLED = "cancelled"
    PAUSING = "pausing"
    LISTENING = "listening"
    THINKING = "thinking"
    MOOD = "mood"
    STARTING_MUSIC = "starting music"
    PLAYING = "playing"
    UNSURE = "unsure"
    UNHEARD = "unheard"
    OFFLINE = "offline"
    LOGIN_ENDS = "login ends"
    TEST = "test"
    FAULT_1 = 1
    FAULT_2 = 2
    FAULT_3 = 3
    FAULT_4 = 4
    FAULT_5 = 5
    FAULT_6 = 6

    @classmethod
    def of(cls, fault: Fault) -> "Cue":
        """The cue of a fault."""
        return cls(fault.value)

    @property
    def fault(self) -> Fault | None:
        """The fault that this is the cue of; None for any other cue."""
        return Fault(self.value) if isinstance(self.value, int) else None


def _fault(fault: Fault, what: str) -> Pattern:
    blink = (Frame(0.25, _RED), Frame(0.25, DARK))
    looks = f"{fault.value} red blink{'s' if fault > 1 else ''}, a pause, three times"
    frames = blink * fault.value + (Frame(1.0, DARK),)
    return Pattern(f"fault {fault.value}: {what}", looks, Layer.FAULT, frames, times=3)


PATTERNS: dict[Cue, Pattern] = {
    Cue.STARTING: Pattern(
        "starting",
        "white, breathing",
        Layer.ACTIVITY,
        (Frame(1.0, level=0.4, fade=True), Frame(1.0, level=0.02, fade=True)),
    ),
    Cue.BEACON: Pattern(
        "ready, with `beacon = true`",
        "a 3 % blink every five seconds",
        Layer.IDLE,
        (Frame(0.1, level=0.03), Frame(4.9, DARK)),
    ),
    Cue.PRESSED: Pattern(
        "press accepted", "a white flash", Layer.BUTTON, (Frame(0.12),), times=1
    ),
    Cue.PAUSING: Pattern(
        "pausing the music, before the microphone opens",
        "white, dim and steady",
        Layer.ACTIVITY,
        (Frame(inf, level=0.15),),
    ),
    Cue.LISTENING: Pattern(
        "microphone open",
        "blue, as bright as the voice is loud",
        Layer.ACTIVITY,
        (Frame(inf, _BLUE),),
        follows_voice=True,
    ),
    Cue.THINKING: Pattern(
        "thinking",
        "cyan, pulsing",
        Layer.ACTIVITY,
        (Frame(0.3, _CYAN, fade=True), Frame(0.3, _CYAN, 0.1, fade=True)),
    ),
    Cue.MOOD: Pattern(
        "the mood, or after two presses the next one",
        "the mood's hue fades in and stays for three seconds",
        Layer.ACTIVITY,
        (Frame(0.4, None, fade=True), Frame(2.6, None)),
        times=1,
        then=Cue.STARTING_MUSIC,
    ),
    Cue.STARTING_MUSIC: Pattern(
        "starting the music",
        "the hue, breathing fast",
        Layer.ACTIVITY,
        (Frame(0.35, None, 0.2, fade=True), Frame(0.35, None, fade=True)),
    ),
    Cue.PLAYING: Pattern(
        "the speaker says it is playing",
        "two slow breaths of the hue, then dark",
        Layer.ACTIVITY,
        (Frame(0.2, None, fade=True), Frame(1.3, None, 0.1, fade=True),
         Frame(1.3, None, fade=True), Frame(1.3, None, 0.0, fade=True)),
        times=1,
    ),
    Cue.UNSURE: Pattern(
        "not sure: the music stays as it was",
        "white and violet in turn, twice",
        Layer.ACTIVITY,
        (Frame(0.4), Frame(0.4, _VIOLET)),
        times=2,
    ),
    Cue.UNHEARD: Pattern(
        "no speech that can be judged",
        "two short blue",
        Layer.ACTIVITY,
        (Frame(0.15, _BLUE), Frame(0.2, DARK)),
        times=2,
    ),
    Cue.CANCELLED: Pattern(
        "cancelled, or music stopped",
        "one long white, fading",
        Layer.BUTTON,
        (Frame(0.1), Frame(0.7, level=0.0, fade=True)),
        times=1,
    ),
    Cue.OFFLINE: Pattern(
        "Spotify was out of reach at the last press",
        "a short amber every five seconds",
        Layer.WARNING,
        (Frame(0.1, _AMBER), Frame(4.9, DARK)),
    ),
    Cue.LOGIN_ENDS: Pattern(
        "the login to Spotify ends within 14 days",
        "two short amber every ten seconds",
        Layer.NOTICE,
        (Frame(0.1, _AMBER), Frame(0.2, DARK), Frame(0.1, _AMBER), Frame(9.6, DARK)),
    ),
    Cue.TEST: Pattern(
        "test of the light, by `emotify doctor`",
        "red, green, blue and white, a second each",
        Layer.BUTTON,
        tuple(Frame(1.0, colour) for colour in (_RED, _GREEN, _FULL_BLUE, WHITE)),
        times=1,
    ),
    Cue.FAULT_1: _fault(Fault.MICROPHONE, "microphone"),
    Cue.FAULT_2: _fault(Fault.NETWORK, "network"),
    Cue.FAULT_3: _fault(Fault.ACCOUNT, "account"),
    Cue.FAULT_4: _fault(Fault.SPEAKER, "speaker"),
    Cue.FAULT_5: _fault(Fault.SPOTIFY, "Spotify refused, or a limit"),
    Cue.FAULT_6: _fault(Fault.SETUP, "configuration, model or playlists"),
}  # fmt: skip


def table() -> str:
    """The table of patterns as Markdown, for the README."""
    rows = [f"| {pattern.meaning} | {pattern.looks} |" for pattern in PATTERNS.values()]
    return "\n".join(["| state | the light |", "|---|---|", *rows])


if __name__ == "__main__":
    print(table())
