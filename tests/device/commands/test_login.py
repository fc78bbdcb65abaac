import io
import stat

import pytest


@pytest.fixture
def person(monkeypatch, spotify, capfd):
    """Somebody who opens the address, presses Agree and pastes what they are told to paste."""

    class Person(io.TextIOBase):
        def __init__(self, *mishaps):
            self._pastes = list(mishaps)
            self.read = ""

        def readline(self, *_):
            self.read += capfd.readouterr().out
            if self._pastes:
                return self._pastes.pop(0) + "\n"
            address = next(word for word in self.read.split() if "/authorize?" in word)
            return spotify.press_agree(address) + "\n"

    def sit_down(*mishaps):
        somebody = Person(*mishaps)
        monkeypatch.setattr("sys.stdin", somebody)
        return somebody

    return sit_down


def test_pasting_the_address_logs_in_and_lists_the_speakers(
    emotify, configuration, person, tmp_path
):
    person()
    status, out, _ = emotify("login", "--config", configuration)
    assert status == 0
    assert "Logged in" in out
    assert "Living room" in out
    token = tmp_path / "state" / "token.json"
    assert stat.S_IMODE(token.stat().st_mode) == 0o600


def test_a_bad_paste_is_explained_and_may_be_repeated(emotify, configuration, person):
    somebody = person("hello")
    status, out, _ = emotify("login", "--config", configuration)
    assert status == 0
    assert "That is not the address" in somebody.read
    assert "Logged in" in out


def test_an_end_of_input_is_one_clear_message(emotify, configuration, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    status, _, err = emotify("login", "--config", configuration)
    assert status == 1
    assert "run `emotify login` in a terminal" in err


def test_without_a_client_id_it_says_where_to_get_one(emotify, tmp_path):
    empty = tmp_path / "config.toml"
    empty.write_text("")
    status, _, err = emotify("login", "--config", empty)
    assert status == 1
    assert "https://developer.spotify.com/dashboard" in err
    assert "[spotify] client_id" in err
