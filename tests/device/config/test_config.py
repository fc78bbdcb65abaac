import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.config import config
from device.config.config import Config
from device.errors import ConfigError, Fault
from device.mood import Emotion
from device.playlist.preferences import Strategy

TEN_MISTAKES = """\
[button]
pin = 99
hold_second = 2
[light]
red = 17
brightness = "high"
common = "both"
[spotifi]
x = 1
[mood]
when_unsure = "panic"
[player]
speaker = 7
[spotify]
client_id = 12345
redirect_uri = "http://localhost:8000"
timeout_seconds = nan
"""


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "config.toml"
        path.write_text(text)
        return path

    return write


def test_it_works_without_a_file():
    assert config.load(None) == Config()


def test_what_is_written_is_in_force_and_the_rest_is_default(file):
    found = config.load(file('[player]\nspeaker = "Kitchen"\n[light]\nbrightness = 0.3\n'))
    assert found.player.speaker == "Kitchen"
    assert found.light.brightness == 0.3
    assert found.button == Config().button


def test_all_mistakes_are_told_at_once_with_line_and_remedy(file):
    with pytest.raises(ConfigError) as caught:
        config.load(file(TEN_MISTAKES))
    lines = str(caught.value).splitlines()
    assert "11 mistakes" in lines[0]
    told = [line.split(":")[0].strip() for line in lines[1:]]
    numbers = (2, 3, 5, 6, 7, 8, 11, 13, 15, 16, 17)
    assert told == [f"line {number}" for number in numbers]
    assert "did you mean hold_seconds?" in lines[2]
    assert "also [button] pin" in str(caught.value)
    assert caught.value.fault is Fault.SETUP


def test_what_is_right_in_a_wrong_file_can_still_be_used(file):
    found, mistakes = config.read(file('[button]\npin = 5\nfoo = 1\n[mood]\nwhen_unsure = "no"\n'))
    assert found.button.pin == 5
    assert found.mood.when_unsure == "ask"
    assert len(mistakes) == 2


def test_a_client_id_is_never_shown_not_even_in_a_mistake(file):
    found = config.load(file('[spotify]\nclient_id = "0123456789abcdef"\n'))
    assert "456789" not in str(found)
    assert "0123…" in str(found)
    _, mistakes = config.read(file("[spotify]\nclient_id = 123456789\n"))
    assert "456789" not in mistakes[0]


def test_a_password_in_an_address_is_never_shown(file):
    found = config.load(file('[spotify]\napi_url = "http://me:secret@proxy/v1"\n'))
    assert "secret" not in str(found)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[button\n", "not TOML"),
        (b"\xff\xfe[button]", "not UTF-8"),
        (b"button = 3\n", r"write \[button\]"),
    ],
)
def test_a_file_that_is_no_configuration_is_one_clear_mistake(tmp_path, content, words):
    path = tmp_path / "config.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=words):
        config.load(path)


def test_a_missing_file_is_named():
    with pytest.raises(ConfigError, match=r"nowhere\.toml"):
        config.load(Path("nowhere.toml"))


def test_what_is_printed_can_be_read_again(file):
    assert config.load(file(str(Config()))) == Config()


def test_every_key_is_explained():
    for section in fields(Config):
        for key in fields(section.default_factory):
            assert key.metadata["meaning"]
            assert key.metadata["type"].check(key.default) in (None, "")


@given(st.text())
def test_no_text_at_all_is_worse_than_a_list_of_mistakes(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("config") / "config.toml"
    path.write_text(text, encoding="utf-8", errors="replace")
    found, mistakes = config.read(path)
    assert isinstance(found, Config)
    assert all(mistakes)


@given(st.data())
def test_whatever_stands_in_a_key_is_taken_or_told(tmp_path_factory, data):
    section = data.draw(st.sampled_from(fields(Config)))
    key = data.draw(st.sampled_from(fields(section.default_factory)))
    value = data.draw(st.booleans() | st.integers(-200, 200) | st.floats(-20, 20) | st.just([]))
    text = f"[{section.name}]\n{key.name} = {str(value).lower()}\n"
    assert tomllib.loads(text)
    path = tmp_path_factory.mktemp("config") / "config.toml"
    path.write_text(text)
    found, mistakes = config.read(path)
    taken = getattr(getattr(found, section.name), key.name)
    assert taken == value or any(key.name in mistake for mistake in mistakes)


@pytest.mark.parametrize(
    "link",
    [
        "https://open.spotify.com/playlist/37i9dQZF1DX3YSRoSdA634?si=abc",
        "https://open.spotify.com/intl-de/playlist/37i9dQZF1DX3YSRoSdA634",
        "spotify:playlist:37i9dQZF1DX3YSRoSdA634",
    ],
)
def test_a_link_to_a_playlist_is_taken_in_any_shape(file, link):
    found = config.load(file(f'[links]\nsad = "{link}"\n'))
    assert found.preferences.links == {Emotion.SAD: "spotify:playlist:37i9dQZF1DX3YSRoSdA634"}


@pytest.mark.parametrize("link", ["spotify:track:37i9dQZF1DX3YSRoSdA634", "my playlist", "x" * 22])
def test_what_is_no_link_to_a_playlist_is_a_mistake(file, link):
    with pytest.raises(ConfigError, match="a link to a Spotify playlist or album"):
        config.load(file(f'[links]\nsad = "{link}"\n'))


def test_the_wishes_for_the_playlists_are_in_force(file):
    found = config.load(
        file("[playlists]\nminutes = 60\nexplicit = false\n[strategies]\nhappy = 'lift'\n")
    ).preferences
    assert (found.minutes, found.explicit) == (60, False)
    assert found.strategies[Emotion.HAPPY] is found.strategies[Emotion.SAD] is Strategy.LIFT
    assert found.strategies[Emotion.CALM] is Strategy.MATCH


def test_words_decades_and_languages_are_in_force(file):
    found = config.load(
        file(
            "[playlists]\navoid = 'spiders, divorce'\nallow = 'Murder'\ndecades = '1960, 1970'\n"
            "languages = 'english,spanish'\n"
        )
    ).preferences
    assert (found.avoided, found.allowed) == ("spiders, divorce", "Murder")
    assert (found.decades, found.languages) == ((1960, 1970), ("english", "spanish"))


@pytest.mark.parametrize("line", ["decades = '1965'", "decades = 1960", "languages = 'klingon'"])
def test_an_unknown_decade_or_language_is_a_mistake(file, line):
    with pytest.raises(ConfigError, match="take some of"):
        config.load(file(f"[playlists]\n{line}\n"))


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("http://127.0.0.1:8000/callback", True),
        ("http://[::1]:8000/callback", True),
        ("http://127.0.0.1/callback", True),
        ("http://127.0.0.1:99999/callback", False),
        ("http://127.0.0.1:0/callback", False),
        ("http://127.0.0.1:x/callback", False),
        ("http://127.0.0.1:8000@evil.example/", False),
        ("https://127.0.0.1:8000/callback", False),
        ("http://localhost:8000/callback", False),
    ],
)
def test_where_the_browser_is_sent_must_be_an_address_that_can_be(tmp_path, address, good):
    path = tmp_path / "config.toml"
    path.write_text(f'[spotify]\nredirect_uri = "{address}"\n')
    _, mistakes = config.read(path)
    assert (not mistakes) is good
