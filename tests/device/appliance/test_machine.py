from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.appliance import events
from device.appliance.machine import Phase, State, begin, step
from device.errors import Fault, MicrophoneError, ModelError, NetworkError, SpotifyError
from device.light.patterns import Cue, Layer
from device.mood import Emotion, Mood
from device.player import MusicState
from device.playlist.playlist import Playlist
from device.speech.endpointing import Unheard

SPEECH = np.ones(16_000, np.float32)
SURE = replace(Mood.certain(Emotion.SAD), threshold=0.5)
UNSURE = Mood(dict.fromkeys(Emotion, 0.125), threshold=0.5)
MUSIC = Playlist(Emotion.SAD, "sad: slow", ())


def play(*sequence, state=None):
    """The state after some events, and all actions on the way."""
    done = []
    if state is None:
        state, actions = begin()
        done += actions
    for event in sequence:
        state, actions = step(state, event)
        done += actions
    return state, done


def music_of_the_first_round():
    """The events of a round that goes well, with nothing played before it."""
    return [
        events.Pressed(),
        events.Opened(1),
        events.Heard(1, SPEECH),
        events.Recognised(1, SURE),
        events.Playing(1, MUSIC, "Kitchen"),
    ]


READY, _ = play(events.Loaded())
WITH_MUSIC, _ = play(events.Loaded(), *music_of_the_first_round())


def cues(actions):
    return [action.cue for action in actions if isinstance(action, events.Show)]


def kinds(actions):
    return [
        type(action) for action in actions if not isinstance(action, events.Show | events.Clear)
    ]


def test_a_round_goes_from_the_press_to_the_music():
    state, actions = play(events.Loaded(), *music_of_the_first_round())
    assert kinds(actions) == [
        events.Load,
        events.Listen,
        events.Recognise,
        events.Play,
        events.Settle,
    ]
    assert cues(actions) == [
        Cue.STARTING, Cue.PRESSED, Cue.LISTENING, Cue.THINKING, Cue.MOOD, Cue.PLAYING,
    ]  # fmt: skip
    assert state == State(Phase.READY, 1, 1, MusicState.PLAYING, SURE)


def test_the_light_is_blue_only_once_the_microphone_is_open():
    _, actions = play(events.Pressed(), state=READY)
    assert Cue.LISTENING not in cues(actions)


def test_music_is_paused_before_the_microphone_opens():
    state, actions = play(events.Pressed(), state=WITH_MUSIC)
    assert kinds(actions) == [events.Pause]
    state, actions = play(events.Paused(2, resumable=True), state=state)
    assert kinds(actions) == [events.Listen]


@pytest.mark.parametrize(
    "sequence",
    [
        [events.Opened(2), events.NothingHeard(2, Unheard.NO_SPEECH)],
        [events.Opened(2), events.Pressed()],
        [events.Heard(2, SPEECH), events.Recognised(2, UNSURE)],
        [events.Failed(2, MicrophoneError("gone"))],
        [events.Heard(2, SPEECH), events.Failed(2, ModelError("odd"))],
    ],
)
def test_paused_music_goes_on_after_a_round_without_a_mood(sequence):
    state, _ = play(events.Pressed(), events.Paused(2, resumable=True), state=WITH_MUSIC)
    state, actions = play(*sequence, state=state)
    assert state.phase is Phase.READY
    assert state.music is MusicState.UNKNOWN
    assert actions[-1] == events.Resume(3)
    state, _ = play(events.Resumed(3, MusicState.PLAYING), state=state)
    assert state.music is MusicState.PLAYING


def test_music_that_had_ended_by_itself_is_not_resumed():
    sequence = [
        events.Pressed(),
        events.Paused(2, resumable=False),
        events.NothingHeard(2, Unheard.NO_SPEECH),
    ]
    state, actions = play(*sequence, state=WITH_MUSIC)
    assert events.Resume not in kinds(actions)
    assert state.music is MusicState.OFF


def test_a_press_while_listening_cancels():
    state, actions = play(events.Pressed(), events.Opened(1), events.Pressed(), state=READY)
    assert kinds(actions) == [events.Listen, events.StopListening]
    assert cues(actions)[-1] is Cue.CANCELLED
    assert state.phase is Phase.READY


def test_a_press_while_thinking_cancels_and_the_late_mood_plays_nothing():
    sequence = [
        events.Pressed(),
        events.Heard(1, SPEECH),
        events.Pressed(),
        events.Recognised(1, SURE),
    ]
    state, actions = play(*sequence, state=READY)
    assert events.Play not in kinds(actions)
    assert state.phase is Phase.READY


def test_a_press_while_the_music_starts_begins_a_new_round_that_pauses_it_first():
    sequence = [
        events.Pressed(),
        events.Heard(1, SPEECH),
        events.Recognised(1, SURE),
        events.Pressed(),
    ]
    state, actions = play(*sequence, state=READY)
    assert actions[-1] == events.Pause(2)
    state, actions = play(
        events.Playing(1, MUSIC, "Kitchen"), events.Paused(2, resumable=True), state=state
    )
    assert actions == [events.Listen(2)]
    assert state.music is MusicState.PAUSED


def test_while_the_music_is_paused_the_light_is_not_dark():
    _, actions = play(events.Pressed(), state=WITH_MUSIC)
    assert cues(actions) == [Cue.PRESSED, Cue.PAUSING]


def test_a_press_while_pausing_cancels_and_the_music_goes_on():
    state, actions = play(events.Pressed(), events.Pressed(), state=WITH_MUSIC)
    assert actions[-1] == events.Resume(3)
    state, actions = play(events.Paused(2, resumable=True), state=state)
    assert actions == []
    assert state.music is MusicState.UNKNOWN
    state, actions = play(events.Resumed(3, MusicState.PLAYING), state=state)
    assert state.music is MusicState.PLAYING


def test_the_microphone_stays_shut_until_the_latest_pause_has_been_carried_out():
    sequence = [
        events.Pressed(),
        events.Pressed(),
        events.Pressed(),
        events.Paused(2, True),
        events.Resumed(3, MusicState.PLAYING),
    ]
    state, actions = play(*sequence, state=WITH_MUSIC)
    assert events.Listen not in kinds(actions)
    state, actions = play(events.Paused(4, resumable=True), state=state)
    assert actions == [events.Listen(3)]


def test_holding_stops_the_music_and_ends_the_round():
    state, actions = play(events.Pressed(), events.Held(), state=WITH_MUSIC)
    assert kinds(actions) == [events.Pause, events.StopListening, events.Stop]
    assert state.phase is Phase.READY
    assert state.music is MusicState.UNKNOWN
    state, actions = play(events.Paused(2, resumable=True), events.Stopped(3), state=state)
    assert actions == []
    assert state.music is MusicState.OFF


@pytest.mark.parametrize(
    ("unanswered", "command"),
    [
        ([events.Held()], 2),
        ([events.Pressed(), events.Pressed()], 3),
        ([events.Pressed()], 2),
        (
            [
                events.Pressed(),
                events.Paused(2, False),
                events.Heard(2, SPEECH),
                events.Recognised(2, SURE),
            ],
            3,
        ),
    ],
    ids=["stop", "resume", "pause", "play"],
)
def test_after_a_command_that_failed_the_music_is_unknown_and_is_paused_first(unanswered, command):
    failed = events.MusicFailed(command, NetworkError("down"))
    state, actions = play(*unanswered, failed, state=WITH_MUSIC)
    assert Cue.FAULT_2 in cues(actions)
    assert state.music is MusicState.UNKNOWN
    state, actions = play(events.Pressed(), state=state)
    assert kinds(actions) == [events.Pause]


def test_music_from_before_a_restart_is_paused_first():
    state, _ = play(events.Loaded(music=MusicState.UNKNOWN))
    _, actions = play(events.Pressed(), state=state)
    assert kinds(actions) == [events.Pause]


def test_when_new_music_does_not_start_the_old_goes_on():
    sequence = [
        events.Pressed(),
        events.Paused(2, True),
        events.Heard(2, SPEECH),
        events.Recognised(2, SURE),
    ]
    failed = events.MusicFailed(3, SpotifyError("no"))
    _, actions = play(*sequence, failed, state=WITH_MUSIC)
    assert actions[-1] == events.Resume(4)
    assert cues(actions)[-1] is Cue.FAULT_5


def test_not_sure_says_so_and_plays_nothing():
    _, actions = play(
        events.Pressed(), events.Heard(1, SPEECH), events.Recognised(1, UNSURE), state=READY
    )
    assert cues(actions)[-1] is Cue.UNSURE
    assert events.Play not in kinds(actions)


def test_not_sure_plays_the_best_guess_where_the_owner_wants_that():
    state, _ = play(events.Loaded(guess=True))
    _, actions = play(
        events.Pressed(), events.Heard(1, SPEECH), events.Recognised(1, UNSURE), state=state
    )
    assert actions[-1] == events.Play(1, UNSURE)


def test_a_silent_microphone_is_a_fault_and_a_silent_person_is_not():
    state, _ = play(events.Pressed(), events.Opened(1), state=READY)
    assert cues(play(events.NothingHeard(1, Unheard.SILENT), state=state)[1]) == [Cue.FAULT_1]
    for why in set(Unheard) - {Unheard.SILENT}:
        assert cues(play(events.NothingHeard(1, why), state=state)[1]) == [Cue.UNHEARD]


@pytest.mark.parametrize("error", [MicrophoneError("x"), SpotifyError("x"), NetworkError("x")])
def test_a_failed_step_shows_its_count_and_the_next_press_works(error):
    state, actions = play(events.Pressed(), events.Failed(1, error), state=READY)
    assert Cue.of(error.fault) in cues(actions)
    assert events.Clear(Layer.ACTIVITY) in actions
    _, actions = play(events.Pressed(), state=state)
    assert actions[-1] == events.Listen(2)
    assert events.Clear(Layer.FAULT) in actions


def test_music_that_does_not_start_shows_its_count():
    sequence = [
        events.Pressed(),
        events.Heard(1, SPEECH),
        events.Recognised(1, SURE),
        events.MusicFailed(1, SpotifyError("no")),
    ]
    state, actions = play(*sequence, state=READY)
    assert cues(actions)[-1] is Cue.FAULT_5
    assert state.phase is Phase.READY


def test_after_a_network_fault_the_light_stays_amber_until_music_plays():
    sequence = [
        events.Pressed(),
        events.Heard(1, SPEECH),
        events.Recognised(1, SURE),
        events.MusicFailed(1, NetworkError("no")),
    ]
    state, actions = play(*sequence, state=READY)
    assert Cue.OFFLINE in cues(actions)
    _, actions = play(events.Resumed(2, MusicState.PLAYING), state=state)
    assert events.Clear(Layer.WARNING) in actions


def test_the_amber_of_an_earlier_press_does_not_lie_after_another_fault():
    state, _ = play(events.Pressed(), events.Failed(1, NetworkError("down")), state=READY)
    _, actions = play(events.Pressed(), events.Failed(2, SpotifyError("no")), state=state)
    assert events.Clear(Layer.WARNING) in actions


def test_music_that_cannot_be_resumed_is_a_fault():
    sequence = [events.Pressed(), events.Pressed(), events.MusicFailed(3, NetworkError("down"))]
    state, actions = play(*sequence, state=WITH_MUSIC)
    assert Cue.FAULT_2 in cues(actions)
    assert state.music is MusicState.UNKNOWN


def test_a_press_during_the_start_is_remembered():
    state, actions = play(events.Pressed(), events.Loaded())
    assert actions[-1] == events.Listen(1)
    assert state.phase is Phase.LISTENING


def test_what_cannot_be_loaded_is_fault_6_and_is_tried_again_at_the_next_press():
    state, actions = play(events.LoadFailed(ModelError("cut short")))
    assert cues(actions)[-1] is Cue.FAULT_6
    state, actions = play(events.Pressed(), state=state)
    assert kinds(actions) == [events.Load]
    state, actions = play(events.Loaded(), state=state)
    assert actions[-1] == events.Listen(1)


numbers = st.integers(0, 4)
errors = st.sampled_from([MicrophoneError("a"), NetworkError("b"), SpotifyError("c")])
sequence = st.one_of(
    st.builds(events.Loaded, st.booleans(), st.sampled_from([MusicState.OFF, MusicState.UNKNOWN])),
    st.builds(events.LoadFailed, errors),
    st.builds(events.LoginChanged, st.none(), st.none() | st.integers(0, 30)),
    st.builds(events.MusicFailed, numbers, errors),
    st.just(events.Pressed()),
    st.just(events.Held()),
    st.builds(events.Paused, numbers, st.booleans()),
    st.builds(
        events.Resumed,
        numbers,
        st.sampled_from([MusicState.OFF, MusicState.PLAYING, MusicState.UNKNOWN]),
    ),
    st.builds(events.Stopped, numbers),
    st.builds(events.Opened, numbers),
    st.builds(events.Heard, numbers, st.just(SPEECH)),
    st.builds(events.NothingHeard, numbers, st.sampled_from(Unheard)),
    st.builds(events.Recognised, numbers, st.sampled_from([SURE, UNSURE])),
    st.builds(events.Playing, numbers, st.just(MUSIC), st.just("Kitchen")),
    st.builds(events.Failed, numbers, errors),
)


@given(st.lists(sequence, max_size=40))
def test_whatever_happens_a_press_is_always_answered(happened):
    state, _ = play(*happened)
    _, actions = step(state, events.Pressed())
    assert {Cue.PRESSED, Cue.CANCELLED} & set(cues(actions))


@given(st.lists(sequence, max_size=40))
def test_the_microphone_is_never_opened_twice_at_once(happened):
    open_round = None
    state, _ = begin()
    for event in happened:
        state, actions = step(state, event)
        for action in actions:
            if isinstance(action, events.Listen):
                assert open_round is None
                open_round = action.round
        if state.phase is not Phase.LISTENING:
            open_round = None


@given(st.lists(sequence, max_size=40))
def test_nothing_plays_without_a_mood_of_the_same_round(happened):
    state, _ = begin()
    for event in happened:
        state, actions = step(state, event)
        for action in actions:
            if isinstance(action, events.Play):
                assert isinstance(event, events.Recognised)
                assert event.round == state.round
                assert action.command == state.command


@given(st.lists(sequence, max_size=40))
def test_the_microphone_opens_only_when_no_music_of_ours_can_play(happened):
    state, _ = begin()
    for event in happened:
        state, actions = step(state, event)
        if any(isinstance(action, events.Listen) for action in actions):
            assert state.music in (MusicState.OFF, MusicState.PAUSED)


def test_every_fault_has_its_cue():
    assert [Cue.of(fault).value for fault in Fault] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("days", "action"),
    [
        (30, events.Clear(Layer.NOTICE)),
        (14, events.Show(Cue.LOGIN_ENDS)),
        (0, events.Show(Cue.LOGIN_ENDS)),
        (None, events.Clear(Layer.NOTICE)),
    ],
)
def test_the_light_reminds_of_the_login_in_its_last_fourteen_days(days, action):
    state, _ = play(events.Loaded())
    assert step(state, events.LoginChanged(None, days)) == (state, (action,))
