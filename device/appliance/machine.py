"""The state machine: an event goes in, a new state and actions come out.

There is no I/O here: :mod:`device.appliance.daemon` carries the actions out and brings their
outcomes back as events. A round is one press and what follows from it; an outcome of an earlier
round is dropped. The player executes its commands in order, so only the outcome of the latest one
tells the state of the music; until it comes the state is unknown, and the music is paused before
the microphone opens.

Two presses in quick succession after a mood say that it was wrong. The first of them listens like
any other, and the second turns that into the next likeliest mood.

    state, actions = begin()
    state, actions = step(state, Pressed(at=7.0))
"""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, replace
from enum import Enum, auto
from math import inf

from device.appliance import events
from device.errors import EmotifyError, Fault
from device.light.patterns import Cue, Layer
from device.mood import Emotion, Mood
from device.player import MusicState
from device.speech.endpointing import Unheard

LOGIN_NEAR_DAYS = 14
"""From here on the light shows that the login ends, and not only the journal."""

TWICE_SECONDS = 0.4
"""Two presses within this time say that the latest mood was wrong."""

MOOD_SECONDS = 120.0
"""They do so for this long after the mood."""


class Phase(Enum):
    """The phase of a round."""

    STARTING = auto()
    BROKEN = auto()
    READY = auto()
    PAUSING = auto()
    LISTENING = auto()
    THINKING = auto()
    STARTING_MUSIC = auto()


@dataclass(frozen=True)
class State:
    """The state between two events.

    Attributes
    ----------
    phase : Phase
    round : int
        Number of the current or the latest round.
    command : int
        Number of the latest command to the player.
    music : Music
    mood : Mood or None
        The result of the latest round, without the emotions that were refused.
    mood_at : float
        When it was recognised or, after a refusal, became the next one.
    is_shown : bool
        Whether the light showed it; one that is not sure is not shown.
    refused : frozenset of Emotion
        The emotions that this mood was said not to be.
    refusable_until : float
        Until then another press is the second of two that refuse the mood.
    guess : bool
        Whether a mood that is not sure is played.
    pressed_early : bool
        Whether the button was pressed before everything was loaded.
    outdated : bool
        Whether everything is to be loaded again, once no round is going on.
    fault : Fault or None
        What ended the latest round. It is not shown again when the music cannot be resumed either:
        a pattern that begins anew is counted wrong.
    """

    phase: Phase = Phase.STARTING
    round: int = 0
    command: int = 0
    music: MusicState = MusicState.OFF
    mood: Mood | None = None
    _: KW_ONLY
    mood_at: float = -inf
    is_shown: bool = False
    refused: frozenset[Emotion] = frozenset()
    refusable_until: float = -inf
    guess: bool = False
    pressed_early: bool = False
    outdated: bool = False
    fault: Fault | None = None


Step = tuple[State, tuple[events.Action, ...]]


def begin() -> Step:
    """The state after the start."""
    return State(), (events.Show(Cue.STARTING), events.Load())


def step(state: State, event: events.Event) -> Step:
    """Handle an event.

    Parameters
    ----------
    state : State
    event : Event

    Returns
    -------
    State
        The new state.
    tuple of Action
        The actions to carry out, in this order.
    """
    state, actions = _handled(state, event)
    if state.outdated and state.phase in (Phase.READY, Phase.BROKEN):
        state = replace(state, phase=Phase.STARTING, outdated=False)
        actions += (events.Show(Cue.STARTING), events.Load())
    return state, actions


def _handled(state: State, event: events.Event) -> Step:
    match event:
        case events.Loaded() | events.LoadFailed():
            return _loaded(state, event)
        case events.Changed():
            return replace(state, outdated=True), ()
        case events.Pressed(at=at):
            return _pressed(replace(state, fault=None), at)
        case events.LightTested():
            return state, (events.Show(Cue.TEST),)
        case events.Held():
            return _held(replace(state, fault=None))
        case events.LoginChanged(days=days):
            near = days is not None and days <= LOGIN_NEAR_DAYS
            return state, (events.Show(Cue.LOGIN_ENDS) if near else events.Clear(Layer.NOTICE),)
        case (
            events.Paused()
            | events.Playing()
            | events.Resumed()
            | events.Stopped()
            | events.MusicFailed()
        ):
            return _of_music(state, event) if event.command == state.command else (state, ())
        case (
            events.Opened()
            | events.Heard()
            | events.NothingHeard()
            | events.Recognised()
            | events.Failed()
        ):
            return _of_round(state, event) if event.round == state.round else (state, ())


def _of_round(
    state: State,
    event: events.Opened | events.Heard | events.NothingHeard | events.Recognised | events.Failed,
) -> Step:
    match state.phase, event:
        case Phase.LISTENING, events.Opened():
            return state, (events.Show(Cue.LISTENING),)
        case Phase.LISTENING, events.Heard():
            thinking = replace(state, phase=Phase.THINKING)
            return thinking, (
                events.Show(Cue.THINKING),
                events.Recognise(event.round, event.speech),
            )
        case Phase.LISTENING, events.NothingHeard(why=why):
            cue = Cue.of(Fault.MICROPHONE) if why is Unheard.SILENT else Cue.UNHEARD
            return _end(state, events.Clear(Layer.ACTIVITY), events.Show(cue))
        case Phase.THINKING, events.Recognised():
            return _recognised(state, event.mood, event.at)
        case Phase.LISTENING | Phase.THINKING, events.Failed(error=error):
            return _failed(state, error)
    return state, ()


def _of_music(
    state: State,
    event: events.Paused | events.Playing | events.Resumed | events.Stopped | events.MusicFailed,
) -> Step:
    match state.phase, event:
        case Phase.PAUSING, events.Paused(resumable=resumable):
            music = MusicState.PAUSED if resumable else MusicState.OFF
            return _listen(replace(state, music=music))
        case Phase.STARTING_MUSIC, events.Playing():
            ready = replace(state, phase=Phase.READY, music=MusicState.PLAYING)
            playing = events.Show(Cue.PLAYING, state.mood.emotion if state.mood else None)
            return ready, (events.Clear(Layer.WARNING), playing, events.Settle(event.command))
        case Phase.PAUSING | Phase.STARTING_MUSIC, events.MusicFailed(error=error):
            return _failed(state, error)
        case _, events.MusicFailed(error=error):
            actions = () if error.fault is state.fault else _fault(error)
            return replace(state, music=MusicState.UNKNOWN), actions
        case _, events.Resumed(music=MusicState.PLAYING):
            return replace(state, music=MusicState.PLAYING), (events.Clear(Layer.WARNING),)
        case _, events.Resumed(music=music):
            return replace(state, music=music), ()
        case _, events.Stopped():
            return replace(state, music=MusicState.OFF), ()
    return state, ()


def _loaded(state: State, event: events.Loaded | events.LoadFailed) -> Step:
    if isinstance(event, events.LoadFailed):
        broken = replace(state, phase=Phase.BROKEN, pressed_early=False)
        return broken, (events.Clear(Layer.ACTIVITY), *_fault(event.error))
    pressed = state.pressed_early
    state = replace(
        state, phase=Phase.READY, guess=event.guess, music=event.music, pressed_early=False
    )
    state, actions = _new_round(state) if pressed else (state, ())
    return state, (events.Clear(Layer.ACTIVITY), *actions)


def _pressed(state: State, at: float) -> Step:
    accepted = (events.Clear(Layer.FAULT), events.Show(Cue.PRESSED))
    if state.mood and at <= state.refusable_until:
        state, actions = _refused(state, state.mood, at)
        return state, (*accepted, events.Clear(Layer.ACTIVITY), *actions)
    match state.phase:
        case Phase.STARTING:
            return replace(state, pressed_early=True), accepted
        case Phase.BROKEN:
            state = replace(state, phase=Phase.STARTING, pressed_early=True)
            return state, (*accepted, events.Show(Cue.STARTING), events.Load())
        case Phase.PAUSING | Phase.LISTENING | Phase.THINKING:
            return _end(
                state,
                events.StopListening(),
                events.Clear(Layer.ACTIVITY),
                events.Show(Cue.CANCELLED),
            )
    # Music that is being started may begin at any moment: its state is unknown, so it is paused.
    is_recent = at <= state.mood_at + MOOD_SECONDS
    state = replace(state, refusable_until=at + TWICE_SECONDS if is_recent else -inf)
    state, actions = _new_round(state)
    return state, (*accepted, events.Clear(Layer.ACTIVITY), *actions)


def _refused(state: State, mood: Mood, at: float) -> Step:
    """The mood was wrong: the next likeliest one takes its place, and plays even if not sure."""
    actions: tuple[events.Action, ...] = (events.StopListening(),)
    refused = state.refused
    if state.is_shown:
        refused |= {mood.emotion}
        actions += (events.Refuse(mood.emotion),)
    state = replace(state, mood=mood.without(refused), refused=refused, refusable_until=-inf)
    if state.mood:
        state, more = _shown(state, state.mood, at)
    else:
        state, stop = _command(replace(state, phase=Phase.READY), events.Stop)
        more = (events.Show(Cue.CANCELLED), stop)
    return state, (*actions, *more)


def _new_round(state: State) -> Step:
    state = replace(state, round=state.round + 1)
    if state.music is MusicState.OFF:
        return _listen(state)
    state, pause = _command(replace(state, phase=Phase.PAUSING), events.Pause)
    return state, (events.Show(Cue.PAUSING), pause)


def _listen(state: State) -> Step:
    return replace(state, phase=Phase.LISTENING), (events.Listen(state.round),)


def _held(state: State) -> Step:
    if state.phase in (Phase.STARTING, Phase.BROKEN):
        return state, ()
    state = replace(state, phase=Phase.READY, refusable_until=-inf)
    state, stop = _command(state, events.Stop)
    return state, (
        events.StopListening(),
        events.Clear(Layer.ACTIVITY),
        events.Show(Cue.CANCELLED),
        stop,
    )


def _recognised(state: State, mood: Mood, at: float) -> Step:
    state = replace(state, refused=frozenset(), refusable_until=-inf)
    if mood.sure or state.guess:
        state, actions = _shown(state, mood, at)
    else:
        state = replace(state, mood=mood, mood_at=at, is_shown=False)
        state, actions = _end(state, events.Show(Cue.UNSURE))
    return state, (events.Learn(), *actions)


def _shown(state: State, mood: Mood, at: float) -> Step:
    """The light shows a mood, and its music starts."""
    state = replace(state, phase=Phase.STARTING_MUSIC, mood=mood, mood_at=at, is_shown=True)
    state, play = _command(state, lambda command: events.Play(command, mood))
    return state, (events.Show(Cue.MOOD, mood.emotion), play)


def _failed(state: State, error: EmotifyError) -> Step:
    """End a round with its fault."""
    state = replace(state, fault=error.fault)
    return _end(state, events.Clear(Layer.ACTIVITY), *_fault(error))


def _end(state: State, *actions: events.Action) -> Step:
    """End a round without new music: what was paused for it is resumed."""
    state = replace(state, phase=Phase.READY)
    if state.music is MusicState.OFF:
        return state, actions
    state, resume = _command(state, events.Resume)
    return state, (*actions, resume)


def _command(state: State, order: Callable[[int], events.Action]) -> tuple[State, events.Action]:
    """A new command to the player; until its outcome comes, the state of the music is unknown."""
    number = state.command + 1
    return replace(state, command=number, music=MusicState.UNKNOWN), order(number)


def _fault(error: EmotifyError) -> tuple[events.Action, ...]:
    is_network = error.fault is Fault.NETWORK
    out_of_reach = events.Show(Cue.OFFLINE) if is_network else events.Clear(Layer.WARNING)
    return events.Show(Cue.of(error.fault)), out_of_reach
