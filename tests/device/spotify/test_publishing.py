"""Publishing playlists into an account, against the stand-in."""

from pathlib import Path

import pytest

from device.errors import AccountError, NetworkError, SpotifyError
from device.mood import Emotion
from device.playlist.history import History
from device.playlist.playlist import Playlists
from device.playlist.preferences import Preferences, Strategy
from device.simulation.clock import SimulatedClock
from device.simulation.spotify import Answer, SpotifyStandIn, Trouble
from device.spotify import library
from device.spotify.account import Account
from device.spotify.publishing import publish

COMMITTED = Path(__file__).parents[3] / "models" / "playlists.json"


@pytest.fixture
def stand_in():
    with SpotifyStandIn() as spotify:
        yield spotify


@pytest.fixture
def account(stand_in, tmp_path):
    made = Account(
        stand_in.client_id,
        stand_in.redirect_uri,
        tmp_path / "token.json",
        api_url=stand_in.api_url,
        accounts_url=stand_in.accounts_url,
    )
    login = made.begin_login(library.SCOPE)
    login.finish(stand_in.press_agree(login.address))
    return made


@pytest.fixture
def published(account, tmp_path):
    """Publishes; returns what was said."""

    def run(**preferences):
        music = Playlists(
            (COMMITTED,), History(tmp_path / "history.json"), Preferences(**preferences)
        )
        return list(publish(music, account, SimulatedClock(), tmp_path / "published.json"))

    return run


def writes(stand_in):
    return [r for r in stand_in.requests if r.method != "GET" and r.path.startswith("/v1")]


def test_every_emotion_gets_a_private_playlist_of_its_own(published, stand_in):
    said = published()
    assert [line.split(":")[0] for line in said] == [f"Emotify - {e}" for e in Emotion]
    made = [r.body for r in writes(stand_in) if r.path == "/v1/me/playlists"]
    assert [body["name"] for body in made] == [f"Emotify - {e}" for e in Emotion]
    assert not any(body["public"] for body in made)
    contents = stand_in.web_api.library.playlists.values()
    assert all(len(set(uris)) == len(uris) == 120 for uris in contents)
    assert len({tuple(uris) for uris in contents}) == len(Emotion)


def test_the_second_time_nothing_is_changed(published, stand_in):
    published()
    before = len(writes(stand_in))
    assert all(line.endswith("as it was") for line in published())
    assert len(writes(stand_in)) == before


def test_other_music_replaces_what_was_there(published, stand_in):
    published()
    before = {key: list(uris) for key, uris in stand_in.web_api.library.playlists.items()}
    said = published(strategies=dict.fromkeys(Emotion, Strategy.MATCH))
    after = stand_in.web_api.library.playlists
    assert after.keys() == before.keys()
    changed = [key for key in before if after[key] != before[key]]
    assert len(changed) == 4 == sum("updated" in line for line in said)


def test_a_playlist_that_was_made_but_not_noted_is_found_by_its_name(published, stand_in, tmp_path):
    published()
    (tmp_path / "published.json").unlink()
    assert all("updated" in line for line in published())
    assert len(stand_in.web_api.library.playlists) == len(Emotion)


def test_a_playlist_that_the_person_has_deleted_is_made_again(published, stand_in):
    published()
    del stand_in.web_api.library.playlists["0" * 21 + "3"]
    said = published()
    assert [line for line in said if "as it was" not in line] == ["Emotify - sad: made, 120 tracks"]


def test_an_ordinary_login_is_told_how_to_allow_it(stand_in, account, published):
    stand_in.log_in(account)
    with pytest.raises(AccountError, match="emotify login --playlists"):
        published()
    assert not writes(stand_in)


def test_a_login_for_playlists_also_plays(account):
    account.renew()
    assert account.client().devices()["devices"]


REFUSED_POSTS = [
    (Trouble.DROP, NetworkError),
    (Trouble.LOSE, NetworkError),
    (Answer(502), SpotifyError),
    (Answer(403, {"error": {"status": 403, "message": "Forbidden"}}), SpotifyError),
    (Answer(429, headers={"Retry-After": "3600"}), SpotifyError),
]


@pytest.mark.parametrize("path", ["/v1/me/playlists", f"/v1/playlists/{'0' * 22}/items"])
@pytest.mark.parametrize(("what", "error"), REFUSED_POSTS, ids=str)
def test_a_refused_post_is_told_and_never_sent_twice(
    published, stand_in, tmp_path, path, what, error
):
    stand_in.fail_next(what, path=path, method="POST")
    with pytest.raises(error):
        published()
    posts = [r.path for r in stand_in.requests if r.method == "POST"]
    assert posts.count(path) == 1
    (tmp_path / "spotify.json").unlink(missing_ok=True)  # The limit has passed.
    assert len(published()) == len(Emotion)
    assert len(stand_in.web_api.library.playlists) == len(Emotion)


def test_a_short_rate_limit_is_waited_for(published, stand_in):
    stand_in.fail_next(
        Answer(429, {"error": {"status": 429, "message": "slow"}}, {"Retry-After": "2"}),
        path="/v1/me/playlists",
        method="POST",
    )
    assert len(published()) == len(Emotion)


def test_without_a_network_it_says_so(published, stand_in):
    stand_in.fail_next(Trouble.DROP, times=9)
    with pytest.raises(NetworkError):
        published()
