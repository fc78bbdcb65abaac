import logging
import threading
import time
import traceback
from contextlib import contextmanager, suppress

import pytest

from device.clock import Clock, SystemClock
from device.errors import AccountError, EmotifyError, NetworkError, SpeakerError, SpotifyError
from device.mood import Emotion
from device.player import MusicState
from device.playlist.playlist import Playlist, Track
from device.simulation.clock import SimulatedClock
from device.simulation.spotify import Answer, NowPlaying, SimulatedSpeaker, SpotifyStandIn, Trouble
from device.spotify.account import Account
from device.spotify.player import (
    LAG_SECONDS,
    RESUME_SECONDS,
    VERIFY_SECONDS,
    WAKE_SECONDS,
    SpotifyPlayer,
)
from device.spotify.request_budget import CHECKS

pytestmark = pytest.mark.usefixtures("no_collector")

DEVICES = "/v1/me/player/devices"
STATE = "/v1/me/player"
PLAY = "/v1/me/player/play"
PAUSE = "/v1/me/player/pause"
VOLUME = "/v1/me/player/volume"
TOKEN = "/api/token"

JUNK = [
    Answer(200, "<html>Welcome to the hotel's Wi-Fi</html>"),
    Answer(200, "[" * 100_000),
    Answer(200, []),
    Answer(200, {"devices": None}),
    Answer(200, {"devices": [{"id": "x"}]}),
    Answer(200, {"devices": [{"id": "x", "name": 7, "type": "Speaker"}]}),
]
FAILURES = [
    *JUNK,
    *(Answer(status) for status in (400, 401, 403, 404, 413, 418, 429, 500, 502, 503)),
    *(Answer(status, "<html>Bad gateway</html>") for status in (403, 502)),
    *(Answer(status, body) for status in (400, 403, 500) for body in ([], "no", None, 1)),
    Answer(500, {"error": "a string"}),
    Answer(403, {"error": None}),
    Trouble.CUT,
    Trouble.DROP,
]


def short(failure: Answer | Trouble) -> str:
    if isinstance(failure, Trouble):
        return failure.name
    return f"{failure.status} {failure.body}"[:40]


def playlist(first: int = 0, length: int = 25) -> Playlist:
    numbers = range(first, first + length)
    tracks = [Track(f"spotify:track:{n:022}", f"Song {n}", "A band") for n in numbers]
    return Playlist(Emotion.SAD, "sad", tuple(tracks))


@pytest.fixture
def clock():
    return SimulatedClock()


@pytest.fixture
def stand_in(clock):
    speakers = [
        SimulatedSpeaker("Living room", volume=None),
        SimulatedSpeaker("Laptop", kind="Computer"),
        SimulatedSpeaker("Sonos", restricted=True),
    ]
    with SpotifyStandIn(speakers, clock=clock) as stand_in:
        yield stand_in


@pytest.fixture
def account_of(stand_in, clock, tmp_path):
    def make(
        timeout_seconds: float = 5.0, round_seconds: float = 10.0, clock: Clock = clock
    ) -> Account:
        return Account(
            stand_in.client_id,
            stand_in.redirect_uri,
            make.token_file,
            api_url=stand_in.api_url,
            accounts_url=stand_in.accounts_url,
            timeout_seconds=timeout_seconds,
            round_seconds=round_seconds,
            clock=clock,
        )

    make.token_file = tmp_path / "token.json"
    return make


@pytest.fixture
def player(stand_in, account_of, clock):
    account = account_of()
    stand_in.log_in(account)
    stand_in.requests.clear()
    return SpotifyPlayer(account, "Living room", clock)


@pytest.fixture
def impatient(player, account_of, clock):
    return SpotifyPlayer(account_of(timeout_seconds=0.2), "Living room", clock)


def asked(stand_in):
    return [(request.method, request.path) for request in stand_in.requests]


def speaker(stand_in, name):
    return next(one for one in stand_in.player.speakers if one.name == name)


def restricted():
    error = {"status": 403, "message": "Player command failed: Restriction violated"}
    return Answer(403, {"error": error | {"reason": "UNKNOWN"}})


class QuickStart(SimulatedClock):
    """Sleeping takes no time, but waiting for an answer does."""

    def now(self):
        return super().now() + time.monotonic()


@contextmanager
def one_error(kind):
    """Exactly one of the errors, with something to do in it and no word of a token."""
    with pytest.raises(EmotifyError) as caught:
        yield caught
    assert isinstance(caught.value, kind)
    message = str(caught.value)
    assert "\n" not in message
    assert ":" in message or "." in message.rstrip(".")
    assert "Bearer" not in "".join(traceback.format_exception(caught.value))


def test_music_plays_on_the_named_speaker_in_three_requests(player, stand_in):
    found = player.play(playlist())
    assert found.name == "Living room"
    assert stand_in.now_playing.speaker == "Living room"
    assert stand_in.now_playing.uri == playlist().tracks[0].uri
    assert stand_in.now_playing.playing
    assert asked(stand_in) == [("GET", DEVICES), ("PUT", PLAY), ("GET", STATE)]


def test_all_tracks_are_sent_in_their_order(player, stand_in):
    player.play(playlist())
    assert stand_in.requests[1].body == {"uris": [track.uri for track in playlist().tracks]}


def test_no_more_than_a_hundred_tracks_are_sent(player, stand_in):
    player.play(playlist(length=250))
    assert len(stand_in.requests[1].body["uris"]) == 100


def test_a_second_playlist_takes_the_place_of_the_first(player, stand_in):
    player.play(playlist())
    player.play(playlist(first=100))
    assert stand_in.now_playing.uri == playlist(first=100).tracks[0].uri


def test_playing_is_claimed_only_when_it_is_seen(player, stand_in, clock):
    stand_in.player.lag_seconds = 3.5
    before = clock.now()
    player.play(playlist())
    assert clock.now() - before == pytest.approx(sum(VERIFY_SECONDS[:3]))
    assert asked(stand_in).count(("GET", STATE)) == 3


@pytest.mark.parametrize("accepted", [Answer(200), Answer(202), Answer(204)], ids=short)
def test_music_that_is_accepted_and_never_begins_is_an_error(player, stand_in, accepted):
    stand_in.fail_next(accepted, path=PLAY)
    with one_error(SpotifyError) as caught:
        player.play(playlist())
    assert 'does not play on "Living room"' in str(caught.value)
    assert asked(stand_in) == [("GET", DEVICES), ("PUT", PLAY), *[("GET", STATE)] * CHECKS]


def test_other_music_on_the_speaker_is_no_proof_that_ours_plays(player, stand_in):
    player.play(playlist())
    stand_in.fail_next(Answer(204), path=PLAY)
    with one_error(SpotifyError):
        player.play(playlist(first=100))


def test_a_twin_of_the_track_counts_as_the_track(player, stand_in):
    first = playlist().tracks[0]
    stand_in.player.twins[first.uri] = f"spotify:track:{'z' * 22}"
    stand_in.player.titles[first.uri] = first.title
    assert player.play(playlist()).name == "Living room"


def test_a_violated_restriction_is_no_failure_when_the_music_plays(player, stand_in):
    player.play(playlist())
    stand_in.fail_next(restricted(), path=PLAY)
    assert player.play(playlist()).name == "Living room"


def test_pause_stops_our_music_and_resume_goes_on_at_the_same_place(player, stand_in, clock):
    player.play(playlist())
    clock.sleep(60)
    assert player.pause() is True
    assert not stand_in.now_playing.playing
    paused_at = stand_in.player.shown()["progress_ms"]
    clock.sleep(30)
    player.resume()
    assert stand_in.now_playing.playing
    assert stand_in.player.shown()["progress_ms"] == paused_at > 60_000


def test_music_that_plays_on_after_a_failed_change_is_still_ours(player, stand_in):
    player.play(playlist())
    for failure, times in ((Answer(404), 2), (Answer(204), 1)):
        stand_in.fail_next(failure, times, path=PLAY)
        with pytest.raises(EmotifyError):
            player.play(playlist(first=100))
    assert player.pause() is True
    assert not stand_in.now_playing.playing


def test_nothing_is_asked_before_anything_was_started(player, stand_in):
    assert player.pause() is False
    player.resume()
    assert stand_in.requests == []


@pytest.mark.parametrize("later", [0.0, LAG_SECONDS])
def test_pausing_twice_keeps_what_is_to_go_on(player, stand_in, clock, later):
    player.play(playlist())
    assert player.pause()
    clock.sleep(later)
    assert player.pause()
    assert player.resume() is MusicState.PLAYING
    assert stand_in.now_playing.playing


def test_music_that_somebody_else_started_is_left_alone(player, stand_in, clock):
    player.play(playlist())
    stand_in.player.play(
        speaker(stand_in, "Living room").id, {"context_uri": f"spotify:album:{'a' * 22}"}
    )
    stand_in.player.skip(None, 5)
    stand_in.player.play(None, {"uris": [f"spotify:track:{'b' * 22}"]})
    clock.sleep(LAG_SECONDS)
    assert player.pause() is False
    assert stand_in.now_playing.playing


def test_music_that_was_moved_to_another_speaker_is_left_alone(player, stand_in):
    player.play(playlist())
    stand_in.player.transfer(speaker(stand_in, "Laptop").id, play=True)
    assert player.pause() is False
    assert stand_in.now_playing.playing


def test_music_that_was_paused_by_hand_is_neither_paused_nor_resumed(player, stand_in):
    player.play(playlist())
    stand_in.player.pause(None)
    assert player.pause() is False
    player.resume()
    assert not stand_in.now_playing.playing


def test_a_pause_whose_answer_is_lost_is_a_pause_and_the_music_goes_on_later(player, stand_in):
    player.play(playlist())
    stand_in.fail_next(Trouble.LOSE, path=PAUSE)
    assert player.pause() is True
    assert not stand_in.now_playing.playing
    player.resume()
    assert stand_in.now_playing.playing


def test_resuming_music_that_already_plays_changes_nothing(player, stand_in):
    player.play(playlist())
    player.pause()
    stand_in.player.play(None, {})
    player.resume()
    assert stand_in.now_playing.playing


def test_resume_goes_on_once(player, stand_in):
    player.play(playlist())
    player.pause()
    player.resume()
    stand_in.player.pause(None)
    player.resume()
    assert not stand_in.now_playing.playing


def test_speakers_are_listed_with_what_is_known_of_them(player, stand_in):
    stand_in.player.speakers.append(SimulatedSpeaker("TV", id="tv", kind="TV", volume=None))
    player.play(playlist())
    listed = {one.name: one for one in player.speakers()}
    assert list(listed) == ["Living room", "Laptop", "Sonos", "TV"]
    assert listed["Living room"].active
    assert listed["Laptop"].volume == 40
    assert listed["Laptop"].kind == "Computer"
    assert not listed["Laptop"].active
    assert listed["Sonos"].restricted
    assert listed["Sonos"].id is None
    assert listed["TV"].volume is None


@pytest.mark.parametrize("name", ["living room", "  LIVING  ROOM ", "Livingroom"])
def test_capitals_and_spaces_in_the_name_make_no_difference(player, account_of, clock, name):
    assert SpotifyPlayer(account_of(), name, clock).play(playlist()).name == "Living room"


def test_a_wrong_name_is_told_with_the_names_that_there_are(player, account_of, clock):
    with one_error(SpeakerError) as caught:
        SpotifyPlayer(account_of(), "Kitchen", clock).play(playlist())
    assert str(caught.value) == (
        'There is no speaker "Kitchen" in this account; Spotify lists Living room, Laptop, Sonos. '
        "Wake it up (open Spotify on it once), or put one of these names into [player] speaker."
    )


def test_a_sleeping_speaker_is_missing(player, stand_in):
    for one in stand_in.player.speakers:
        one.asleep = True
    with one_error(SpeakerError) as caught:
        player.play(playlist())
    assert "Spotify lists none" in str(caught.value)


def test_two_speakers_of_one_name_cannot_be_told_apart(player, stand_in):
    stand_in.player.speakers.append(SimulatedSpeaker("living room", id="twin"))
    with one_error(SpeakerError) as caught:
        player.play(playlist())
    assert "2 speakers: Living room, living room" in str(caught.value)


@pytest.mark.parametrize("name", ["liv", "LIVING", "Lap"])
def test_the_beginning_of_a_name_suffices_when_no_other_begins_so(player, account_of, clock, name):
    found = SpotifyPlayer(account_of(), name, clock).play(playlist())
    assert found.name.lower().startswith(name.lower())


def test_a_name_that_several_begin_with_is_told_with_all_of_them(player, account_of, clock):
    with one_error(SpeakerError) as caught:
        SpotifyPlayer(account_of(), "L", clock).play(playlist())
    assert "any of 2 speakers: Living room, Laptop" in str(caught.value)


def test_a_whole_name_goes_before_one_that_begins_with_it(player, stand_in, account_of, clock):
    stand_in.player.speakers.append(SimulatedSpeaker("Laptop 2", id="second"))
    assert SpotifyPlayer(account_of(), "laptop", clock).play(playlist()).name == "Laptop"


@pytest.mark.parametrize("identity", [None, "sonos"])
def test_a_restricted_speaker_is_refused(player, stand_in, account_of, clock, identity):
    speaker(stand_in, "Sonos").id = identity
    with one_error(SpeakerError) as caught:
        SpotifyPlayer(account_of(), "Sonos", clock).play(playlist())
    assert "takes no commands" in str(caught.value)
    assert asked(stand_in) == [("GET", DEVICES)]


def test_a_speaker_that_turns_out_restricted_is_refused(player, stand_in):
    error = {"status": 403, "message": "Player command failed: Restricted device"}
    stand_in.fail_next(Answer(403, {"error": error | {"reason": "UNKNOWN"}}), path=PLAY)
    with one_error(SpeakerError):
        player.play(playlist())
    assert asked(stand_in) == [("GET", DEVICES), ("PUT", PLAY)]


def test_without_a_name_the_active_speaker_plays(player, stand_in, account_of, clock):
    stand_in.player.transfer(speaker(stand_in, "Laptop").id, play=False)
    assert SpotifyPlayer(account_of(), "", clock).play(playlist()).name == "Laptop"


def test_without_a_name_the_only_usable_speaker_plays(player, stand_in, account_of, clock):
    speaker(stand_in, "Laptop").asleep = True
    assert SpotifyPlayer(account_of(), " ", clock).play(playlist()).name == "Living room"


def test_without_a_name_several_idle_speakers_are_told(player, account_of, clock):
    with one_error(SpeakerError) as caught:
        SpotifyPlayer(account_of(), "", clock).play(playlist())
    assert "Spotify lists Living room, Laptop:" in str(caught.value)


def test_without_a_name_and_without_speakers_there_is_an_error(player, stand_in, account_of, clock):
    stand_in.player.speakers[:2] = []
    with one_error(SpeakerError) as caught:
        SpotifyPlayer(account_of(), "", clock).play(playlist())
    assert "it lists Sonos" in str(caught.value)


def not_found(times=1):
    return Answer(404, {"error": {"status": 404, "message": "Device not found"}}), times, PLAY


def test_a_speaker_that_sleeps_is_woken_by_a_transfer_and_plays(player, stand_in, clock):
    stand_in.fail_next(*not_found())
    before = clock.now()
    player.play(playlist())
    assert stand_in.now_playing.playing
    assert asked(stand_in) == [
        ("GET", DEVICES),
        ("PUT", PLAY),
        ("GET", DEVICES),
        ("PUT", STATE),
        ("PUT", PLAY),
        ("GET", STATE),
    ]
    assert stand_in.requests[3].body["play"] is False
    assert clock.now() - before == pytest.approx(WAKE_SECONDS + VERIFY_SECONDS[0])


def test_a_speaker_that_stays_asleep_cannot_be_reached(player, stand_in):
    stand_in.fail_next(*not_found(times=2))
    with one_error(SpeakerError) as caught:
        player.play(playlist())
    assert "cannot reach the speaker" in str(caught.value)
    assert asked(stand_in).count(("PUT", PLAY)) == 2


def test_a_speaker_that_came_back_with_another_id_plays(player, stand_in):
    living_room = speaker(stand_in, "Living room")
    player.play(playlist())
    player.pause()
    living_room.id = "another"
    player.play(playlist(first=100))
    assert stand_in.now_playing == NowPlaying(
        playlist(first=100).tracks[0].uri, "Living room", playing=True
    )


def test_a_speaker_that_is_not_listed_is_played_on_by_its_last_id(
    player, stand_in, account_of, clock
):
    player.play(playlist())
    speaker(stand_in, "Living room").listed = False
    later = SpotifyPlayer(account_of(), "living room", clock)
    assert later.play(playlist(first=100)).name == "Living room"
    assert stand_in.now_playing.uri == playlist(first=100).tracks[0].uri


def test_music_that_plays_already_despite_a_refusal_is_a_success(player, stand_in):
    player.play(playlist())
    stand_in.requests.clear()
    stand_in.fail_next(restricted(), path=PLAY)
    player.play(playlist())
    assert asked(stand_in) == [("GET", DEVICES), ("PUT", PLAY), ("GET", STATE)]


def test_a_refusal_while_other_music_plays_is_met_by_one_transfer(player, stand_in):
    stand_in.fail_next(restricted(), path=PLAY)
    player.play(playlist())
    assert stand_in.now_playing.playing
    assert asked(stand_in)[2:] == [
        ("GET", STATE),
        ("PUT", STATE),
        ("PUT", PLAY),
        ("GET", STATE),
    ]


def test_a_refusal_that_stays_is_told(player, stand_in):
    stand_in.fail_next(restricted(), times=2, path=PLAY)
    with one_error(SpotifyError) as caught:
        player.play(playlist())
    assert "from Spotify's own app" in str(caught.value)


def test_without_premium_the_account_is_at_fault(player, stand_in):
    stand_in.player.premium = False
    with one_error(AccountError) as caught:
        player.play(playlist())
    assert "Premium" in str(caught.value)


def test_a_person_who_is_not_on_the_list_of_the_app_is_told_where_it_is(player, stand_in):
    stand_in.web_api.listed = False
    with one_error(AccountError) as caught:
        player.play(playlist())
    assert "developer.spotify.com/dashboard" in str(caught.value)


def test_an_expired_access_token_is_refreshed_once(player, stand_in):
    stand_in.accounts.expire_access_tokens()
    player.play(playlist())
    assert stand_in.now_playing.playing
    assert asked(stand_in)[:3] == [("GET", DEVICES), ("POST", TOKEN), ("GET", DEVICES)]


def test_a_token_that_is_refused_again_is_the_account_s_fault(player, stand_in):
    stand_in.fail_next(Answer(401), times=2, path=DEVICES)
    with one_error(AccountError) as caught:
        player.play(playlist())
    assert "emotify login" in str(caught.value)
    assert asked(stand_in).count(("POST", TOKEN)) == 1


def test_an_ended_login_is_told(player, stand_in):
    stand_in.accounts.end_logins()
    with one_error(AccountError) as caught:
        player.play(playlist())
    assert str(caught.value) == "The login has ended: run `emotify login` again."


def test_without_a_login_nothing_is_sent(account_of, stand_in, clock):
    player = SpotifyPlayer(account_of(), "", clock)
    for act in (lambda: player.play(playlist()), player.speakers):
        with one_error(AccountError) as caught:
            act()
        assert str(caught.value) == "Nobody is logged in: run `emotify login`."
    assert stand_in.requests == []


def test_a_short_rate_limit_is_waited_for_once(player, stand_in, clock):
    stand_in.fail_next(Answer(429, headers={"Retry-After": "7"}), path=DEVICES)
    before = clock.now()
    player.play(playlist())
    assert clock.now() - before == pytest.approx(7 + VERIFY_SECONDS[0])
    assert asked(stand_in).count(("GET", DEVICES)) == 2


@pytest.fixture
def utc(monkeypatch):
    """The time zone in which the clock of these tests begins at 22:13."""
    with monkeypatch.context() as context:
        context.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("utc")
@pytest.mark.parametrize(
    ("times", "answer", "words"),
    [
        (2, Answer(429, headers={"Retry-After": "7"}), "try again at "),
        (1, Answer(429, headers={"Retry-After": "3600"}), "try again at "),
        (1, Answer(429, headers={"Retry-After": "100000"}), "try again tomorrow at "),
        (1, Answer(429, headers={"Retry-After": "9" * 30}), "try again tomorrow at "),
        (1, Answer(429, headers={"Retry-After": "soon"}), "try again at "),
        (1, Answer(429), "try again at "),
        (
            1,
            Answer(429, {"error": {"status": 429, "reason": "QUOTA_EXCEEDED"}}),
            "try again tomorrow at ",
        ),
        (
            1,
            Answer(
                429,
                {"error": {"status": 429, "message": "Quota", "reason": "QUOTA_EXCEEDED"}},
                {"Retry-After": "5"},
            ),
            "try again at ",
        ),
    ],
)
def test_a_long_or_repeated_rate_limit_says_when_to_try_again(
    player, stand_in, times, answer, words
):
    stand_in.fail_next(answer, times, path=PLAY)
    with one_error(SpotifyError) as caught:
        player.play(playlist())
    assert words in str(caught.value)
    assert asked(stand_in).count(("PUT", PLAY)) == times


def test_a_limit_is_kept_over_a_restart_and_nothing_is_asked_until_it_is_over(
    player, stand_in, account_of, clock
):
    stand_in.fail_next(Answer(429, headers={"Retry-After": "3600"}), path=DEVICES)
    with one_error(SpotifyError):
        player.play(playlist())
    stand_in.requests.clear()
    restarted = SpotifyPlayer(account_of(), "Living room", clock)
    for act in (lambda: restarted.play(playlist()), restarted.speakers):
        with one_error(SpotifyError) as caught:
            act()
        assert "too often" in str(caught.value)
    assert stand_in.requests == []
    clock.sleep(3601)
    assert restarted.play(playlist()).name == "Living room"


def test_a_limit_is_not_believed_by_a_clock_that_has_lost_the_time(player, stand_in, account_of):
    stand_in.fail_next(Answer(429, headers={"Retry-After": "3600"}), path=DEVICES)
    with one_error(SpotifyError):
        player.play(playlist())
    lost = SimulatedClock(time=1_600_000_000.0)
    account = account_of(clock=lost)
    assert SpotifyPlayer(account, "Living room", lost).play(playlist())


@pytest.mark.parametrize("trouble", [Answer(502, "<html>Bad gateway</html>"), Trouble.DROP])
@pytest.mark.parametrize("path", [DEVICES, PLAY, STATE])
def test_a_passing_trouble_is_overcome(player, stand_in, trouble, path):
    stand_in.fail_next(trouble, times=2, path=path)
    player.play(playlist())
    assert stand_in.now_playing.playing


@pytest.mark.parametrize("path", [DEVICES, PLAY, STATE])
def test_a_request_that_is_never_answered_ends_as_no_network(impatient, stand_in, path):
    stand_in.fail_next(Trouble.HANG, times=6, path=path)
    with one_error(NetworkError) as caught:
        impatient.play(playlist())
    assert "did not answer in time" in str(caught.value)


def test_a_refresh_that_is_never_answered_ends_as_no_network(impatient, stand_in):
    stand_in.accounts.expire_access_tokens()
    stand_in.fail_next(Trouble.HANG, path=TOKEN)
    with one_error(NetworkError) as caught:
        impatient.play(playlist())
    assert "within 0.2 s" in str(caught.value)
    assert asked(stand_in).count(("POST", TOKEN)) == 1


def test_no_request_is_repeated_when_patience_is_over(player, stand_in, account_of):
    class SlowClock(SimulatedClock):
        def now(self):
            self.sleep(9.0)
            return super().now()

    account = account_of(clock=SlowClock())
    stand_in.fail_next(Trouble.DROP, times=3, path=DEVICES)
    with one_error(NetworkError):
        SpotifyPlayer(account, "Living room", SlowClock()).play(playlist())
    assert len(stand_in.requests) <= 1


@pytest.mark.parametrize("path", [DEVICES, PLAY, STATE, TOKEN])
@pytest.mark.parametrize("trouble", [Trouble.TRICKLE, Trouble.HANG])
def test_no_round_lasts_longer_than_its_deadline(player, stand_in, account_of, path, trouble):
    # The player is asked for its state after the wait for the music to begin.
    seconds = VERIFY_SECONDS[0] + 0.4 if path == STATE else 0.4
    hurried = account_of(timeout_seconds=5.0, round_seconds=seconds)
    if path == TOKEN:
        stand_in.accounts.expire_access_tokens()
    stand_in.fail_next(trouble, times=6, path=path)
    clock = QuickStart()
    began = time.monotonic()
    with one_error(NetworkError):
        SpotifyPlayer(hurried, "Living room", clock).play(playlist())
    assert time.monotonic() - began < 1.0


def test_a_closed_stand_in_cannot_be_reached(player, stand_in):
    stand_in.__exit__()
    with one_error(NetworkError) as caught:
        player.play(playlist())
    assert "check the network" in str(caught.value)


@pytest.mark.parametrize("path", [DEVICES, PLAY, STATE])
@pytest.mark.parametrize("failure", FAILURES, ids=short)
def test_every_failure_that_stays_ends_in_one_error(player, stand_in, path, failure):
    stand_in.fail_next(failure, times=10, path=path)
    with pytest.raises((AccountError, NetworkError, SpeakerError, SpotifyError)) as caught:
        player.play(playlist())
    assert "<html>" not in str(caught.value)


@pytest.mark.parametrize("failure", JUNK, ids=short)
def test_a_list_of_speakers_that_is_junk_makes_no_sense(player, stand_in, failure):
    stand_in.fail_next(failure, path=DEVICES)
    with one_error(SpotifyError) as caught:
        player.speakers()
    assert "is invalid" in str(caught.value)


@pytest.mark.parametrize("status", [400, 413])
def test_a_request_that_spotify_finds_wrong_is_not_repeated(player, stand_in, status):
    error = {"status": status, "message": "Invalid track uri"}
    stand_in.fail_next(Answer(status, {"error": error}), path=PLAY)
    with one_error(SpotifyError) as caught:
        player.play(playlist())
    assert f'HTTP {status}, "Invalid track uri"' in str(caught.value)
    assert asked(stand_in).count(("PUT", PLAY)) == 1


def test_the_player_is_ready_again_after_a_failure(player, stand_in):
    stand_in.fail_next(Answer(500), times=3, path=PLAY)
    with one_error(SpotifyError):
        player.play(playlist())
    player.play(playlist())
    assert stand_in.now_playing.playing


def test_the_player_never_posts(player, stand_in):
    player.play(playlist())
    player.pause()
    player.resume()
    player.stop()
    player.speakers()
    assert {request.method for request in stand_in.requests} == {"GET", "PUT"}


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("path", [DEVICES, PLAY, STATE, TOKEN])
def test_no_token_follows_a_redirection(player, stand_in, path, status):
    stand_in.accounts.expire_access_tokens()
    elsewhere = {"Location": f"{stand_in.accounts_url}/elsewhere"}
    stand_in.fail_next(Answer(status, headers=elsewhere), times=6, path=path)
    with one_error(SpotifyError):
        player.play(playlist())
    assert "/elsewhere" not in [request.path for request in stand_in.requests]
    assert asked(stand_in).count(("POST", TOKEN)) <= 1


def test_no_log_holds_a_token(player, stand_in, account_of, caplog):
    caplog.set_level(logging.DEBUG)
    for name in ("spotipy", "spotipy.client", "spotipy.oauth2", "urllib3"):
        caplog.set_level(logging.DEBUG, logger=name)
    stand_in.log_in(account_of())
    player.play(playlist())
    stand_in.accounts.expire_access_tokens()
    player.play(playlist())
    stand_in.accounts.end_logins()
    with one_error(AccountError):
        player.play(playlist())
    forms = [request.body for request in stand_in.requests if request.path == TOKEN]
    secrets = {
        form[key]
        for form in forms
        for key in ("code", "code_verifier", "refresh_token")
        if key in form
    }
    assert len(secrets) == 3
    assert "Bearer" not in caplog.text
    assert not [secret for secret in secrets if secret in caplog.text]


@pytest.fixture
def loud(stand_in, player):
    """The living room's speaker takes its volume from here."""
    one = speaker(stand_in, "Living room")
    one.volume = 60
    return one


def never_awaited():
    return False


def volumes(stand_in):
    return [
        int(request.query["volume_percent"])
        for request in stand_in.requests
        if request.path == VOLUME
    ]


def test_the_volume_fades_in_and_ends_as_the_person_s_own(player, stand_in, loud, clock):
    player.play(playlist())
    assert loud.volume == 21
    before = clock.now()
    player.settle(never_awaited)
    assert volumes(stand_in) == [21, 40, 60]
    assert clock.now() - before == pytest.approx(2.0)
    assert len(stand_in.requests) == 6


def test_a_press_during_the_fade_restores_the_volume_at_once(player, stand_in, loud, clock):
    player.play(playlist())
    before = clock.now()
    player.settle(lambda: True)
    assert volumes(stand_in) == [21, 60]
    assert clock.now() == before


def test_a_pause_before_the_fade_restores_the_volume(player, stand_in, loud):
    player.play(playlist())
    assert player.pause()
    assert loud.volume == 60


def test_music_that_does_not_begin_leaves_the_volume_as_it_was(player, stand_in, loud):
    stand_in.fail_next(Answer(202), path=PLAY)
    with one_error(SpotifyError):
        player.play(playlist())
    assert loud.volume == 60
    assert len(stand_in.requests) <= 6 + CHECKS


def test_a_volume_that_a_power_cut_left_low_is_restored_by_the_next_round(
    player, stand_in, loud, account_of, clock
):
    player.play(playlist())
    assert loud.volume == 21
    restarted = SpotifyPlayer(account_of(), "Living room", clock)
    restarted.play(playlist())
    restarted.settle(never_awaited)
    assert loud.volume == 60


def test_a_volume_that_was_restored_is_the_person_s_own_a_moment_later(
    player, stand_in, loud, account_of, clock
):
    player.play(playlist())
    assert loud.volume == 21
    restarted = SpotifyPlayer(account_of(), "Living room", clock)
    for first in (0, 100, 200):
        restarted.play(playlist(first))
        restarted.settle(never_awaited)
        assert loud.volume == 60
        restarted.pause()


@pytest.mark.parametrize("failure", [Answer(403), Answer(404), Answer(502), Trouble.DROP])
def test_a_volume_that_cannot_be_set_is_no_failure(player, stand_in, loud, failure):
    stand_in.fail_next(failure, times=10, path=VOLUME)
    player.play(playlist())
    player.settle(never_awaited)
    assert stand_in.now_playing.playing
    assert len(stand_in.requests) <= 6 + 1


def test_a_speaker_without_a_volume_is_not_asked_to_change_it(player, stand_in):
    player.play(playlist())
    player.settle(never_awaited)
    assert volumes(stand_in) == []


def test_shuffle_and_repeat_are_switched_off_where_they_were_on(player, stand_in):
    stand_in.player.transfer(speaker(stand_in, "Living room").id, play=False)
    stand_in.player.set_shuffle(None, True)
    stand_in.player.set_repeat(None, "track")
    player.play(playlist())
    player.settle(never_awaited)
    assert stand_in.player.shown()["shuffle_state"] is False
    assert stand_in.player.shown()["repeat_state"] == "off"


@pytest.mark.parametrize("failure", [Answer(403), Answer(404), Answer(502), Trouble.DROP])
def test_an_order_that_cannot_be_set_is_no_failure(player, stand_in, failure):
    stand_in.player.transfer(speaker(stand_in, "Living room").id, play=False)
    stand_in.player.set_shuffle(None, True)
    stand_in.player.set_repeat(None, "track")
    player.play(playlist())
    stand_in.fail_next(failure, times=10)
    player.settle(never_awaited)
    assert len(stand_in.requests) <= 6 + 1


def test_a_whole_round_with_music_before_takes_six_requests_and_a_look(
    player, stand_in, loud, clock
):
    player.play(playlist())
    player.settle(never_awaited)
    stand_in.requests.clear()
    clock.sleep(LAG_SECONDS)
    assert player.pause()
    player.play(playlist(first=100))
    player.settle(never_awaited)
    assert asked(stand_in) == [
        ("GET", STATE),
        ("PUT", PAUSE),
        ("PUT", PLAY),
        ("PUT", VOLUME),
        ("GET", STATE),
        ("PUT", VOLUME),
        ("PUT", VOLUME),
    ]
    assert loud.volume == 60


def test_after_a_stop_nothing_goes_on(player, stand_in):
    player.play(playlist())
    player.stop()
    player.resume()
    assert not stand_in.now_playing.playing


@pytest.mark.parametrize("failure", [*FAILURES, Trouble.LOSE], ids=short)
def test_no_round_takes_more_than_six_requests_and_its_looks_whatever_fails(
    player, stand_in, loud, clock, failure
):
    for path in (STATE, PAUSE, DEVICES, PLAY, VOLUME):
        player.play(playlist())
        player.settle(never_awaited)
        stand_in.requests.clear()
        stand_in.accounts.expire_access_tokens()
        stand_in.fail_next(failure, times=2, path=path)
        with suppress(EmotifyError):
            player.pause()
            player.play(playlist(first=100))
            player.settle(never_awaited)
        assert len(stand_in.requests) <= 6 + CHECKS
        stand_in.clear_faults()
        clock.sleep(24 * 3600)


def test_a_playlist_of_spotifys_plays_as_it_is(player, stand_in):
    link = "spotify:playlist:37i9dQZF1DX3YSRoSdA634"
    linked = Playlist(Emotion.SAD, "sad: the music there", (), link)
    assert player.play(linked).name == "Living room"
    assert stand_in.requests[1].body == {"context_uri": link}
    assert player.pause()


def test_another_playlist_of_spotifys_is_not_taken_for_ours(player, stand_in, clock):
    ours, other = (f"spotify:album:{number:022}" for number in (1, 2))
    player.play(Playlist(Emotion.SAD, "sad", (), ours))
    stand_in.player.play(None, {"context_uri": other})
    clock.sleep(LAG_SECONDS)
    assert not player.pause()


@pytest.fixture
def lagging(player, stand_in):
    """Spotify shows every change a second late."""
    stand_in.player.lag_seconds = 1.0
    return player


def test_music_that_was_only_just_started_is_paused_though_it_is_not_shown_yet(lagging, stand_in):
    stand_in.fail_next(Answer(403), times=5, path=STATE, method="GET")
    with pytest.raises(EmotifyError):
        lagging.play(playlist())
    stand_in.clear_faults()
    assert stand_in.now_playing.playing
    assert lagging.pause()
    assert not stand_in.now_playing.playing


def test_press_cancel_press_within_a_moment_pauses_and_later_resumes(lagging, stand_in, clock):
    lagging.play(playlist())
    clock.sleep(60)
    for _ in range(3):
        assert lagging.pause()
        assert not stand_in.now_playing.playing
        assert lagging.resume() is MusicState.PLAYING
        assert stand_in.now_playing.playing


def test_new_music_that_was_given_up_is_paused_though_the_old_was_paused_before(
    lagging, stand_in, clock
):
    lagging.play(playlist())
    clock.sleep(60)
    lagging.pause()
    pressed = iter([False] * 8)
    with pytest.raises(EmotifyError):
        lagging.play(playlist(first=100), is_awaited=lambda: next(pressed, True))
    assert stand_in.now_playing.playing
    assert lagging.pause()
    assert not stand_in.now_playing.playing


def test_old_music_that_was_taken_for_the_new_is_still_ours_a_track_later(player, stand_in, clock):
    player.play(playlist())
    stand_in.fail_next(restricted(), path=PLAY)
    player.play(playlist(length=1))
    stand_in.player.skip(None, 1)
    clock.sleep(60)
    assert player.pause()
    assert not stand_in.now_playing.playing


def test_old_music_that_is_still_shown_is_not_taken_for_new_with_the_same_track(
    player, stand_in, clock
):
    player.play(playlist())
    clock.sleep(60)
    stand_in.player.lag_seconds = 3.0
    player.pause()
    stand_in.fail_next(Answer(202), path=PLAY)
    with one_error(SpotifyError):
        player.play(playlist(length=20))
    assert not stand_in.now_playing.playing


def test_after_a_command_that_was_refused_nobody_waits_for_what_is_shown(player, stand_in, clock):
    player.play(playlist())
    player.settle()
    clock.sleep(60)
    stand_in.player.pause(None)
    clock.sleep(60)
    stand_in.fail_next(Answer(403), path=PLAY)
    with one_error(SpotifyError):
        player.play(playlist(first=100))
    before = clock.now()
    assert not player.pause()
    assert clock.now() == before


def test_a_stop_that_was_not_answered_leaves_the_music_known_as_ours(player, stand_in, clock):
    player.play(playlist())
    stand_in.fail_next(Trouble.DROP, times=3, path=PAUSE)
    with one_error(NetworkError):
        player.stop()
    assert player.state() is MusicState.UNKNOWN
    player.stop()
    assert not stand_in.now_playing.playing
    assert player.state() is MusicState.OFF


def test_what_could_not_be_resumed_is_kept_until_it_is(player, stand_in):
    player.play(playlist())
    player.pause()
    stand_in.fail_next(Trouble.DROP, times=3, path=PLAY)
    with one_error(NetworkError):
        player.resume()
    assert player.pause()
    assert player.resume() is MusicState.PLAYING
    assert stand_in.now_playing.playing


def test_what_was_paused_long_ago_does_not_go_on(player, stand_in, clock):
    player.play(playlist())
    player.pause()
    stand_in.fail_next(Trouble.DROP, times=3, path=PLAY)
    with one_error(NetworkError):
        player.resume()
    clock.sleep(RESUME_SECONDS)
    assert not player.pause()


def test_a_resume_that_is_refused_while_nothing_plays_is_an_error(player, stand_in):
    player.play(playlist())
    player.pause()
    stand_in.fail_next(restricted(), path=PLAY)
    with one_error(SpotifyError):
        player.resume()
    assert player.resume() is MusicState.PLAYING


@pytest.mark.parametrize("what", [Trouble.LOSE, Trouble.DROP], ids=["lost", "dropped"])
def test_a_refusal_after_an_answer_that_was_lost_is_looked_into(player, stand_in, clock, what):
    player.play(playlist())
    clock.sleep(60)
    stand_in.fail_next(what, path=PAUSE)
    stand_in.fail_next(restricted(), path=PAUSE)
    assert player.pause()
    assert not stand_in.now_playing.playing


def test_what_was_started_is_remembered_over_a_restart(player, stand_in, account_of, clock):
    player.play(playlist())
    restarted = SpotifyPlayer(account_of(), "Living room", clock)
    assert restarted.state() is MusicState.UNKNOWN
    assert restarted.pause()
    assert not stand_in.now_playing.playing
    restarted.stop()
    assert SpotifyPlayer(account_of(), "Living room", clock).state() is MusicState.OFF


def test_a_page_in_the_place_of_the_state_is_not_taken_for_silence(player, stand_in, clock):
    player.play(playlist())
    clock.sleep(60)
    for answer in (Answer(200, "<html>Log in</html>"), Answer(302, headers={"Location": "/x"})):
        stand_in.fail_next(answer, path=STATE)
        with one_error(SpotifyError):
            player.pause()


@pytest.mark.parametrize("needs", [2.0, 3.5, 5.0])
def test_a_slow_speaker_is_waited_for_whatever_came_before(player, stand_in, loud, clock, needs):
    stand_in.player.lag_seconds = needs
    player.play(playlist())
    player.settle()
    clock.sleep(60)
    player.pause()
    player.play(playlist(first=100))
    player.settle()
    clock.sleep(60)
    player.pause()
    stand_in.fail_next(*not_found())
    player.play(playlist(first=200))
    assert stand_in.now_playing.uri == playlist(first=200).tracks[0].uri


def test_whoever_waits_need_not_wait_for_long(player, stand_in, clock):
    stand_in.player.lag_seconds = 100.0
    pressed = iter([False, False])
    before = clock.now()
    with pytest.raises(EmotifyError):
        player.play(playlist(), is_awaited=lambda: next(pressed, True))
    assert clock.now() - before <= 1.0


def test_a_hanging_request_is_given_up_when_somebody_waits(player, stand_in, account_of):
    # Real time passes here: the account has the machine's own clock.
    account = account_of(clock=SystemClock())
    stand_in.fail_next(Trouble.HANG, path=DEVICES)
    pressed = threading.Event()
    threading.Timer(0.2, pressed.set).start()
    began = time.monotonic()
    with one_error(NetworkError):
        SpotifyPlayer(account, "Living room", SystemClock()).play(
            playlist(), is_awaited=pressed.is_set
        )
    assert time.monotonic() - began < 4.0


@pytest.mark.parametrize("twin", [{"id": None}, {"restricted": True}])
def test_a_twin_that_cannot_be_used_is_no_choice(player, stand_in, twin):
    stand_in.player.speakers.insert(0, SimulatedSpeaker("living room", **{"id": "x"} | twin))
    stand_in.player.speakers[0].id = twin.get("id", "x")
    assert player.play(playlist()).id == speaker(stand_in, "Living room").id


@pytest.mark.parametrize("field", ["type", "is_active", "is_restricted", "id", "name"])
def test_one_device_that_lacks_a_field_hides_no_other(player, stand_in, field):
    devices = stand_in.player.listed()
    del devices[1][field]
    stand_in.fail_next(Answer(200, {"devices": [*devices, None, 7]}), path=DEVICES)
    assert player.play(playlist()).name == "Living room"


def test_a_volume_that_cannot_be_remembered_is_not_lowered(
    player, stand_in, loud, account_of, tmp_path, caplog
):
    (tmp_path / "spotify.json").mkdir()
    for first in (0, 100):
        player.play(playlist(first))
        player.settle()
    assert volumes(stand_in) == []
    assert loud.volume == 60
    assert caplog.text.count("cannot be written") == 1


def test_retry_after_zero_is_tried_again_at_once(player, stand_in, clock):
    stand_in.fail_next(Answer(429, headers={"Retry-After": "0"}), path=PLAY)
    before = clock.now()
    player.play(playlist())
    assert clock.now() - before == pytest.approx(VERIFY_SECONDS[0])


def test_without_a_new_token_the_old_music_is_not_even_asked_to_go_on(player, stand_in, clock):
    player.play(playlist())
    clock.sleep(60)
    player.pause()
    stand_in.requests.clear()
    stand_in.accounts.expire_access_tokens()
    stand_in.fail_next(Answer(429), path=TOKEN)
    with one_error(SpotifyError):
        player.play(playlist(first=100))
    assert player.resume() is MusicState.UNKNOWN
    assert asked(stand_in).count(("POST", TOKEN)) == 1
    assert player.resume() is MusicState.PLAYING
    assert stand_in.now_playing.playing
