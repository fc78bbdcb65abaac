import io
import json
import os
import pty
import re
import socket
import stat
import subprocess
import sys
import threading
import tomllib
import urllib.request

import pytest


@pytest.fixture
def person(monkeypatch, spotify, capfd):
    """Somebody who opens the address, presses Agree and pastes what they are told to paste."""

    class Person(io.TextIOBase):
        def __init__(self, *answers):
            self._answers = list(answers)
            self.read = ""

        def readline(self, *_):
            self.read += capfd.readouterr().out
            if not self._answers:
                return ""
            answer = self._answers.pop(0)
            return f"{answer(self.read) if callable(answer) else answer}\n"

    def sit_down(*answers):
        somebody = Person(*answers)
        monkeypatch.setattr("sys.stdin", somebody)
        return somebody

    return sit_down


@pytest.fixture
def agree(spotify):
    def press(read):
        return spotify.press_agree(address_in(read))

    return press


def address_in(text):
    return next(word for word in text.split() if "/authorize?" in word)


def test_pasting_the_address_logs_in_and_the_chosen_speaker_is_written(
    emotify, configuration, person, agree, tmp_path
):
    configuration.write_text("# mine\n" + configuration.read_text() + "  # the end\n")
    before = configuration.read_text()
    somebody = person(agree, "living")
    status, out, _ = emotify("login", "--config", configuration)
    assert status == 0
    assert "Logged in" in somebody.read
    assert "Living room" in somebody.read
    assert '"Living room" is the speaker now' in out
    assert tomllib.loads(configuration.read_text())["player"] == {"speaker": "Living room"}
    assert configuration.read_text().startswith(before)
    token = tmp_path / "state" / "token.json"
    assert stat.S_IMODE(token.stat().st_mode) == 0o600


def test_a_bad_paste_is_explained_and_may_be_repeated(emotify, configuration, person, agree):
    somebody = person("hello", agree, "")
    status, out, _ = emotify("login", "--config", configuration)
    assert status == 0
    assert "That is not the address" in somebody.read
    assert "emotify speakers --use NAME" in out


def test_a_speaker_that_is_not_there_is_explained_and_may_be_repeated(
    emotify, configuration, person, agree
):
    somebody = person(agree, "kitchen", "Living room")
    status, _, _ = emotify("login", "--config", configuration)
    assert status == 0
    assert 'There is no speaker "kitchen"' in somebody.read


def test_without_a_speaker_the_login_is_good_all_the_same(
    emotify, configuration, person, agree, spotify
):
    spotify.player.speakers.clear()
    person(agree)
    status, out, _ = emotify("login", "--config", configuration)
    assert status == 0
    assert "There is no speaker" in out
    assert "emotify speakers --use NAME" in out


def test_an_end_of_input_is_one_clear_message(emotify, configuration, person):
    person()
    status, _, err = emotify("login", "--config", configuration)
    assert status == 1
    assert "run `emotify login` in a terminal" in err


def test_from_nothing_the_app_is_explained_and_its_client_id_is_written(
    emotify, configuration, person, agree, spotify
):
    lines = configuration.read_text().splitlines()
    configuration.write_text("\n".join(line for line in lines if "client_id" not in line))
    somebody = person("my app", spotify.client_id, agree, "Living room")
    status, _, _ = emotify("login", "--config", configuration)
    assert status == 0
    assert "https://developer.spotify.com/dashboard" in somebody.read
    assert spotify.redirect_uri in somebody.read
    assert "32 digits" in somebody.read
    assert tomllib.loads(configuration.read_text())["spotify"]["client_id"] == spotify.client_id


def test_without_a_client_id_it_says_where_to_get_one(emotify, tmp_path, person):
    empty = tmp_path / "config.toml"
    empty.write_text("")
    person()
    status, _, err = emotify("login", "--config", empty)
    assert status == 1
    assert "https://developer.spotify.com/dashboard" in err
    assert "[spotify] client_id" in err


@pytest.fixture
def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@pytest.fixture
def on_port(configuration, spotify, free_port):
    """The redirect address is on a port that is free."""
    old, new = spotify.redirect_uri, f"http://127.0.0.1:{free_port}/callback"
    spotify.accounts.redirect_uri = new
    configuration.write_text(configuration.read_text().replace(old, new))
    return new


def test_a_browser_on_this_machine_answers_by_itself(
    emotify, configuration, person, agree, on_port
):
    answered = threading.Event()

    def browse(read):
        with urllib.request.urlopen(agree(read)) as page:
            assert b"go back to the terminal" in page.read()
        answered.set()

    def type_nothing(read):
        threading.Thread(target=browse, args=(read,)).start()
        assert answered.wait(20)
        return ""

    somebody = person(type_nothing, "")
    status, out, _ = emotify("login", "--config", configuration)
    assert status == 0
    assert "Logged in" in somebody.read + out


def test_a_login_that_could_not_be_stored_is_not_begun(
    emotify_as_somebody, public_folder, configuration
):
    config, state = public_folder / "config.toml", public_folder / "state"
    config.write_text(configuration.read_text())
    config.chmod(0o644)
    state.mkdir(mode=0o755)
    run = emotify_as_somebody("login", "--config", config, STATE_DIRECTORY=str(state))
    assert run.returncode == 1
    assert "cannot be stored" in run.stderr
    assert "with sudo" in run.stderr
    assert "Open this address" not in run.stdout
    assert "Traceback" not in run.stderr


def test_on_a_wide_terminal_the_address_is_also_a_qr_code(configuration):
    here, there = pty.openpty()
    command = [sys.executable, "-m", "device", "login", "--config", str(configuration)]
    process = subprocess.Popen(
        command, stdin=there, stdout=there, stderr=there, env=os.environ | {"COLUMNS": "200"}
    )
    os.close(there)
    seen = b""
    while b"Paste it here" not in seen:
        seen += os.read(here, 65536)
    process.kill()
    process.wait()
    os.close(here)
    assert "▄" in seen.decode() or "█" in seen.decode()


def test_a_port_that_is_taken_leaves_the_pasting(
    emotify, configuration, person, agree, on_port, free_port
):
    with socket.create_server(("127.0.0.1", free_port)):
        person(agree, "")
        assert emotify("login", "--config", configuration)[0] == 0


def test_the_way_through_ssh_is_told(emotify, configuration, person):
    somebody = person()
    emotify("login", "--config", configuration)
    assert re.search(r"ssh -L 8000:127\.0\.0\.1:8000 \w+@\w+", somebody.read)


def test_logging_out_forgets_the_login(emotify, configuration, account, tmp_path):
    status, out, _ = emotify("logout", "--config", configuration)
    assert status == 0
    assert "Logged out" in out
    assert "spotify.com/account/apps" in out
    assert not list((tmp_path / "state").glob("token*"))
    assert "Nobody was logged in" in emotify("logout", "--config", configuration)[1]


def test_no_word_of_a_login_shows_the_token(emotify, configuration, person, agree, tmp_path):
    somebody = person("hello", agree, "Living room")
    _, out, err = emotify("login", "--config", configuration)
    token = json.loads((tmp_path / "state" / "token.json").read_text())
    shown = somebody.read + out + err
    assert token["access_token"] not in shown
    assert token["refresh_token"] not in shown
