import errno
import json
import os
import stat
import threading
import traceback
from functools import partial
from time import monotonic
from time import time as unix_time
from urllib.parse import parse_qs, urlsplit

import pytest

from device.appliance.login_reminder import LoginReminder
from device.clock import SystemClock
from device.errors import AccountError, NetworkError, SpotifyError
from device.simulation.spotify import Answer, SpotifyStandIn, Trouble
from device.spotify.account import Account, LoginStatus
from device.spotify.token_file import TokenFile

pytestmark = pytest.mark.usefixtures("no_collector")

TOKEN = "/api/token"
NOBODY = "Nobody is logged in: run `emotify login`."


@pytest.fixture
def stand_in():
    with SpotifyStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def token_file(tmp_path):
    return tmp_path / "emotify" / "token.json"


@pytest.fixture
def account(stand_in, token_file):
    return account_at(stand_in, token_file)


@pytest.fixture
def logged_in(account, stand_in):
    stand_in.log_in(account)
    return account


def account_at(stand_in, token_file, **changes):
    settings = {
        "client_id": stand_in.client_id,
        "redirect_uri": stand_in.redirect_uri,
        "token_file": token_file,
        "api_url": stand_in.api_url,
        "accounts_url": stand_in.accounts_url,
        "timeout_seconds": 5.0,
    }
    return Account(**settings | changes)


def stored(token_file):
    return json.loads(token_file.read_text())


def change(token_file, **changes):
    token_file.write_text(json.dumps(stored(token_file) | changes))


def refreshes(stand_in):
    forms = [request.body for request in stand_in.requests if request.path == TOKEN]
    return sum(form["grant_type"] == "refresh_token" for form in forms)


def test_a_login_by_paste_opens_the_account(account, stand_in):
    login = account.begin_login()
    login.finish(stand_in.press_agree(login.address))
    assert [device["name"] for device in account.client().devices()["devices"]] == ["Living room"]


def test_the_address_asks_for_what_is_needed_and_no_secret(account, stand_in):
    address = urlsplit(account.begin_login().address)
    asked = {key: values[0] for key, values in parse_qs(address.query).items()}
    assert f"{address.scheme}://{address.netloc}" == stand_in.accounts_url
    assert asked["scope"] == "user-read-playback-state user-modify-playback-state"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == stand_in.redirect_uri
    assert len(asked["state"]) > 16
    assert "client_secret" not in asked


def test_every_login_has_its_own_state_and_challenge(account):
    first, second = (parse_qs(account.begin_login().address) for _ in range(2))
    assert first["state"] != second["state"]
    assert first["code_challenge"] != second["code_challenge"]


def test_spaces_line_breaks_and_quotes_around_the_paste_do_no_harm(account, stand_in):
    login = account.begin_login()
    pasted = stand_in.press_agree(login.address)
    login.finish(f' "{pasted[:60]}\n  {pasted[60:]}" \n')
    assert account.client().devices()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda pasted: "", "Nothing was pasted"),
        (lambda pasted: "  \n", "Nothing was pasted"),
        (lambda pasted: "yes", "not the address"),
        (lambda pasted: pasted.replace("8000", "9000"), "not the address"),
        (lambda pasted: pasted.partition("?")[0], "belongs to another login"),
        (lambda pasted: pasted[:-5], "belongs to another login"),
        (lambda pasted: pasted.partition("&state")[0], "belongs to another login"),
        (lambda pasted: pasted.replace("code=", "cod="), "no code"),
        (lambda pasted: pasted.replace("code=", "code=x"), "no longer good"),
    ],
)
def test_a_bad_paste_is_told_and_may_be_tried_again(account, stand_in, token_file, spoil, words):
    login = account.begin_login()
    pasted = stand_in.press_agree(login.address)
    with pytest.raises(AccountError, match=words):
        login.finish(spoil(pasted))
    assert not token_file.exists()
    login.finish(pasted)
    assert token_file.exists()


def test_pasting_the_address_that_was_printed_is_told(account):
    login = account.begin_login()
    with pytest.raises(AccountError, match="not the address"):
        login.finish(login.address)


def test_an_answer_to_an_older_login_is_refused(account, stand_in):
    older, newer = account.begin_login(), account.begin_login()
    with pytest.raises(AccountError, match="another login"):
        newer.finish(stand_in.press_agree(older.address))


def test_a_code_is_good_for_one_login(account, stand_in):
    login = account.begin_login()
    pasted = stand_in.press_agree(login.address)
    login.finish(pasted)
    with pytest.raises(AccountError, match="no longer good"):
        login.finish(pasted)


def test_cancel_in_the_browser_is_told(account, stand_in):
    stand_in.accounts.agrees = False
    login = account.begin_login()
    with pytest.raises(AccountError, match="declined"):
        login.finish(stand_in.press_agree(login.address))


def test_a_login_that_allows_too_little_is_told(account, stand_in, token_file):
    login = account.begin_login()
    less = login.address.replace("+user-modify-playback-state", "")
    with pytest.raises(AccountError, match="agree to everything"):
        login.finish(stand_in.press_agree(less))
    assert not token_file.exists()


@pytest.mark.parametrize("begin", [Account.begin_login, Account.client, Account.renew])
def test_without_a_client_id_it_is_told_which_command_gets_one(stand_in, token_file, begin):
    with pytest.raises(AccountError) as caught:
        begin(account_at(stand_in, token_file, client_id=""))
    assert "run `emotify login`" in str(caught.value)
    assert "client id" in str(caught.value)


def test_an_unknown_client_id_is_told(logged_in, stand_in, token_file):
    stranger = account_at(stand_in, token_file, client_id="0" * 32)
    with pytest.raises(AccountError, match=r"compare \[spotify\] client_id"):
        stranger.renew()


@pytest.mark.parametrize("use", [Account.client, Account.renew])
def test_without_a_login_nobody_is_logged_in(account, stand_in, use):
    with pytest.raises(AccountError) as caught:
        use(account)
    assert str(caught.value) == NOBODY
    assert stand_in.requests == []


def test_a_token_of_a_narrower_login_asks_nobody_for_input(logged_in, token_file):
    change(token_file, scope="user-read-playback-state")
    with pytest.raises(AccountError) as caught:
        logged_in.client().devices()
    assert str(caught.value) == NOBODY


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"access_token": "a"}',
        b'{"access_token": "", "refresh_token": "r", "scope": "s", "expires_at": 1}',
        b'{"access_token": "a\\n", "refresh_token": "r", "scope": "s", "expires_at": 1}',
        b'{"access_token": "a", "refresh_token": null, "scope": "s", "expires_at": 1}',
        b'{"access_token": "a", "refresh_token": "r", "scope": "s", "expires_at": "soon"}',
    ],
)
def test_a_damaged_token_file_asks_for_a_new_login(account, token_file, stand_in, content):
    token_file.parent.mkdir()
    token_file.write_bytes(content)
    with pytest.raises(AccountError, match="is damaged: run `emotify login` again"):
        account.client()
    stand_in.log_in(account)
    assert account.client().devices()


def test_a_token_file_that_cannot_be_read_is_told(account, token_file):
    token_file.mkdir(parents=True)
    with pytest.raises(AccountError, match="cannot be read"):
        account.client()


def test_a_login_that_cannot_be_stored_is_told(account, stand_in, token_file):
    token_file.parent.write_text("a file where a folder should be")
    with pytest.raises(AccountError, match="cannot be stored"):
        stand_in.log_in(account)


def test_the_token_file_is_for_its_owner_alone(account, stand_in, token_file):
    everything = os.umask(0)
    try:
        stand_in.log_in(account)
    finally:
        os.umask(everything)
    assert stat.S_IMODE(token_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(token_file.parent.stat().st_mode) == 0o700


def test_the_token_file_is_replaced_as_a_whole(logged_in, token_file):
    before = token_file.read_bytes()
    kept = token_file.with_name("kept")
    kept.hardlink_to(token_file)
    logged_in.renew()
    assert kept.read_bytes() == before != token_file.read_bytes()
    assert stat.S_IMODE(token_file.stat().st_mode) == 0o600
    kept.unlink()
    assert sorted(os.listdir(token_file.parent)) == ["token.json", "token.json.previous"]


@pytest.mark.parametrize("access_token", ["", "a\n", None])
def test_a_token_that_is_none_leaves_the_previous_login(
    logged_in, stand_in, token_file, access_token
):
    before = token_file.read_bytes()
    answer = {"access_token": access_token, "expires_in": 3600}
    stand_in.fail_next(Answer(200, answer), path=TOKEN)
    with pytest.raises(SpotifyError, match="is invalid"):
        logged_in.renew()
    assert token_file.read_bytes() == before
    assert os.listdir(token_file.parent) == ["token.json"]


def test_the_time_of_the_login_outlives_every_refresh(logged_in, token_file):
    change(token_file, logged_in_at=1234)
    logged_in.renew()
    assert stored(token_file)["logged_in_at"] == 1234


def test_a_new_login_has_its_own_time(logged_in, stand_in, token_file):
    change(token_file, logged_in_at=1234)
    stand_in.log_in(logged_in)
    assert stored(token_file)["logged_in_at"] > 1_700_000_000


@pytest.mark.parametrize("more", [{}, {"refresh_token": ""}, {"refresh_token": None, "scope": ""}])
def test_a_refresh_without_a_refresh_token_keeps_the_old_one(logged_in, stand_in, token_file, more):
    before = stored(token_file)
    stand_in.fail_next(Answer(200, {"access_token": "new", "expires_in": 3600} | more), path=TOKEN)
    logged_in.renew()
    after = stored(token_file)
    assert after["access_token"] == "new"
    assert after["refresh_token"] == before["refresh_token"]
    assert after["scope"] == before["scope"]


def test_a_refresh_token_that_is_given_anew_is_stored(logged_in, stand_in, token_file):
    answer = {"access_token": "new", "expires_in": 3600, "refresh_token": "fresh"}
    stand_in.fail_next(Answer(200, answer), path=TOKEN)
    logged_in.renew()
    assert stored(token_file)["refresh_token"] == "fresh"


def test_a_token_about_to_expire_is_refreshed_before_it_is_used(logged_in, stand_in, token_file):
    change(token_file, expires_at=0)
    assert logged_in.client().devices()
    assert refreshes(stand_in) == 1


def test_two_threads_refresh_once(logged_in, stand_in, token_file):
    change(token_file, expires_at=0)
    clients = [logged_in.client() for _ in range(4)]
    threads = [threading.Thread(target=client.devices) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refreshes(stand_in) == 1


def test_a_new_login_is_taken_without_a_new_account(logged_in, stand_in, token_file):
    client = logged_in.client()
    stand_in.accounts.end_logins()
    stand_in.log_in(account_at(stand_in, token_file))
    assert client.devices()


def test_an_ended_login_is_told_once_and_put_aside(logged_in, stand_in, token_file):
    change(token_file, expires_at=0)
    before = token_file.read_bytes()
    stand_in.accounts.end_logins()
    stand_in.requests.clear()
    for _ in range(3):
        with pytest.raises(AccountError) as caught:
            logged_in.client().devices()
        assert str(caught.value) == "The login has ended: run `emotify login` again."
    assert refreshes(stand_in) == 1
    assert not token_file.exists()
    assert token_file.with_name("token.json.ended").read_bytes() == before


def test_a_new_login_after_the_end_is_taken_by_the_same_account(logged_in, stand_in, token_file):
    change(token_file, expires_at=0)
    stand_in.accounts.end_logins()
    with pytest.raises(AccountError):
        logged_in.client().devices()
    stand_in.log_in(account_at(stand_in, token_file))
    assert logged_in.client().devices()
    assert not token_file.with_name("token.json.ended").exists()


class InTheMeantime:
    """A clock on which something happens the first time that somebody looks at it."""

    def __init__(self, happens):
        self._happens = [happens]

    def time(self):
        while self._happens:
            self._happens.pop()()
        return unix_time()

    now = staticmethod(monotonic)


def test_a_login_during_a_refresh_is_not_overwritten_by_it(logged_in, stand_in, token_file):
    older = stored(token_file)["refresh_token"]
    log_in = partial(stand_in.log_in, account_at(stand_in, token_file))
    # The clock is read for the new expiry: after the answer came, and before it is stored.
    account_at(stand_in, token_file, clock=InTheMeantime(log_in)).renew()
    assert stored(token_file)["refresh_token"] != older


def test_an_end_of_the_old_login_leaves_a_new_one_alone(logged_in, stand_in, token_file):
    files = TokenFile(token_file, SystemClock())
    older = stored(token_file)["refresh_token"]
    stand_in.log_in(logged_in)
    files.put_aside(older)
    assert logged_in.client().devices()


def test_a_power_cut_at_any_byte_leaves_a_whole_login(logged_in, stand_in, token_file):
    """What the card may hold afterwards: any beginning of the new file, beside the one before."""
    logged_in.renew()
    whole = token_file.read_bytes()
    refresh_token = stored(token_file)["refresh_token"]
    for length in range(len(whole)):
        token_file.with_name(f".{token_file.name}.cut").write_bytes(whole[:length])
        assert TokenFile(token_file, SystemClock()).read()["refresh_token"] == refresh_token
        token_file.write_bytes(whole[:length])
        assert TokenFile(token_file, SystemClock()).read()["refresh_token"] == refresh_token
        token_file.write_bytes(whole)
    token_file.write_bytes(whole[:40])
    assert logged_in.client().devices()


@pytest.mark.parametrize("step", ["fsync", "replace", "fchmod"])
def test_a_token_that_cannot_be_written_is_used_and_told_once(
    logged_in, stand_in, token_file, monkeypatch, caplog, step
):
    before = stored(token_file)

    with monkeypatch.context() as full:
        full.setattr(os, step, Disk.full)
        for _ in range(3):
            stand_in.accounts.expire_access_tokens()
            logged_in.renew()
            assert logged_in.client().devices()["devices"]
    assert stored(token_file) == before
    told = [record for record in caplog.records if "make room there" in record.message]
    assert len(told) == 1
    logged_in.renew()
    assert stored(token_file) != before


def test_a_new_login_goes_before_a_token_that_could_not_be_written(
    logged_in, stand_in, token_file, monkeypatch
):
    with monkeypatch.context() as full:
        full.setattr(os, "replace", Disk.full)
        logged_in.renew()
    stand_in.accounts.end_logins()
    stand_in.log_in(account_at(stand_in, token_file))
    assert logged_in.client().devices()["devices"]


def test_an_ended_login_in_a_folder_that_cannot_be_written_is_told_as_such(
    logged_in, stand_in, token_file, monkeypatch
):
    stand_in.accounts.end_logins()
    stand_in.requests.clear()
    monkeypatch.setattr(os, "replace", Disk.full)
    for _ in range(2):
        with pytest.raises(AccountError, match="The login has ended"):
            logged_in.renew()
    assert len(stand_in.requests) == 1
    assert logged_in.login_status().problem == "The login has ended: run `emotify login` again."


class Disk:
    """One that takes nothing."""

    @staticmethod
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("logged_in_at", [10**18, -(10**18), 10**400, 1e300, "x", None])
def test_an_absurd_time_of_the_login_harms_nothing(account, stand_in, token_file, logged_in_at):
    stand_in.log_in(account)
    change(token_file, logged_in_at=logged_in_at)
    LoginReminder(account.login_status, SystemClock()).check()


def test_leftovers_of_a_power_cut_are_removed(logged_in, token_file):
    old, new = (token_file.with_name(f".token.json.{name}") for name in ("old", "new"))
    for leftover in (old, new):
        leftover.write_text("half")
    os.utime(old, (0, 0))
    logged_in.renew()
    assert not old.exists()
    assert new.exists()


def test_logging_out_leaves_nothing_behind(logged_in, token_file):
    logged_in.renew()
    assert logged_in.log_out()
    assert not [path for path in os.listdir(token_file.parent) if path.startswith("token")]
    assert not logged_in.log_out()
    with pytest.raises(AccountError):
        logged_in.client()


def test_the_standing_tells_when_the_login_ends(account, stand_in, token_file):
    assert account.login_status() == LoginStatus("Nobody is logged in: run `emotify login`.")
    stand_in.log_in(account)
    change(token_file, logged_in_at=1_700_000_000)
    assert account.login_status() == LoginStatus(None, 1_700_000_000 + 180 * 24 * 3600)
    account.renew()
    assert account.login_status().ends_at == 1_700_000_000 + 180 * 24 * 3600
    stand_in.accounts.end_logins()
    with pytest.raises(AccountError):
        account.renew()
    assert account.login_status() == LoginStatus("The login has ended: run `emotify login` again.")


@pytest.mark.parametrize(
    ("trouble", "error", "words"),
    [
        (Trouble.DROP, NetworkError, "cannot be reached"),
        (Trouble.CUT, NetworkError, "cannot be reached"),
        (Trouble.HANG, NetworkError, "did not answer within 0.2 s"),
        (Answer(200, "<html>Sign in to the Wi-Fi</html>"), SpotifyError, "is invalid"),
        (Answer(200, []), SpotifyError, "is invalid"),
        (Answer(200, "[" * 100_000), SpotifyError, "is invalid"),
        (Answer(200, {"access_token": "a"}), SpotifyError, "is invalid"),
        (Answer(200, {"access_token": 1, "expires_in": 1}), SpotifyError, "is invalid"),
        (Answer(200, {"access_token": "a", "expires_in": "1"}), SpotifyError, "is invalid"),
        (Answer(400, []), SpotifyError, "is invalid"),
        (Answer(400, {"error": {}}), SpotifyError, "refused"),
        (Answer(429), SpotifyError, "refused"),
        (Answer(503, "<html>Unavailable</html>"), SpotifyError, "refused"),
    ],
)
@pytest.mark.parametrize("act", ["log in", "refresh"])
def test_trouble_with_the_accounts_service_is_one_error(
    logged_in, stand_in, token_file, act, trouble, error, words
):
    account = account_at(stand_in, token_file, timeout_seconds=0.2)
    before = token_file.read_bytes()
    stand_in.requests.clear()
    stand_in.fail_next(trouble, path=TOKEN)
    with pytest.raises(error, match=words) as caught:
        account.renew() if act == "refresh" else stand_in.log_in(account)
    assert isinstance(caught.value, error)
    assert token_file.read_bytes() == before
    assert [request.path for request in stand_in.requests].count(TOKEN) == 1


def test_a_login_without_a_refresh_token_is_not_stored(account, stand_in, token_file):
    stand_in.fail_next(Answer(200, {"access_token": "a", "expires_in": 3600}), path=TOKEN)
    with pytest.raises(SpotifyError, match="is invalid"):
        stand_in.log_in(account)
    assert not token_file.exists()


def test_no_error_shows_a_token(logged_in, stand_in, token_file):
    token = stored(token_file)
    echo = " ".join(str(value) for value in token.values())
    for answer in (Answer(400, echo), Answer(400, {"error": echo}), Answer(200, echo)):
        stand_in.fail_next(answer, path=TOKEN)
        with pytest.raises(SpotifyError) as caught:
            logged_in.renew()
        shown = "".join(traceback.format_exception(caught.value))
        assert token["refresh_token"] not in shown
        assert token["access_token"] not in shown


def test_a_proxy_of_the_environment_is_not_asked_for_the_loopback(logged_in, stand_in, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert logged_in.client().devices()
    logged_in.renew()
