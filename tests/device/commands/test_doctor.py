import json

import numpy as np
import pytest
import soundfile

from device.microphone import SAMPLE_RATE


@pytest.fixture
def sound(tmp_path):
    path = tmp_path / "sound.wav"
    noise = np.random.default_rng(0).standard_normal(4 * SAMPLE_RATE)
    soundfile.write(path, 0.1 * noise, SAMPLE_RATE)
    return path


@pytest.fixture
def box(configuration, account, sound, models, tmp_path):
    """The configuration of a box without any fault, whose parts can be spoilt."""
    with configuration.open("a") as file:
        file.write(
            f"""
            [models]
            folder = "{models}"
            [simulation]
            pins = true
            recording = "{sound}"
            """
        )
    return configuration


@pytest.fixture
def findings(emotify, box):
    """What the doctor finds, by part; the service is that of this machine."""

    def find():
        status, out, _ = emotify("doctor", "--json", "--config", box)
        answer = json.loads(out)
        assert status == (1 if answer["wrong"] else 0)
        return {each["name"]: each for each in answer["findings"] if each["name"] != "service"}

    return find


def wrong(findings):
    return [name for name, finding in findings.items() if finding["verdict"] == "wrong"]


def test_a_box_without_a_fault(findings):
    found = findings()
    assert wrong(found) == []
    not_checked = [name for name, each in found.items() if each["verdict"] == "not checked"]
    assert not_checked == ["button", "light"]
    assert found["speaker"]["says"] == '"Living room"'


def configure_wrongly(box, **_):
    box.write_text(box.read_text() + "\n[light]\nbrightness = 7\n")


def share_a_pin(box, **_):
    box.write_text(box.read_text() + "\n[button]\npin = 22\n")


def damage_the_model(models, **_):
    (models / "encoder.tflite").write_bytes(b"TFL3")


def damage_the_playlists(models, **_):
    (models / "playlists.json").write_text('{"tracks": [')


def mute_the_microphone(sound, **_):
    soundfile.write(sound, np.zeros(SAMPLE_RATE), SAMPLE_RATE)


def log_out(account, **_):
    account.log_out()


def end_the_login(state, **_):
    (state / "token.json").rename(state / "token.json.ended")


def restrict_the_speaker(spotify, **_):
    spotify.player.speakers[0].restricted = True


@pytest.mark.parametrize(
    ("spoil", "part", "fault", "remedy"),
    [
        (configure_wrongly, "configuration", 6, "brightness = 7: take a number from 0 to 1"),
        (share_a_pin, "configuration", 6, "[button] pin = 22 is also [light] red: give each"),
        (damage_the_model, "model", 6, "encoder.tflite: it is not the file"),
        (damage_the_playlists, "playlists", 6, "sudo ./setup.sh install"),
        (mute_the_microphone, "microphone", 1, "alsamixer"),
        (log_out, "account", 3, "run `emotify login`"),
        (end_the_login, "account", 3, "The login has ended: run `emotify login` again"),
        (restrict_the_speaker, "speaker", 4, "takes no commands from other programs"),
    ],
)
def test_a_fault_is_found_where_it_is_with_its_remedy(
    findings, box, models, sound, account, spotify, tmp_path, spoil, part, fault, remedy
):
    spoil(
        box=box, models=models, sound=sound, account=account, spotify=spotify,
        state=tmp_path / "state",
    )  # fmt: skip
    found = findings()
    assert wrong(found) == [part]
    assert found[part]["fault"] == fault
    assert remedy in found[part]["says"]


def test_it_is_a_line_for_each_part_and_the_remedy(emotify, box, models):
    damage_the_model(models)
    status, out, _ = emotify("doctor", "--config", box)
    assert status == 1
    parts = [line for line in out.splitlines() if not line.startswith(" ")]
    assert parts[0].startswith("ok       configuration  ")
    assert parts[1].startswith("fault 6  model          The emotion model cannot be used")
    assert len(parts) == 13
    assert "wrong" in parts[-1]
