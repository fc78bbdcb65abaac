import tomllib

import pytest

from device.commands import speakers
from device.commands.speakers import table
from device.simulation.spotify import SimulatedSpeaker
from device.spotify.player import Speaker


def test_the_speakers_are_listed(emotify, configuration, account):
    status, out, _ = emotify("speakers", "--config", configuration)
    assert status == 0
    assert "Living room" in out


def test_nobody_logged_in_is_said(emotify, configuration):
    status, _, err = emotify("speakers", "--config", configuration)
    assert status == 1
    assert "emotify login" in err


def test_what_each_can_do_is_told_and_why_one_cannot_be_used():
    rows = table(
        [
            Speaker(id="1", name="Kitchen", active=True, volume=40),
            Speaker(id="2", name="TV", kind="TV"),
            Speaker(id=None, name="Sonos", restricted=True),
            Speaker(id=None, name="Cast", kind="CastAudio", volume=3),
        ]
    ).splitlines()
    assert "active, volume 40 %" in rows[0]
    assert "volume cannot be set" in rows[1]
    assert "cannot be used: it takes no commands" in rows[2]
    assert "cannot be used: it has no id" in rows[3]


def test_an_empty_house_is_told():
    assert "There is no speaker" in table([])


def test_a_speaker_is_chosen_by_the_beginning_of_its_name(emotify, configuration, account):
    before = configuration.read_text()
    status, out, _ = emotify("speakers", "--use", "liv", "--config", configuration)
    assert status == 0
    assert '"Living room" is the speaker now' in out
    assert configuration.read_text().startswith(before)
    assert tomllib.loads(configuration.read_text())["player"]["speaker"] == "Living room"


@pytest.mark.parametrize(
    ("name", "words"),
    [("Kitchen", "There is no speaker"), ("Sonos", "takes no commands")],
)
def test_a_speaker_that_cannot_be_used_is_not_written(
    emotify, configuration, account, spotify, name, words
):
    spotify.player.speakers.append(SimulatedSpeaker("Sonos", restricted=True))
    before = configuration.read_text()
    status, _, err = emotify("speakers", "--use", name, "--config", configuration)
    assert status == 1
    assert words in err
    assert configuration.read_text() == before


def test_a_speaker_is_tried_for_ten_seconds_and_then_silent(
    emotify, configuration, account, spotify, monkeypatch
):
    monkeypatch.setattr(speakers, "TEST_SECONDS", 0)
    status, out, _ = emotify("speakers", "--test", "living", "--config", configuration)
    assert status == 0
    assert 'Playing on "Living room"' in out
    assert not spotify.now_playing.playing
    assert spotify.player.speakers[0].volume == 40
