"""The state machine: an event goes in, a new state and actions come out.

Nothing here touches the world. :mod:`device.daemon` carries the actions out and brings their
outcomes back as events. A round is one press and what follows from it; an outcome that belongs to
a round that is over is dropped, except for what it tells of the music.

    state, actions = begin()
    state, actions = step(state, Pressed())
"""

from dataclasses import dataclass, replace
from enum import Enum, auto

from device.errors import EmotifyError, Fault
from device.events import (
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
    Settle,
    Show,
    Stop,
    StopListening,
)
from device.mood import Mood
from device.patterns import Cue, Layer
from device.speech import Unheard

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


class Music(Enum):
    """What is known of the music that Emotify started."""

    OFF = auto()
    PLAYING = auto()
    PAUSED = auto()


@dataclass(frozen=True)
class State:
    """All that the device remembers between two events.

    Attributes
    ----------
    phase : Phase
    round : int
        Number of the present or the latest round.
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
        case Paused():
            return _paused(state, event)
        case MusicFailed(error=error):
            return replace(state, music=Music.OFF), _fault(error)
        case LoginSeen(days=days):
            near = days is not None and days <= LOGIN_NEAR_DAYS
            return state, (Show(Cue.LOGIN_ENDS) if near else Clear(Layer.NOTICE),)
    if event.round != state.round:
        return state, ()
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
        case Phase.STARTING_MUSIC, Playing():
            ready = replace(state, phase=Phase.READY, music=Music.PLAYING)
            playing = Show(Cue.PLAYING, state.mood.emotion)
            return ready, (Clear(Layer.WARNING), playing, Settle())
        case Phase.STARTING_MUSIC, Failed(error=error):
            ready = replace(state, phase=Phase.READY, music=Music.OFF)
            return ready, (Clear(Layer.ACTIVITY), *_fault(error))
        case Phase.PAUSING | Phase.LISTENING | Phase.THINKING, Failed(error=error):
            return _end(state, Clear(Layer.ACTIVITY), *_fault(error))
    return state, ()


def _loaded(state: State, event: Loaded | LoadFailed) -> Step:
    if isinstance(event, LoadFailed):
        broken = replace(state, phase=Phase.BROKEN, pressed_early=False)
        return broken, (Clear(Layer.ACTIVITY), *_fault(event.error))
    pressed = state.pressed_early
    state = replace(state, phase=Phase.READY, guess=event.guess, pressed_early=False)
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
        case Phase.READY:
            state, actions = _new_round(state)
        case Phase.STARTING_MUSIC:
            # The music may begin at any moment: the new round has to pause it first.
            state, actions = _new_round(replace(state, music=Music.PLAYING))
        case Phase.PAUSING | Phase.LISTENING | Phase.THINKING:
            return _end(state, StopListening(), Clear(Layer.ACTIVITY), Show(Cue.CANCELLED))
    return state, (*accepted, Clear(Layer.ACTIVITY), *actions)


def _new_round(state: State) -> Step:
    number = state.round + 1
    if state.music is Music.PLAYING:
        return replace(state, phase=Phase.PAUSING, round=number), (Pause(number),)
    return replace(state, phase=Phase.LISTENING, round=number), (Listen(number),)


def _held(state: State) -> Step:
    if state.phase in (Phase.STARTING, Phase.BROKEN):
        return state, ()
    ready = replace(state, phase=Phase.READY, music=Music.OFF)
    return ready, (StopListening(), Clear(Layer.ACTIVITY), Show(Cue.CANCELLED), Stop())


def _paused(state: State, event: Paused) -> Step:
    paused = event.was_playing or state.music is Music.PAUSED
    if state.phase is Phase.PAUSING:
        state = replace(state, music=Music.PAUSED if paused else Music.OFF)
        if event.round != state.round:
            return state, ()  # From a cancelled round; the pause of this one is on its way.
        return replace(state, phase=Phase.LISTENING), (Listen(event.round),)
    if event.was_playing and state.music is Music.PLAYING:
        return state, (Resume(),)  # The round was cancelled while the pause was under way.
    return state, ()


def _recognised(state: State, mood: Mood) -> Step:
    state = replace(state, mood=mood)
    if not (mood.sure or state.guess):
        return _end(state, Show(Cue.UNSURE))
    starting = replace(state, phase=Phase.STARTING_MUSIC)
    return starting, (Show(Cue.MOOD, mood.emotion), Play(state.round, mood))


def _end(state: State, *actions: Action) -> Step:
    """The round is over without new music: what was paused for it goes on."""
    ready = replace(state, phase=Phase.READY)
    if state.music is not Music.PAUSED:
        return ready, actions
    return replace(ready, music=Music.PLAYING), (*actions, Resume())


def _fault(error: EmotifyError) -> tuple[Action, ...]:
    fault = error.fault or Fault.SETUP
    shown = Show(Cue.of(fault))
    return (shown, Show(Cue.OFFLINE)) if fault is Fault.NETWORK else (shown,)
