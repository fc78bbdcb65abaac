"""The state machine: an event goes in, a new state and actions come out.

There is no I/O here: :mod:`device.appliance.daemon` carries the actions out and brings their
outcomes back as events. A round is one press and what follows from it; an outcome of a round that
is over is dropped. The player carries out its commands in their order, so only the outcome of the
latest one tells anything of the music; until it comes, the music is unknown, and unknown music is
paused before the microphone opens.

    state, actions = begin()
    state, actions = step(state, Pressed())
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto

from device.appliance.events import (
    Action,
    Clear,
    Event,
    Failed,
    Heard,
    Held,
    Listen,
    Load,
    Loaded,
    LoadFailed,
    LoginSeen,
    Music,
    MusicFailed,
    NothingHeard,
    Opened,
    Pause,
    Paused,
    Play,
    Playing,
    Pressed,
    Recognise,
    Recognised,
    Resume,
    Resumed,
    Settle,
    Show,
    Stop,
    StopListening,
    Stopped,
)
from device.errors import EmotifyError, Fault
from device.light.patterns import Cue, Layer
from device.mood import Mood
from device.speech.endpointing import Unheard

LOGIN_NEAR_DAYS = 14
"""From here on the light reminds of the end of the login, and not only the journal."""


class Phase(Enum):
    """Where in a round the device is."""

    STARTING = auto()
    BROKEN = auto()
    READY = auto()
    PAUSING = auto()
    LISTENING = auto()
    THINKING = auto()
    STARTING_MUSIC = auto()


@dataclass(frozen=True)
class State:
    """All that the device remembers between two events.

    Attributes
    ----------
    phase : Phase
    round : int
        Number of the present or the latest round.
    command : int
        Number of the latest command to the player.
    music : Music
    mood : Mood or None
        What the latest round found.
    guess : bool
        Whether a mood that is not sure plays all the same.
    pressed_early : bool
        Whether the button was pressed before everything was loaded.
    """

    phase: Phase = Phase.STARTING
    round: int = 0
    command: int = 0
    music: Music = Music.OFF
    mood: Mood | None = None
    guess: bool = False
    pressed_early: bool = False


Step = tuple[State, tuple[Action, ...]]


def begin() -> Step:
    """The state at power-on."""
    return State(), (Show(Cue.STARTING), Load())


def step(state: State, event: Event) -> Step:
    """What an event does.

    Parameters
    ----------
    state : State
    event : Event

    Returns
    -------
    State
        The new one.
    tuple of Action
        To be carried out in this order.
    """
    match event:
        case Loaded() | LoadFailed():
            return _loaded(state, event)
        case Pressed():
            return _pressed(state)
        case Held():
            return _held(state)
        case LoginSeen(days=days):
            near = days is not None and days <= LOGIN_NEAR_DAYS
            return state, (Show(Cue.LOGIN_ENDS) if near else Clear(Layer.NOTICE),)
        case Paused() | Playing() | Resumed() | Stopped() | MusicFailed():
            return _of_music(state, event) if event.command == state.command else (state, ())
        case Opened() | Heard() | NothingHeard() | Recognised() | Failed():
            return _of_round(state, event) if event.round == state.round else (state, ())


def _of_round(state: State, event: Opened | Heard | NothingHeard | Recognised | Failed) -> Step:
    match state.phase, event:
        case Phase.LISTENING, Opened():
            return state, (Show(Cue.LISTENING),)
        case Phase.LISTENING, Heard():
            thinking = replace(state, phase=Phase.THINKING)
            return thinking, (Show(Cue.THINKING), Recognise(event.round, event.speech))
        case Phase.LISTENING, NothingHeard(why=why):
            cue = Cue.of(Fault.MICROPHONE) if why is Unheard.SILENT else Cue.UNHEARD
            return _end(state, Clear(Layer.ACTIVITY), Show(cue))
        case Phase.THINKING, Recognised():
            return _recognised(state, event.mood)
        case Phase.LISTENING | Phase.THINKING, Failed(error=error):
            return _end(state, Clear(Layer.ACTIVITY), *_fault(error))
    return state, ()


def _of_music(state: State, event: Paused | Playing | Resumed | Stopped | MusicFailed) -> Step:
    match state.phase, event:
        case Phase.PAUSING, Paused(goes_on=goes_on):
            music = Music.PAUSED if goes_on else Music.OFF
            return _listen(replace(state, music=music))
        case Phase.STARTING_MUSIC, Playing():
            ready = replace(state, phase=Phase.READY, music=Music.PLAYING)
            playing = Show(Cue.PLAYING, state.mood.emotion if state.mood else None)
            return ready, (Clear(Layer.WARNING), playing, Settle(event.command))
        case Phase.PAUSING | Phase.STARTING_MUSIC, MusicFailed(error=error):
            return _end(state, Clear(Layer.ACTIVITY), *_fault(error))
        case _, MusicFailed(error=error):
            return replace(state, music=Music.UNKNOWN), _fault(error)
        case _, Resumed(music=Music.PLAYING):
            return replace(state, music=Music.PLAYING), (Clear(Layer.WARNING),)
        case _, Resumed(music=music):
            return replace(state, music=music), ()
        case _, Stopped():
            return replace(state, music=Music.OFF), ()
    return state, ()


def _loaded(state: State, event: Loaded | LoadFailed) -> Step:
    if isinstance(event, LoadFailed):
        broken = replace(state, phase=Phase.BROKEN, pressed_early=False)
        return broken, (Clear(Layer.ACTIVITY), *_fault(event.error))
    pressed = state.pressed_early
    state = replace(
        state, phase=Phase.READY, guess=event.guess, music=event.music, pressed_early=False
    )
    state, actions = _new_round(state) if pressed else (state, ())
    return state, (Clear(Layer.ACTIVITY), *actions)


def _pressed(state: State) -> Step:
    accepted = (Clear(Layer.FAULT), Show(Cue.PRESSED))
    match state.phase:
        case Phase.STARTING:
            return replace(state, pressed_early=True), accepted
        case Phase.BROKEN:
            state = replace(state, phase=Phase.STARTING, pressed_early=True)
            return state, (*accepted, Show(Cue.STARTING), Load())
        case Phase.PAUSING | Phase.LISTENING | Phase.THINKING:
            return _end(state, StopListening(), Clear(Layer.ACTIVITY), Show(Cue.CANCELLED))
    # While music starts, it may begin at any moment: it is unknown, and paused first.
    state, actions = _new_round(state)
    return state, (*accepted, Clear(Layer.ACTIVITY), *actions)


def _new_round(state: State) -> Step:
    state = replace(state, round=state.round + 1)
    if state.music is Music.OFF:
        return _listen(state)
    state, pause = _command(replace(state, phase=Phase.PAUSING), Pause)
    return state, (Show(Cue.PAUSING), pause)


def _listen(state: State) -> Step:
    return replace(state, phase=Phase.LISTENING), (Listen(state.round),)


def _held(state: State) -> Step:
    if state.phase in (Phase.STARTING, Phase.BROKEN):
        return state, ()
    state, stop = _command(replace(state, phase=Phase.READY), Stop)
    return state, (StopListening(), Clear(Layer.ACTIVITY), Show(Cue.CANCELLED), stop)


def _recognised(state: State, mood: Mood) -> Step:
    state = replace(state, mood=mood)
    if not (mood.sure or state.guess):
        return _end(state, Show(Cue.UNSURE))
    state = replace(state, phase=Phase.STARTING_MUSIC)
    state, play = _command(state, lambda command: Play(command, mood))
    return state, (Show(Cue.MOOD, mood.emotion), play)


def _end(state: State, *actions: Action) -> Step:
    """The round is over without new music: what was paused for it goes on."""
    state = replace(state, phase=Phase.READY)
    if state.music is Music.OFF:
        return state, actions
    state, resume = _command(state, Resume)
    return state, (*actions, resume)


def _command(state: State, order: Callable[[int], Action]) -> tuple[State, Action]:
    """A new command to the player; until its outcome comes, the music is unknown."""
    number = state.command + 1
    return replace(state, command=number, music=Music.UNKNOWN), order(number)


def _fault(error: EmotifyError) -> tuple[Action, ...]:
    fault = error.fault or Fault.SETUP
    out_of_reach = Show(Cue.OFFLINE) if fault is Fault.NETWORK else Clear(Layer.WARNING)
    return Show(Cue.of(fault)), out_of_reach
