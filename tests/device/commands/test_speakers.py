from device.commands.speakers import table
from device.player import Speaker


def test_the_speakers_are_listed(emotify, configuration, account):
    status, out, _ = emotify("speakers", "--config", configuration)
    assert status == 0
    assert "Living room" in out


def test_nobody_logged_in_is_said(emotify, configuration):
    status, _, err = emotify("speakers", "--config", configuration)
    assert status == 1
    assert "emotify login" in err


def test_what_each_can_do_is_told():
    rows = table(
        [
            Speaker("1", "Kitchen", "Speaker", active=True, restricted=False, volume=40),
            Speaker(None, "Sonos", "Speaker", active=False, restricted=True, volume=None),
        ]
    ).splitlines()
    assert "active, volume 40 %" in rows[0]
    assert "takes no commands" in rows[1]


def test_an_empty_house_is_told():
    assert "No speaker is on" in table([])
