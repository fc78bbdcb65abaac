import base64
import hashlib
import re
import time
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
import spotipy

from device.errors import AccountError
from device.simulation.clock import SimulatedClock
from device.simulation.spotify import (
    Answer,
    Delay,
    FallAsleep,
    Fault,
    NowPlaying,
    Request,
    SimulatedSpeaker,
    SpotifyStandIn,
    Trouble,
    playback,
)
from device.simulation.spotify.answer import Refused
from device.simulation.spotify.library import SimulatedLibrary
from device.simulation.spotify.player import SimulatedPlayer
from device.simulation.spotify.state import TRACK_SECONDS
from device.spotify.account import Account

URIS = [f"spotify:track:{number:022}" for number in range(3)]
SCOPES = (
    "user-read-playback-state user-modify-playback-state "
    "playlist-modify-private playlist-read-private"
)
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode()


@pytest.fixture
def clock():
    return SimulatedClock()


@pytest.fixture
def stand_in(clock):
    speakers = [
        SimulatedSpeaker("Kitchen", id="kitchen"),
        SimulatedSpeaker("Bath", id="bath", volume=None),
        SimulatedSpeaker("Sonos", id="sonos", restricted=True),
    ]
    with SpotifyStandIn(speakers, clock=clock) as stand_in:
        yield stand_in


@pytest.fixture
def web():
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def token(stand_in, web):
    return exchange(stand_in, web, code_for(stand_in, web)).json()["access_token"]


@pytest.fixture
def spotify(stand_in, token):
    session = requests.Session()
    session.trust_env = False
    client = spotipy.Spotify(auth=token, requests_session=session)
    client.prefix = stand_in.api_url + "/"
    return client


@pytest.fixture
def call(stand_in, web, token):
    def send(method, path, **more):
        headers = {"Authorization": f"Bearer {token}"}
        return web.request(method, stand_in.api_url + path, headers=headers, **more)

    return send


def authorize(stand_in, web, **changes):
    query = {
        "client_id": stand_in.client_id,
        "response_type": "code",
        "redirect_uri": stand_in.redirect_uri,
        "code_challenge_method": "S256",
        "code_challenge": CHALLENGE.rstrip("="),
        "scope": SCOPES,
        "state": "a state",
    } | changes
    address = f"{stand_in.accounts_url}/authorize?{urlencode(query)}"
    return web.get(address, allow_redirects=False)


def code_for(stand_in, web, **changes):
    location = authorize(stand_in, web, **changes).headers["Location"]
    return parse_qs(urlsplit(location).query)["code"][0]


def exchange(stand_in, web, code, /, **changes):
    form = {
        "client_id": stand_in.client_id,
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": stand_in.redirect_uri,
        "code_verifier": VERIFIER,
    } | changes
    return web.post(f"{stand_in.accounts_url}/api/token", data=form)


def refresh(stand_in, web, refresh_token):
    form = {
        "client_id": stand_in.client_id,
        "grant_type": "refresh_token",
        "refresh_token": refresh_token,
    }
    return web.post(f"{stand_in.accounts_url}/api/token", data=form)


def refusal(answer):
    error = answer.json()["error"]
    assert error["status"] == answer.status_code
    return (answer.status_code, error["message"], error.get("reason"))


def test_agreeing_sends_the_browser_back_with_code_and_state(stand_in, web):
    answer = authorize(stand_in, web)
    assert answer.status_code == 302
    address, _, query = answer.headers["Location"].partition("?")
    assert address == stand_in.redirect_uri
    assert parse_qs(query)["state"] == ["a state"]
    assert parse_qs(query)["code"]


def test_cancelling_sends_the_browser_back_with_an_error(stand_in, web):
    stand_in.accounts.agrees = False
    query = parse_qs(urlsplit(authorize(stand_in, web).headers["Location"]).query)
    assert query == {"error": ["access_denied"], "state": ["a state"]}


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "somebody"},
        {"redirect_uri": "http://127.0.0.1:9999/callback"},
        {"redirect_uri": "http://localhost:8000/callback"},
        {"response_type": "token"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
    ],
)
def test_a_wrong_authorisation_request_is_refused(stand_in, web, changes):
    assert authorize(stand_in, web, **changes).status_code == 400


@pytest.mark.parametrize("host", ["localhost", "raspberrypi.local"])
def test_plain_http_is_refused_beyond_the_loopback_even_when_registered(web, host):
    with SpotifyStandIn(redirect_uri=f"http://{host}:8000/callback") as stand_in:
        assert authorize(stand_in, web).status_code == 400


def test_a_loopback_address_registered_without_a_port_fits_every_port(web):
    with SpotifyStandIn(redirect_uri="http://127.0.0.1/callback") as stand_in:
        asked = {"redirect_uri": "http://127.0.0.1:4711/callback"}
        assert authorize(stand_in, web, **asked).status_code == 302
        elsewhere = {"redirect_uri": "http://127.0.0.1:4711/other"}
        assert authorize(stand_in, web, **elsewhere).status_code == 400


def test_a_code_gives_a_token_once(stand_in, web):
    code = code_for(stand_in, web)
    token = exchange(stand_in, web, code).json()
    assert token["token_type"] == "Bearer"
    assert token["expires_in"] == 3600
    assert token["scope"] == SCOPES
    assert token["refresh_token"]
    again = exchange(stand_in, web, code)
    assert again.status_code == 400
    assert again.json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": "another"}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1:1/"}, "invalid_grant"),
        ({"code": "guessed"}, "invalid_grant"),
        ({"client_id": "somebody"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_wrong_token_request_is_refused(stand_in, web, changes, error):
    answer = exchange(stand_in, web, code_for(stand_in, web), **changes)
    assert answer.status_code == 400
    assert answer.json()["error"] == error


def test_a_code_grows_old(stand_in, web, clock):
    code = code_for(stand_in, web)
    clock.sleep(601)
    assert exchange(stand_in, web, code).json()["error"] == "invalid_grant"


def test_a_refresh_gives_no_new_refresh_token(stand_in, web):
    first = exchange(stand_in, web, code_for(stand_in, web)).json()
    second = refresh(stand_in, web, first["refresh_token"]).json()
    assert second["access_token"] != first["access_token"]
    assert "refresh_token" not in second


def test_an_ended_login_is_an_invalid_grant(stand_in, web):
    token = exchange(stand_in, web, code_for(stand_in, web)).json()
    stand_in.accounts.end_logins()
    answer = refresh(stand_in, web, token["refresh_token"])
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_a_login_through_the_account_s_own_way(stand_in, tmp_path):
    account = stand_in.account(tmp_path / "token.json")
    assert account.client().me()["id"]


def test_a_login_with_another_client_id_is_refused(stand_in, tmp_path):
    address = stand_in.accounts_url
    token_file = tmp_path / "t"
    account = Account("other", stand_in.redirect_uri, token_file, api_url="", accounts_url=address)
    with pytest.raises(AccountError, match="Invalid client"):
        stand_in.log_in(account)


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({}, "No token provided"),
        ({"Authorization": "Bearer guessed"}, "Invalid access token"),
        ({"Authorization": "Basic guessed"}, "Invalid access token"),
    ],
)
def test_without_a_good_token_nothing_is_told(stand_in, web, headers, message):
    answer = web.get(f"{stand_in.api_url}/me/player", headers=headers)
    assert refusal(answer) == (401, message, None)


def test_a_token_expires_after_an_hour(call, clock):
    assert call("GET", "/me").status_code == 200
    clock.sleep(3600)
    assert refusal(call("GET", "/me")) == (401, "The access token expired", None)


def test_a_token_without_the_scope_is_not_enough(stand_in, web):
    code = code_for(stand_in, web, scope="user-read-playback-state")
    token = exchange(stand_in, web, code).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert web.get(f"{stand_in.api_url}/me/player/devices", headers=headers).ok
    answer = web.put(f"{stand_in.api_url}/me/player/pause", headers=headers)
    assert refusal(answer) == (403, "Insufficient client scope", None)


def test_a_person_who_is_not_on_the_list_gets_plain_text(stand_in, call):
    stand_in.web_api.listed = False
    answer = call("GET", "/me")
    assert answer.status_code == 403
    assert answer.headers["Content-Type"] == "text/plain"
    assert "not registered" in answer.text


def test_the_speakers_are_listed_as_spotify_does(stand_in, spotify):
    stand_in.player.speakers[0].asleep = True
    bath, sonos = spotify.devices()["devices"]
    assert (bath["name"], bath["supports_volume"], bath["is_restricted"]) == ("Bath", False, False)
    assert (sonos["name"], sonos["is_restricted"]) == ("Sonos", True)


def test_before_anything_plays_there_is_no_state(stand_in, spotify):
    assert spotify.current_playback() is None
    assert stand_in.now_playing is None


def test_playing_changes_the_state(stand_in, spotify):
    spotify.start_playback("kitchen", uris=URIS)
    state = spotify.current_playback()
    assert state["is_playing"]
    assert state["device"]["name"] == "Kitchen"
    assert state["device"]["is_active"]
    assert state["item"]["uri"] == URIS[0]
    assert state["context"] is None
    assert stand_in.now_playing == NowPlaying(URIS[0], "Kitchen", True)


def test_an_album_has_a_context(spotify):
    album = f"spotify:album:{'a' * 22}"
    spotify.start_playback("kitchen", context_uri=album, offset={"position": 2})
    state = spotify.current_playback()
    assert state["context"] == {"type": "album", "uri": album}
    assert state["item"]["uri"].endswith("2")


def test_pause_and_resume_keep_the_place(stand_in, spotify, clock):
    spotify.start_playback("kitchen", uris=URIS)
    clock.sleep(42)
    spotify.pause_playback()
    clock.sleep(1000)
    assert stand_in.now_playing == NowPlaying(URIS[0], "Kitchen", False)
    assert spotify.current_playback()["progress_ms"] == 42_000
    spotify.start_playback()
    clock.sleep(1)
    assert spotify.current_playback()["progress_ms"] == 43_000


def test_tracks_follow_each_other_until_the_last(stand_in, spotify, clock):
    spotify.start_playback("kitchen", uris=URIS)
    clock.sleep(TRACK_SECONDS)
    assert stand_in.now_playing.uri == URIS[1]
    clock.sleep(2 * TRACK_SECONDS)
    assert stand_in.now_playing == NowPlaying(URIS[0], "Kitchen", False)


def test_repeat_begins_again(stand_in, spotify, clock):
    spotify.start_playback("kitchen", uris=URIS)
    spotify.repeat("context")
    clock.sleep(3 * TRACK_SECONDS)
    assert stand_in.now_playing == NowPlaying(URIS[0], "Kitchen", True)
    spotify.repeat("track")
    clock.sleep(TRACK_SECONDS)
    assert stand_in.now_playing == NowPlaying(URIS[0], "Kitchen", True)
    assert spotify.current_playback()["repeat_state"] == "track"


def test_the_queue_comes_first(stand_in, spotify, clock):
    spotify.start_playback("kitchen", uris=URIS)
    spotify.add_to_queue(URIS[2])
    assert [item["uri"] for item in spotify.queue()["queue"]] == [URIS[2], URIS[1], URIS[2]]
    clock.sleep(TRACK_SECONDS)
    assert stand_in.now_playing.uri == URIS[2]


def test_next_previous_and_seek_move_the_place(stand_in, spotify):
    spotify.start_playback("kitchen", uris=URIS)
    spotify.next_track()
    assert stand_in.now_playing.uri == URIS[1]
    spotify.previous_track()
    spotify.seek_track(5000)
    assert stand_in.now_playing.uri == URIS[0]
    assert spotify.current_playback()["progress_ms"] == 5000


def test_a_transfer_takes_the_music_along(stand_in, spotify):
    spotify.start_playback("kitchen", uris=URIS)
    spotify.transfer_playback("bath", force_play=False)
    assert stand_in.now_playing == NowPlaying(URIS[0], "Bath", True)


def test_a_transfer_wakes_no_music(stand_in, spotify):
    spotify.transfer_playback("bath", force_play=False)
    assert not spotify.current_playback()["is_playing"]
    assert stand_in.now_playing is None


def test_shuffle_and_volume_are_kept(stand_in, spotify):
    spotify.start_playback("kitchen", uris=URIS)
    spotify.shuffle(True)
    spotify.volume(17)
    state = spotify.current_playback()
    assert state["shuffle_state"]
    assert state["device"]["volume_percent"] == 17


def test_a_change_shows_late_when_asked_to(stand_in, spotify, clock):
    stand_in.player.lag_seconds = 2
    spotify.start_playback("kitchen", uris=URIS)
    assert spotify.current_playback() is None
    clock.sleep(2)
    assert spotify.current_playback()["is_playing"]


@pytest.mark.parametrize(
    ("method", "path", "answer"),
    [
        ("PUT", "/me/player/play", (404, "Player command failed: No active device found",
                                    "NO_ACTIVE_DEVICE")),
        ("PUT", "/me/player/play?device_id=gone", (404, "Device not found", None)),
        ("PUT", "/me/player/play?device_id=sonos", (403, "Player command failed: Restricted device",
                                                    "UNKNOWN")),
        ("PUT", "/me/player/play?device_id=kitchen",
         (403, "Player command failed: Restriction violated", "UNKNOWN")),
        ("PUT", "/me/player/pause?device_id=kitchen",
         (403, "Player command failed: Restriction violated", "UNKNOWN")),
        ("POST", "/me/player/next?device_id=kitchen",
         (403, "Player command failed: Restriction violated", "UNKNOWN")),
        ("PUT", "/me/player/volume?device_id=bath&volume_percent=1",
         (403, "Player command failed: Cannot control device volume", "VOLUME_CONTROL_DISALLOW")),
    ],
)  # fmt: skip
def test_the_player_refuses_as_spotify_does(call, method, path, answer):
    assert refusal(call(method, path)) == answer


def test_a_sleeping_speaker_is_not_found(stand_in, call):
    stand_in.player.speakers[0].asleep = True
    answer = call("PUT", "/me/player/play?device_id=kitchen", json={"uris": URIS})
    assert refusal(answer) == (404, "Device not found", None)


def test_without_premium_the_player_takes_no_command(stand_in, call):
    stand_in.player.premium = False
    answer = call("PUT", "/me/player/play?device_id=kitchen", json={"uris": URIS})
    assert refusal(answer) == (403, "Player command failed: Premium required", "PREMIUM_REQUIRED")
    assert call("GET", "/me/player/devices").ok


@pytest.mark.parametrize(
    "body",
    [
        {"uris": "spotify:track:1"},
        {"uris": []},
        {"uris": ["spotify:track:short"]},
        {"uris": [f"spotify:album:{'a' * 22}"]},
        {"uris": [7]},
        {"uris": URIS * 50},
        {"context_uri": URIS[0]},
        {"offset": {"position": -1}},
        {"offset": 3},
        {"position_ms": "0"},
        {"position_ms": True},
        {"volume": 3},
        ["uris"],
        "uris",
    ],
)
def test_a_wrong_body_is_refused(stand_in, call, body):
    answer = call("PUT", "/me/player/play?device_id=kitchen", json=body)
    assert refusal(answer)[0] == 400
    assert stand_in.now_playing is None


def test_a_body_that_is_no_json_is_refused(call):
    answer = call("PUT", "/me/player/play?device_id=kitchen", data=b"{")
    assert refusal(answer) == (400, "Malformed body", None)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/me/player?loud=yes"),
        ("PUT", "/me/player/volume"),
        ("PUT", "/me/player/volume?volume_percent=101"),
        ("PUT", "/me/player/volume?volume_percent=-1"),
        ("PUT", "/me/player/shuffle?state=on"),
        ("PUT", "/me/player/repeat?state=yes"),
        ("PUT", "/me/player/seek"),
        ("POST", "/me/player/queue?uri=song"),
        ("PUT", "/me/player"),
        ("GET", "/search?q=blue"),
        ("GET", "/search?q=blue&type=track&limit=11"),
        ("POST", "/me/playlists"),
    ],
)
def test_a_wrong_request_is_refused(call, method, path):
    assert refusal(call(method, path))[0] == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/tracks?ids=1"),
        ("GET", "/artists/1/top-tracks"),
        ("GET", "/artists/1/related-artists"),
        ("GET", "/browse/categories"),
        ("GET", "/users/somebody"),
        ("POST", "/users/standin/playlists"),
        ("GET", "/playlists/1/tracks"),
        ("POST", "/playlists/1/tracks"),
        ("GET", "/me/tracks"),
        ("GET", "/audio-features/1"),
        ("GET", "/recommendations"),
    ],
)
def test_what_development_mode_has_lost_is_forbidden(call, method, path):
    assert refusal(call(method, path)) == (403, "Forbidden", None)


def test_an_unknown_path_is_not_found(call):
    assert refusal(call("GET", "/me/mood")) == (404, "Service not found", None)


def test_playlists_are_made_and_filled(stand_in, spotify, call):
    made = call("POST", "/me/playlists", json={"name": "Sad", "public": False})
    assert made.status_code == 201
    key = made.json()["id"]
    assert call("POST", f"/playlists/{key}/items", json={"uris": URIS}).status_code == 201
    assert call("PUT", f"/playlists/{key}/items", json={"uris": URIS[:1]}).ok
    assert stand_in.web_api.library.playlists == {key: URIS[:1]}
    assert [one["name"] for one in spotify.current_user_playlists()["items"]] == ["Sad"]
    assert call("POST", "/playlists/other/items", json={"uris": URIS}).status_code == 404


def test_a_search_has_a_page_for_each_type(spotify):
    assert set(spotify.search("blue", limit=10, type="track,album")) == {"tracks", "albums"}


def test_requests_are_written_down_without_the_token(stand_in, spotify, token):
    stand_in.requests.clear()
    spotify.start_playback("kitchen", uris=URIS)
    assert stand_in.requests == [
        Request("PUT", "/v1/me/player/play", {"device_id": "kitchen"}, {"uris": URIS})
    ]
    assert token not in repr(stand_in.requests)


def test_trouble_comes_as_often_and_where_it_was_ordered(stand_in, call):
    stand_in.fail_next(Answer(503), times=2, path="/v1/me/player/devices")
    assert call("GET", "/me").ok
    answers = [call("GET", "/me/player/devices").status_code for _ in range(3)]
    assert answers == [503, 503, 200]


@pytest.mark.parametrize("trouble", [Trouble.DROP, Trouble.CUT])
def test_a_connection_can_break(stand_in, call, trouble):
    stand_in.fail_next(trouble)
    with pytest.raises(requests.RequestException):
        call("GET", "/me")


def test_a_request_can_hang(stand_in, call):
    stand_in.fail_next(Trouble.HANG)
    with pytest.raises(requests.Timeout):
        call("GET", "/me", timeout=0.1)


def test_a_script_of_faults_is_played_line_by_line(stand_in, call):
    stand_in.inject(
        [
            Fault(Answer(502), path="/v1/me", times=2),
            Fault(FallAsleep("Kitchen"), path="/v1/me/player/devices"),
            Fault(Delay(0.2), path="/v1/me/player"),
            Fault(Trouble.DROP),
        ]
    )
    assert [call("GET", "/me").status_code for _ in range(2)] == [502, 502]
    listed = call("GET", "/me/player/devices").json()["devices"]
    assert "Kitchen" not in [device["name"] for device in listed]
    began = time.monotonic()
    assert call("GET", "/me/player").status_code == 204
    assert time.monotonic() - began >= 0.2
    with pytest.raises(requests.ConnectionError):
        call("GET", "/me")
    assert call("GET", "/me").status_code == 200


def test_a_lost_answer_is_to_a_request_that_was_carried_out(stand_in, call):
    stand_in.fail_next(Trouble.LOSE)
    with pytest.raises(requests.ConnectionError):
        call("PUT", "/me/player/play?device_id=kitchen", json={"uris": URIS})
    assert stand_in.now_playing.playing


def test_an_answer_can_drip(stand_in, call):
    stand_in.fail_next(Trouble.TRICKLE)
    with call("GET", "/me", stream=True, timeout=1) as answer:
        assert answer.raw.read(2) == b"  "


def test_the_day_has_a_quota(stand_in, call, clock):
    stand_in.web_api.quota.per_day = 2
    assert [call("GET", "/me").status_code for _ in range(3)] == [200, 200, 429]
    clock.sleep(3600)
    answer = call("GET", "/me")
    assert refusal(answer) == (401, "The access token expired", None)


def test_half_a_minute_has_a_limit(stand_in, call, clock):
    stand_in.web_api.quota.per_window = 2
    answers = [call("GET", "/me") for _ in range(3)]
    assert refusal(answers[2]) == (429, "API rate limit exceeded", None)
    assert answers[2].headers["Retry-After"] == "30"
    clock.sleep(30)
    assert call("GET", "/me").status_code == 200


def test_a_login_ends_after_six_months(stand_in, web, clock):
    token = exchange(stand_in, web, code_for(stand_in, web)).json()["refresh_token"]
    clock.sleep(180 * 24 * 3600)
    assert refresh(stand_in, web, token).status_code == 200
    clock.sleep(2 * 24 * 3600)
    assert refresh(stand_in, web, token).json()["error"] == "invalid_grant"


def test_the_stand_in_offers_only_what_is_in_spotify_s_description(description, clock):
    library = SimulatedLibrary()
    for offered in playback.operations(SimulatedPlayer([], clock)) + library.operations():
        path = re.sub(r"\(.*\)", "x", offered.path)
        operation = description.operation(offered.method, path)
        assert set(offered.scopes) <= set(operation.scopes)


@pytest.mark.parametrize(
    ("method", "path", "query", "body"),
    [
        ("PUT", "/me/player/volume", {}, {}),
        ("PUT", "/me/player/volume", {"volume_percent": "loud"}, {}),
        ("PUT", "/me/player/volume", {"volume_percent": "4", "fast": "1"}, {}),
        ("PUT", "/me/player/shuffle", {"state": "maybe"}, {}),
        ("PUT", "/me/player", {}, {"device_ids": "kitchen"}),
        ("PUT", "/me/player", {}, {"play": True}),
        ("PUT", "/me/player/play", {}, {"uris": URIS, "shuffle": True}),
        ("PUT", "/me/player/pause", {}, {"now": True}),
    ],
)
def test_the_description_refuses_what_spotify_does_not_know(description, method, path, query, body):
    with pytest.raises(Refused) as caught:
        description.operation(method, path).check(query, body)
    assert caught.value.answer.status == 400


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/tracks", 403),
        ("PUT", "/me/tracks", 403),
        ("POST", "/users/me/playlists", 403),
        ("GET", "/audio-features/x", 403),
        ("DELETE", "/me/player", 404),
        ("GET", "/me/nothing", 404),
    ],
)
def test_the_description_refuses_deprecated_and_unknown_operations(
    description, method, path, status
):
    with pytest.raises(Refused) as caught:
        description.operation(method, path)
    assert caught.value.answer.status == status


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/me/player/devices", Answer(204)),
        ("/me/player/devices", Answer(200, {"speakers": []})),
        ("/me/player/devices", Answer(200, {"devices": [{"volume_percent": 101}]})),
        ("/me/player", Answer(200, {"is_playing": "yes"})),
        ("/me/player", Answer(403, {"error": "no"})),
    ],
)
def test_the_description_refuses_answers_that_spotify_would_not_give(description, path, answer):
    with pytest.raises(Refused):
        description.operation("GET", path).check_answer(answer)


def test_every_stand_in_of_the_suite_keeps_to_the_description(description, stand_in, call):
    assert stand_in.web_api.openapi is description
    stand_in.player.speakers[0].kind = 7
    answer = call("GET", "/me/player/devices")
    assert "Not as Spotify describes GET /me/player/devices" in refusal(answer)[1]
