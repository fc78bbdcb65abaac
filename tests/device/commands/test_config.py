import tomllib

import tomlkit

from device.config.config import Config


def test_it_prints_every_key_without_a_file(emotify, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    status, out, err = emotify("config")
    assert status == 0
    assert str(Config()) in out
    assert err == ""


def test_it_masks_the_client_id(emotify, configuration, spotify):
    status, out, _ = emotify("config", "--config", configuration)
    assert status == 0
    assert spotify.client_id not in out


def test_it_tells_all_mistakes_at_once(emotify, tmp_path):
    path = tmp_path / "config.toml"
    path.write_text("[button]\npin = 77\nhold = 1\n[foo]\n")
    status, out, err = emotify("config", "--config", path)
    assert status == 1
    assert out == ""
    assert "3 mistakes" in err
    assert "line 2" in err


def test_a_configuration_that_is_not_there_is_said(emotify, tmp_path):
    status, _, err = emotify("config", "--config", tmp_path / "nowhere.toml")
    assert status == 1
    assert "nowhere.toml" in err
    assert "Traceback" not in err


def test_what_it_prints_is_toml_again_whatever_the_names_are(emotify, tmp_path):
    name = 'Anna\'s "box"\\ \x7f\x1b[31m\nüber 🦊'
    path = tmp_path / "config.toml"
    path.write_text(tomlkit.dumps({"player": {"speaker": name}, "button": {"hold_seconds": 1.25}}))
    _, out, _ = emotify("config", "--config", path)
    again = tomllib.loads(out)
    assert again["player"]["speaker"] == name
    assert again["button"]["hold_seconds"] == 1.25


def test_a_configuration_that_may_not_be_looked_at_is_said(emotify_as_somebody, public_folder):
    public_folder.chmod(0o700)
    places = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "STATE_DIRECTORY")
    run = emotify_as_somebody("config", **dict.fromkeys(places, str(public_folder)))
    assert run.returncode == 1
    assert "Permission denied" in run.stderr
    assert "Traceback" not in run.stderr
