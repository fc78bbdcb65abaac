from dataclasses import replace
from itertools import count

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.appliance import events
from device.appliance.machine import Phase, begin, step
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

_presses = count(start=1000, step=1000)


def pressed():
    """A press long after everything before it."""
    return events.Pressed(at=next(_presses))


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
        pressed(),
        events.Opened(1),
        events.Heard(1, SPEECH),
        events.Recognised(1, SURE, at=0),
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
        events.Learn,
        events.Play,
        events.Settle,
    ]
    assert cues(actions) == [
        Cue.STARTING, Cue.PRESSED, Cue.LISTENING, Cue.THINKING, Cue.MOOD, Cue.PLAYING,
    ]  # fmt: skip
    assert (state.phase, state.music, state.mood) == (Phase.READY, MusicState.PLAYING, SURE)


def test_the_light_is_blue_only_once_the_microphone_is_open():
    _, actions = play(pressed(), state=READY)
    assert Cue.LISTENING not in cues(actions)


def test_music_is_paused_before_the_microphone_opens():
    state, actions = play(pressed(), state=WITH_MUSIC)
    assert kinds(actions) == [events.Pause]
    state, actions = play(events.Paused(2, resumable=True), state=state)
    assert kinds(actions) == [events.Listen]


@pytest.mark.parametrize(
    "sequence",
    [
        [events.Opened(2), events.NothingHeard(2, Unheard.NO_SPEECH)],
        [events.Opened(2), pressed()],
        [events.Heard(2, SPEECH), events.Recognised(2, UNSURE, at=0)],
        [events.Failed(2, MicrophoneError("gone"))],
        [events.Heard(2, SPEECH), events.Failed(2, ModelError("odd"))],
    ],
)
def test_paused_music_goes_on_after_a_round_without_a_mood(sequence):
    state, _ = play(pressed(), events.Paused(2, resumable=True), state=WITH_MUSIC)
    state, actions = play(*sequence, state=state)
    assert state.phase is Phase.READY
    assert state.music is MusicState.UNKNOWN
    assert actions[-1] == events.Resume(3)
    state, _ = play(events.Resumed(3, MusicState.PLAYING), state=state)
    assert state.music is MusicState.PLAYING


def test_music_that_had_ended_by_itself_is_not_resumed():
    sequence = [
        pressed(),
        events.Paused(2, resumable=False),
        events.NothingHeard(2, Unheard.NO_SPEECH),
    ]
    state, actions = play(*sequence, state=WITH_MUSIC)
    assert events.Resume not in kinds(actions)
    assert state.music is MusicState.OFF


def test_a_press_while_listening_cancels():
    state, actions = play(pressed(), events.Opened(1), pressed(), state=READY)
    assert kinds(actions) == [events.Listen, events.StopListening]
    assert cues(actions)[-1] is Cue.CANCELLED
    assert state.phase is Phase.READY


def test_a_press_while_thinking_cancels_and_the_late_mood_plays_nothing():
    sequence = [
        pressed(),
        events.Heard(1, SPEECH),
        pressed(),
        events.Recognised(1, SURE, at=0),
    ]
    state, actions = play(*sequence, state=READY)
    assert events.Play not in kinds(actions)
    assert state.phase is Phase.READY


def test_a_press_while_the_music_starts_begins_a_new_round_that_pauses_it_first():
    sequence = [
        pressed(),
        events.Heard(1, SPEECH),
        events.Recognised(1, SURE, at=0),
        pressed(),
    ]
    state, actions = play(*sequence, state=READY)
    assert actions[-1] == events.Pause(2)
    state, actions = play(
        events.Playing(1, MUSIC, "Kitchen"), events.Paused(2, resumable=True), state=state
    )
    assert actions == [events.Listen(2)]
    assert state.music is MusicState.PAUSED


def test_while_the_music_is_paused_the_light_is_not_dark():
    _, actions = play(pressed(), state=WITH_MUSIC)
    assert cues(actions) == [Cue.PRESSED, Cue.PAUSING]


def test_a_press_while_pausing_cancels_and_the_music_goes_on():
    state, actions = play(pressed(), pressed(), state=WITH_MUSIC)
    assert actions[-1] == events.Resume(3)
    state, actions = play(events.Paused(2, resumable=True), state=state)
    assert actions == []
    assert state.music is MusicState.UNKNOWN
    state, actions = play(events.Resumed(3, MusicState.PLAYING), state=state)
    assert state.music is MusicState.PLAYING


def test_the_microphone_stays_shut_until_the_latest_pause_has_been_carried_out():
    sequence = [
        pressed(),
        pressed(),
        pressed(),
        events.Paused(2, True),
        events.Resumed(3, MusicState.PLAYING),
    ]
    state, actions = play(*sequence, state=WITH_MUSIC)
    assert events.Listen not in kinds(actions)
    state, actions = play(events.Paused(4, resumable=True), state=state)
    assert actions == [events.Listen(3)]


def test_holding_stops_the_music_and_ends_the_round():
    state, actions = play(pressed(), events.Held(), state=WITH_MUSIC)
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
        ([pressed(), pressed()], 3),
        ([pressed()], 2),
        (
            [
                pressed(),
                events.Paused(2, False),
                events.Heard(2, SPEECH),
                events.Recognised(2, SURE, at=0),
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
    state, actions = play(pressed(), state=state)
    assert kinds(actions) == [events.Pause]


def test_music_from_before_a_restart_is_paused_first():
    state, _ = play(events.Loaded(music=MusicState.UNKNOWN))
    _, actions = play(pressed(), state=state)
    assert kinds(actions) == [events.Pause]


def test_when_new_music_does_not_start_the_old_goes_on():
    sequence = [
        pressed(),
        events.Paused(2, True),
        events.Heard(2, SPEECH),
        events.Recognised(2, SURE, at=0),
    ]
    failed = events.MusicFailed(3, SpotifyError("no"))
    _, actions = play(*sequence, failed, state=WITH_MUSIC)
    assert actions[-1] == events.Resume(4)
    assert cues(actions)[-1] is Cue.FAULT_5


def test_not_sure_says_so_and_plays_nothing():
    _, actions = play(
        pressed(), events.Heard(1, SPEECH), events.Recognised(1, UNSURE, at=0), state=READY
    )
    assert cues(actions)[-1] is Cue.UNSURE
    assert events.Play not in kinds(actions)


def test_not_sure_plays_the_best_guess_where_the_owner_wants_that():
    state, _ = play(events.Loaded(guess=True))
    _, actions = play(
        pressed(), events.Heard(1, SPEECH), events.Recognised(1, UNSURE, at=0), state=state
    )
    assert actions[-1] == events.Play(1, UNSURE)


@pytest.mark.parametrize("why", Unheard)
def test_what_cannot_be_judged_is_not_learned(why):
    _, actions = play(events.Pressed(0), events.NothingHeard(1, why), state=READY)
    assert events.Learn not in kinds(actions)


@pytest.mark.parametrize("mood", [SURE, UNSURE])
def test_every_sentence_with_a_mood_is_learned_once(mood):
    heard = [pressed(), events.Heard(1, SPEECH), events.Recognised(1, mood, at=0)]
    _, actions = play(*heard, state=READY)
    assert kinds(actions).count(events.Learn) == 1


def test_a_silent_microphone_is_a_fault_and_a_silent_person_is_not():
    state, _ = play(pressed(), events.Opened(1), state=READY)
    assert cues(play(events.NothingHeard(1, Unheard.SILENT), state=state)[1]) == [Cue.FAULT_1]
    for why in set(Unheard) - {Unheard.SILENT}:
        assert cues(play(events.NothingHeard(1, why), state=state)[1]) == [Cue.UNHEARD]


@pytest.mark.parametrize("error", [MicrophoneError("x"), SpotifyError("x"), NetworkError("x")])
def test_a_failed_step_shows_its_count_and_the_next_press_works(error):
    state, actions = play(pressed(), events.Failed(1, error), state=READY)
    assert Cue.of(error.fault) in cues(actions)
    assert events.Clear(Layer.ACTIVITY) in actions
    _, actions = play(pressed(), state=state)
    assert actions[-1] == events.Listen(2)
    assert events.Clear(Layer.FAULT) in actions


def test_music_that_does_not_start_shows_its_count():
    sequence = [
        pressed(),
        events.Heard(1, SPEECH),
        events.Recognised(1, SURE, at=0),
        events.MusicFailed(1, SpotifyError("no")),
    ]
    state, actions = play(*sequence, state=READY)
    assert cues(actions)[-1] is Cue.FAULT_5
    assert state.phase is Phase.READY


def test_after_a_network_fault_the_light_stays_amber_until_music_plays():
    sequence = [
        pressed(),
        events.Heard(1, SPEECH),
        events.Recognised(1, SURE, at=0),
        events.MusicFailed(1, NetworkError("no")),
    ]
    state, actions = play(*sequence, state=READY)
    assert Cue.OFFLINE in cues(actions)
    _, actions = play(events.Resumed(2, MusicState.PLAYING), state=state)
    assert events.Clear(Layer.WARNING) in actions


def test_the_amber_of_an_earlier_press_does_not_lie_after_another_fault():
    state, _ = play(pressed(), events.Failed(1, NetworkError("down")), state=READY)
    _, actions = play(pressed(), events.Failed(2, SpotifyError("no")), state=state)
    assert events.Clear(Layer.WARNING) in actions


def test_music_that_cannot_be_resumed_is_a_fault():
    sequence = [pressed(), pressed(), events.MusicFailed(3, NetworkError("down"))]
    state, actions = play(*sequence, state=WITH_MUSIC)
    assert Cue.FAULT_2 in cues(actions)
    assert state.music is MusicState.UNKNOWN


def test_a_fault_of_the_round_is_not_shown_again_when_the_music_cannot_be_resumed():
    down = NetworkError("down")
    sequence = [pressed(), events.MusicFailed(2, down), events.MusicFailed(3, down)]
    state, actions = play(*sequence, state=WITH_MUSIC)
    assert cues(actions).count(Cue.FAULT_2) == 1
    assert state.music is MusicState.UNKNOWN


def test_another_fault_of_the_round_is_shown_as_well():
    sequence = [
        pressed(),
        events.MusicFailed(2, NetworkError("down")),
        events.MusicFailed(3, SpotifyError("no")),
    ]
    _, actions = play(*sequence, state=WITH_MUSIC)
    assert [cue for cue in cues(actions) if cue.fault] == [Cue.FAULT_2, Cue.FAULT_5]


@pytest.mark.parametrize("again", [events.Pressed(1e9), events.Held()], ids=["press", "hold"])
def test_whoever_presses_again_sees_the_same_fault_again(again):
    down = NetworkError("down")
    sequence = [
        pressed(),
        events.MusicFailed(2, down),
        events.MusicFailed(3, down),
        again,
        events.MusicFailed(4, down),
    ]
    _, actions = play(*sequence, state=WITH_MUSIC)
    assert cues(actions).count(Cue.FAULT_2) == 2


def test_a_press_during_the_start_is_remembered():
    state, actions = play(pressed(), events.Loaded())
    assert actions[-1] == events.Listen(1)
    assert state.phase is Phase.LISTENING


def test_what_cannot_be_loaded_is_fault_6_and_is_tried_again_at_the_next_press():
    state, actions = play(events.LoadFailed(ModelError("cut short")))
    assert cues(actions)[-1] is Cue.FAULT_6
    state, actions = play(pressed(), state=state)
    assert kinds(actions) == [events.Load]
    state, actions = play(events.Loaded(), state=state)
    assert actions[-1] == events.Listen(1)


# --- two presses: not that one ------------------------------------------------

LIKELY = Mood(
    dict(zip(Emotion, (0.05, 0.04, 0.2, 0.5, 0.1, 0.06, 0.03, 0.02), strict=True)), threshold=0.4
)
"""Sad, then happy, angry, ..."""


def after(mood, *more, guess=False):
    """The state after a round with a mood, recognised at 10 s, and some more events."""
    state, _ = play(events.Loaded(guess), pressed(), events.Heard(1, SPEECH))
    return play(events.Recognised(1, mood, at=10), *more, state=state)[0]


PLAYING = events.Playing(1, MUSIC, "Kitchen")


def twice(at, apart=0.4):
    return events.Pressed(at), events.Pressed(at + apart)


def moods(actions):
    """The emotions that the light shows and those that play, which must be the same."""
    shown = [a.emotion for a in actions if isinstance(a, events.Show) and a.cue is Cue.MOOD]
    assert shown == [a.mood.emotion for a in actions if isinstance(a, events.Play)]
    return shown


def refused(actions):
    return [action.emotion for action in actions if isinstance(action, events.Refuse)]


def test_two_presses_while_the_music_plays_turn_to_the_next_likeliest_mood():
    state = after(LIKELY, PLAYING)
    state, first = step(state, events.Pressed(60))
    assert kinds(first) == [events.Pause]  # At once, as for any press.
    state, second = step(state, events.Pressed(60.4))
    assert kinds(second) == [events.StopListening, events.Refuse, events.Play]
    assert (refused(second), moods(second)) == ([Emotion.SAD], [Emotion.HAPPY])
    assert cues(second) == [Cue.PRESSED, Cue.MOOD]
    state, third = play(
        events.Paused(2, resumable=True), events.Playing(3, MUSIC, "Kitchen"), state=state
    )
    assert state.phase is Phase.READY
    assert third[1] == events.Show(Cue.PLAYING, Emotion.HAPPY)


def test_two_presses_while_the_music_is_being_started_do_so_as_well():
    _, actions = play(*twice(12), state=after(LIKELY))
    assert (refused(actions), moods(actions)) == ([Emotion.SAD], [Emotion.HAPPY])


def test_two_presses_after_music_that_failed_do_so_as_well():
    state = after(LIKELY, events.MusicFailed(1, SpotifyError("no")))
    _, actions = play(*twice(20), state=state)
    assert (refused(actions), moods(actions)) == ([Emotion.SAD], [Emotion.HAPPY])
    assert actions[-1] == events.Play(4, LIKELY.without([Emotion.SAD]))


def test_two_presses_with_a_microphone_that_fails_between_them_do_so_as_well():
    state, _ = play(events.Held(), events.Stopped(2), state=after(LIKELY, PLAYING))
    sequence = [events.Pressed(20), events.Failed(2, MicrophoneError("gone")), events.Pressed(20.3)]
    _, actions = play(*sequence, state=state)
    assert moods(actions) == [Emotion.HAPPY]


@pytest.mark.parametrize(("first", "apart"), [(60, 0.5), (131, 0.1)])
def test_two_slow_presses_or_late_ones_cancel_as_ever(first, apart):
    _, actions = play(*twice(first, apart), state=after(LIKELY, PLAYING))
    assert cues(actions)[-1] is Cue.CANCELLED
    assert not refused(actions)
    assert not moods(actions)


def test_two_presses_before_there_was_a_mood_cancel():
    state, actions = play(*twice(5), state=READY)
    assert cues(actions)[-1] is Cue.CANCELLED
    assert state.phase is Phase.READY


def test_the_second_press_of_a_refusal_is_not_the_first_of_another():
    state, _ = play(*twice(20, 0.2), state=after(LIKELY, PLAYING))
    _, actions = step(state, events.Pressed(20.4))
    assert kinds(actions) == [events.Pause]


def test_a_hold_between_the_two_presses_only_stops_the_music():
    sequence = [events.Pressed(20), events.Held(), events.Pressed(20.3)]
    _, actions = play(*sequence, state=after(LIKELY, PLAYING))
    assert not moods(actions)


def test_three_refusals_in_a_row_go_down_the_list_and_each_gives_two_more_minutes():
    state, actions = play(*twice(100), *twice(200), *twice(300, 0.1), state=after(LIKELY, PLAYING))
    assert refused(actions) == [Emotion.SAD, Emotion.HAPPY, Emotion.ANGRY]
    assert moods(actions) == [Emotion.HAPPY, Emotion.ANGRY, Emotion.FEARFUL]
    assert state.refused == {Emotion.SAD, Emotion.HAPPY, Emotion.ANGRY}


def test_when_all_eight_are_refused_the_music_stops_and_two_presses_cancel_again():
    presses = [press for number in range(8) for press in twice(20 + number)]
    state, actions = play(*presses, state=after(LIKELY, PLAYING))
    assert sorted(refused(actions)) == sorted(Emotion)
    assert len(moods(actions)) == 7
    assert isinstance(actions[-1], events.Stop)
    assert cues(actions)[-1] is Cue.CANCELLED
    state, actions = play(*twice(30), state=state)
    assert cues(actions)[-1] is Cue.CANCELLED
    assert not moods(actions)


def test_two_presses_after_a_mood_that_was_not_sure_play_the_likeliest_and_then_the_next():
    unsure = replace(LIKELY, threshold=0.9)
    state, actions = play(*twice(20), state=after(unsure))
    assert (refused(actions), moods(actions)) == ([], [Emotion.SAD])
    _, actions = play(*twice(30), state=state)
    assert (refused(actions), moods(actions)) == ([Emotion.SAD], [Emotion.HAPPY])


def test_a_guess_that_was_shown_can_be_refused():
    unsure = replace(LIKELY, threshold=0.9)
    _, actions = play(*twice(20), state=after(unsure, guess=True))
    assert (refused(actions), moods(actions)) == ([Emotion.SAD], [Emotion.HAPPY])


def test_a_new_mood_forgets_what_the_one_before_was_not():
    state, _ = play(*twice(20), state=after(LIKELY, PLAYING))
    again = [
        events.Pressed(30),
        events.Paused(4, resumable=False),
        events.Heard(3, SPEECH),
        events.Recognised(3, LIKELY, at=35),
    ]
    state, actions = play(*again, state=state)
    assert moods(actions) == [Emotion.SAD]
    assert state.refused == frozenset()


def test_a_press_after_a_very_short_round_is_the_first_of_the_next():
    again = [
        events.Pressed(30),
        events.Paused(2, resumable=False),
        events.Heard(2, SPEECH),
        events.Recognised(2, LIKELY, at=30.2),
        events.Pressed(30.3),
    ]
    _, actions = play(*again, state=after(LIKELY, PLAYING))
    assert refused(actions) == []


def test_the_mood_of_the_round_that_was_turned_is_dropped():
    state, _ = play(*twice(20), state=after(LIKELY, PLAYING))
    late = [events.Heard(2, SPEECH), events.Recognised(2, SURE, at=20.5)]
    assert play(*late, state=state) == (state, [])


numbers = st.integers(0, 4)
errors = st.sampled_from([MicrophoneError("a"), NetworkError("b"), SpotifyError("c")])
sequence = st.one_of(
    st.builds(events.Loaded, st.booleans(), st.sampled_from([MusicState.OFF, MusicState.UNKNOWN])),
    st.builds(events.LoadFailed, errors),
    st.builds(events.LoginChanged, st.none(), st.none() | st.integers(0, 30)),
    st.builds(events.MusicFailed, numbers, errors),
    st.builds(events.Pressed, st.sampled_from([0.0, 0.3, 1.0, 200.0])),
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
    st.builds(events.Recognised, numbers, st.sampled_from([SURE, UNSURE]), st.just(0.0)),
    st.builds(events.Playing, numbers, st.just(MUSIC), st.just("Kitchen")),
    st.builds(events.Failed, numbers, errors),
)


@given(st.lists(sequence, max_size=40))
def test_whatever_happens_a_press_is_always_answered(happened):
    state, _ = play(*happened)
    _, actions = step(state, pressed())
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
def test_nothing_plays_without_a_mood_of_the_same_round_or_the_refusal_of_one(happened):
    state, _ = begin()
    for event in happened:
        before, (state, actions) = state, step(state, event)
        for action in actions:
            if isinstance(action, events.Play):
                assert action.command == state.command
                if isinstance(event, events.Pressed):
                    assert before.mood
                    assert action.mood.emotion not in state.refused
                else:
                    assert isinstance(event, events.Recognised)
                    assert event.round == state.round


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


def test_a_change_is_loaded_at_once_when_no_round_goes_on():
    for state in (READY, WITH_MUSIC, play(events.LoadFailed(ModelError("Damaged.")))[0]):
        loading, actions = step(state, events.Changed())
        assert loading.phase is Phase.STARTING
        assert kinds(actions) == [events.Load]
        ready, actions = step(loading, events.Loaded())
        assert ready.phase is Phase.READY
        assert not kinds(actions)


def test_a_change_in_a_round_is_loaded_after_it():
    state, actions = play(events.Changed(), state=play(pressed(), state=READY)[0])
    assert not actions
    round_ = state.round
    state, actions = play(
        events.Opened(round_), events.NothingHeard(round_, Unheard.NO_SPEECH), state=state
    )
    assert kinds(actions) == [events.Load]
    assert state.phase is Phase.STARTING


def test_a_change_while_everything_is_loaded_is_loaded_after_that():
    state, actions = play(events.Changed(), events.Loaded())
    assert kinds(actions) == [events.Load, events.Load]
    assert state.phase is Phase.STARTING


def test_a_press_while_a_change_is_loaded_begins_a_round_after_it():
    _, actions = play(events.Changed(), pressed(), events.Loaded(), state=READY)
    assert kinds(actions) == [events.Load, events.Listen]
