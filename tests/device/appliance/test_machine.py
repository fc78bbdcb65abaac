import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.appliance.events import (
    Clear,
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
from device.appliance.machine import Phase, State, begin, step
from device.errors import Fault, MicrophoneError, ModelError, NetworkError, SpotifyError
from device.light.patterns import Cue, Layer
from device.mood import Emotion, Mood
from device.playlist.playlist import Playlist
from device.speech.endpointing import Unheard

SPEECH = np.ones(16_000, np.float32)
SURE = Mood({emotion: float(emotion is Emotion.SAD) for emotion in Emotion}, threshold=0.5)
UNSURE = Mood(dict.fromkeys(Emotion, 0.125), threshold=0.5)
MUSIC = Playlist(Emotion.SAD, "sad: slow", ())


def play(*events, state=None):
    """The state after some events, and all actions on the way."""
    done = []
    if state is None:
        state, actions = begin()
        done += actions
    for event in events:
        state, actions = step(state, event)
        done += actions
    return state, done


def music_of_the_first_round():
    """The events of a round that goes well, with nothing played before it."""
    return [
        Pressed(),
        Opened(1),
        Heard(1, SPEECH),
        Recognised(1, SURE),
        Playing(1, MUSIC, "Kitchen"),
    ]


READY, _ = play(Loaded())
WITH_MUSIC, _ = play(Loaded(), *music_of_the_first_round())


def cues(actions):
    return [action.cue for action in actions if isinstance(action, Show)]


def kinds(actions):
    return [type(action) for action in actions if not isinstance(action, Show | Clear)]


def test_a_round_goes_from_the_press_to_the_music():
    state, actions = play(Loaded(), *music_of_the_first_round())
    assert kinds(actions) == [Load, Listen, Recognise, Play, Settle]
    assert cues(actions) == [
        Cue.STARTING, Cue.PRESSED, Cue.LISTENING, Cue.THINKING, Cue.MOOD, Cue.PLAYING,
    ]  # fmt: skip
    assert state == State(Phase.READY, 1, 1, Music.PLAYING, SURE)


def test_the_light_is_blue_only_once_the_microphone_is_open():
    _, actions = play(Pressed(), state=READY)
    assert Cue.LISTENING not in cues(actions)


def test_music_is_paused_before_the_microphone_opens():
    state, actions = play(Pressed(), state=WITH_MUSIC)
    assert kinds(actions) == [Pause]
    state, actions = play(Paused(2, goes_on=True), state=state)
    assert kinds(actions) == [Listen]


@pytest.mark.parametrize(
    "events",
    [
        [Opened(2), NothingHeard(2, Unheard.NO_SPEECH)],
        [Opened(2), Pressed()],
        [Heard(2, SPEECH), Recognised(2, UNSURE)],
        [Failed(2, MicrophoneError("gone"))],
        [Heard(2, SPEECH), Failed(2, ModelError("odd"))],
    ],
)
def test_paused_music_goes_on_after_a_round_without_a_mood(events):
    state, _ = play(Pressed(), Paused(2, goes_on=True), state=WITH_MUSIC)
    state, actions = play(*events, state=state)
    assert state.phase is Phase.READY
    assert state.music is Music.UNKNOWN
    assert actions[-1] == Resume(3)
    state, _ = play(Resumed(3, Music.PLAYING), state=state)
    assert state.music is Music.PLAYING


def test_music_that_had_ended_by_itself_is_not_resumed():
    events = [Pressed(), Paused(2, goes_on=False), NothingHeard(2, Unheard.NO_SPEECH)]
    state, actions = play(*events, state=WITH_MUSIC)
    assert Resume not in kinds(actions)
    assert state.music is Music.OFF


def test_a_press_while_listening_cancels():
    state, actions = play(Pressed(), Opened(1), Pressed(), state=READY)
    assert kinds(actions) == [Listen, StopListening]
    assert cues(actions)[-1] is Cue.CANCELLED
    assert state.phase is Phase.READY


def test_a_press_while_thinking_cancels_and_the_late_mood_plays_nothing():
    events = [Pressed(), Heard(1, SPEECH), Pressed(), Recognised(1, SURE)]
    state, actions = play(*events, state=READY)
    assert Play not in kinds(actions)
    assert state.phase is Phase.READY


def test_a_press_while_the_music_starts_begins_a_new_round_that_pauses_it_first():
    events = [Pressed(), Heard(1, SPEECH), Recognised(1, SURE), Pressed()]
    state, actions = play(*events, state=READY)
    assert actions[-1] == Pause(2)
    state, actions = play(Playing(1, MUSIC, "Kitchen"), Paused(2, goes_on=True), state=state)
    assert actions == [Listen(2)]
    assert state.music is Music.PAUSED


def test_while_the_music_is_paused_the_light_is_not_dark():
    _, actions = play(Pressed(), state=WITH_MUSIC)
    assert cues(actions) == [Cue.PRESSED, Cue.PAUSING]


def test_a_press_while_pausing_cancels_and_the_music_goes_on():
    state, actions = play(Pressed(), Pressed(), state=WITH_MUSIC)
    assert actions[-1] == Resume(3)
    state, actions = play(Paused(2, goes_on=True), state=state)
    assert actions == []
    assert state.music is Music.UNKNOWN
    state, actions = play(Resumed(3, Music.PLAYING), state=state)
    assert state.music is Music.PLAYING


def test_the_microphone_stays_shut_until_the_latest_pause_has_been_carried_out():
    events = [Pressed(), Pressed(), Pressed(), Paused(2, True), Resumed(3, Music.PLAYING)]
    state, actions = play(*events, state=WITH_MUSIC)
    assert Listen not in kinds(actions)
    state, actions = play(Paused(4, goes_on=True), state=state)
    assert actions == [Listen(3)]


def test_holding_stops_the_music_and_ends_the_round():
    state, actions = play(Pressed(), Held(), state=WITH_MUSIC)
    assert kinds(actions) == [Pause, StopListening, Stop]
    assert state.phase is Phase.READY
    assert state.music is Music.UNKNOWN
    state, actions = play(Paused(2, goes_on=True), Stopped(3), state=state)
    assert actions == []
    assert state.music is Music.OFF


@pytest.mark.parametrize(
    ("unanswered", "command"),
    [
        ([Held()], 2),
        ([Pressed(), Pressed()], 3),
        ([Pressed()], 2),
        ([Pressed(), Paused(2, False), Heard(2, SPEECH), Recognised(2, SURE)], 3),
    ],
    ids=["stop", "resume", "pause", "play"],
)
def test_after_a_command_that_failed_the_music_is_unknown_and_is_paused_first(unanswered, command):
    failed = MusicFailed(command, NetworkError("down"))
    state, actions = play(*unanswered, failed, state=WITH_MUSIC)
    assert Cue.FAULT_2 in cues(actions)
    assert state.music is Music.UNKNOWN
    state, actions = play(Pressed(), state=state)
    assert kinds(actions) == [Pause]


def test_music_from_before_a_restart_is_paused_first():
    state, _ = play(Loaded(music=Music.UNKNOWN))
    _, actions = play(Pressed(), state=state)
    assert kinds(actions) == [Pause]


def test_when_new_music_does_not_start_the_old_goes_on():
    events = [Pressed(), Paused(2, True), Heard(2, SPEECH), Recognised(2, SURE)]
    failed = MusicFailed(3, SpotifyError("no"))
    _, actions = play(*events, failed, state=WITH_MUSIC)
    assert actions[-1] == Resume(4)
    assert cues(actions)[-1] is Cue.FAULT_5


def test_not_sure_says_so_and_plays_nothing():
    _, actions = play(Pressed(), Heard(1, SPEECH), Recognised(1, UNSURE), state=READY)
    assert cues(actions)[-1] is Cue.UNSURE
    assert Play not in kinds(actions)


def test_not_sure_plays_the_best_guess_where_the_owner_wants_that():
    state, _ = play(Loaded(guess=True))
    _, actions = play(Pressed(), Heard(1, SPEECH), Recognised(1, UNSURE), state=state)
    assert actions[-1] == Play(1, UNSURE)


def test_a_silent_microphone_is_a_fault_and_a_silent_person_is_not():
    state, _ = play(Pressed(), Opened(1), state=READY)
    assert cues(play(NothingHeard(1, Unheard.SILENT), state=state)[1]) == [Cue.FAULT_1]
    for why in set(Unheard) - {Unheard.SILENT}:
        assert cues(play(NothingHeard(1, why), state=state)[1]) == [Cue.UNHEARD]


@pytest.mark.parametrize("error", [MicrophoneError("x"), SpotifyError("x"), NetworkError("x")])
def test_a_failed_step_shows_its_count_and_the_next_press_works(error):
    state, actions = play(Pressed(), Failed(1, error), state=READY)
    assert Cue.of(error.fault) in cues(actions)
    assert Clear(Layer.ACTIVITY) in actions
    _, actions = play(Pressed(), state=state)
    assert actions[-1] == Listen(2)
    assert Clear(Layer.FAULT) in actions


def test_music_that_does_not_start_shows_its_count():
    events = [Pressed(), Heard(1, SPEECH), Recognised(1, SURE), MusicFailed(1, SpotifyError("no"))]
    state, actions = play(*events, state=READY)
    assert cues(actions)[-1] is Cue.FAULT_5
    assert state.phase is Phase.READY


def test_after_a_network_fault_the_light_stays_amber_until_music_plays():
    events = [Pressed(), Heard(1, SPEECH), Recognised(1, SURE), MusicFailed(1, NetworkError("no"))]
    state, actions = play(*events, state=READY)
    assert Cue.OFFLINE in cues(actions)
    _, actions = play(Resumed(2, Music.PLAYING), state=state)
    assert Clear(Layer.WARNING) in actions


def test_the_amber_of_an_earlier_press_does_not_lie_after_another_fault():
    state, _ = play(Pressed(), Failed(1, NetworkError("down")), state=READY)
    _, actions = play(Pressed(), Failed(2, SpotifyError("no")), state=state)
    assert Clear(Layer.WARNING) in actions


def test_music_that_cannot_be_resumed_is_a_fault():
    events = [Pressed(), Pressed(), MusicFailed(3, NetworkError("down"))]
    state, actions = play(*events, state=WITH_MUSIC)
    assert Cue.FAULT_2 in cues(actions)
    assert state.music is Music.UNKNOWN


def test_a_press_during_the_start_is_remembered():
    state, actions = play(Pressed(), Loaded())
    assert actions[-1] == Listen(1)
    assert state.phase is Phase.LISTENING


def test_what_cannot_be_loaded_is_fault_6_and_is_tried_again_at_the_next_press():
    state, actions = play(LoadFailed(ModelError("cut short")))
    assert cues(actions)[-1] is Cue.FAULT_6
    state, actions = play(Pressed(), state=state)
    assert kinds(actions) == [Load]
    state, actions = play(Loaded(), state=state)
    assert actions[-1] == Listen(1)


numbers = st.integers(0, 4)
errors = st.sampled_from([MicrophoneError("a"), NetworkError("b"), SpotifyError("c")])
events = st.one_of(
    st.builds(Loaded, st.booleans(), st.sampled_from([Music.OFF, Music.UNKNOWN])),
    st.builds(LoadFailed, errors),
    st.builds(LoginSeen, st.none(), st.none() | st.integers(0, 30)),
    st.builds(MusicFailed, numbers, errors),
    st.just(Pressed()),
    st.just(Held()),
    st.builds(Paused, numbers, st.booleans()),
    st.builds(Resumed, numbers, st.sampled_from([Music.OFF, Music.PLAYING, Music.UNKNOWN])),
    st.builds(Stopped, numbers),
    st.builds(Opened, numbers),
    st.builds(Heard, numbers, st.just(SPEECH)),
    st.builds(NothingHeard, numbers, st.sampled_from(Unheard)),
    st.builds(Recognised, numbers, st.sampled_from([SURE, UNSURE])),
    st.builds(Playing, numbers, st.just(MUSIC), st.just("Kitchen")),
    st.builds(Failed, numbers, errors),
)


@given(st.lists(events, max_size=40))
def test_whatever_happens_a_press_is_always_answered(happened):
    state, _ = play(*happened)
    _, actions = step(state, Pressed())
    assert {Cue.PRESSED, Cue.CANCELLED} & set(cues(actions))


@given(st.lists(events, max_size=40))
def test_the_microphone_is_never_opened_twice_at_once(happened):
    open_round = None
    state, _ = begin()
    for event in happened:
        state, actions = step(state, event)
        for action in actions:
            if isinstance(action, Listen):
                assert open_round is None
                open_round = action.round
        if state.phase is not Phase.LISTENING:
            open_round = None


@given(st.lists(events, max_size=40))
def test_nothing_plays_without_a_mood_of_the_same_round(happened):
    state, _ = begin()
    for event in happened:
        state, actions = step(state, event)
        for action in actions:
            if isinstance(action, Play):
                assert isinstance(event, Recognised)
                assert event.round == state.round
                assert action.command == state.command


@given(st.lists(events, max_size=40))
def test_the_microphone_opens_only_when_no_music_of_ours_can_play(happened):
    state, _ = begin()
    for event in happened:
        state, actions = step(state, event)
        if any(isinstance(action, Listen) for action in actions):
            assert state.music in (Music.OFF, Music.PAUSED)


def test_every_fault_has_its_cue():
    assert [Cue.of(fault).value for fault in Fault] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("days", "action"),
    [
        (30, Clear(Layer.NOTICE)),
        (14, Show(Cue.LOGIN_ENDS)),
        (0, Show(Cue.LOGIN_ENDS)),
        (None, Clear(Layer.NOTICE)),
    ],
)
def test_the_light_reminds_of_the_login_in_its_last_fourteen_days(days, action):
    state, _ = play(Loaded())
    assert step(state, LoginSeen(None, days)) == (state, (action,))
