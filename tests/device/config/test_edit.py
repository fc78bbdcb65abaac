import stat
import tomllib

import pytest

from device.config import edit
from device.errors import ConfigError

MINE = """\
# My box.
[player]  # the kitchen
speaker = 'Old one'   # on the shelf

[light]
brightness = 0.5      # at night
"""


def test_everything_but_the_key_stays_as_it_was(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text(MINE)
    assert edit.write(path, "player", "speaker", 'The "new" one') == path
    assert path.read_text() == MINE.replace("'Old one'", '"The \\"new\\" one"')


@pytest.mark.parametrize(
    "before",
    [
        "",
        "# nothing but a comment\n",
        "[player]\n",
        "[light]\nbrightness = 1\n",
        'player.speaker = "x"\n',
        'player = {speaker = "x"}\n',
        '[light]\r\nbrightness = 1\r\n[player]\r\nspeaker = ""\r\n[mood]\r\n',
        "[light]\nbrightness = 1",
    ],
)
def test_the_key_is_set_wherever_it_stood(tmp_path, before):
    path = tmp_path / "config.toml"
    path.write_bytes(before.encode())
    edit.write(path, "player", "speaker", "Küche")
    expected = tomllib.loads(before)
    expected.setdefault("player", {})["speaker"] = "Küche"
    assert tomllib.loads(path.read_text()) == expected


def test_a_link_stays_a_link_and_the_mode_stays_the_mode(tmp_path):
    path, link = tmp_path / "config.toml", tmp_path / "link.toml"
    path.write_text(MINE)
    path.chmod(0o640)
    link.symlink_to(path)
    edit.write(link, "player", "speaker", "New")
    assert link.is_symlink()
    assert "New" in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_without_a_file_the_person_s_own_is_made(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = edit.write(None, "player", "speaker", "Kitchen")
    assert path == tmp_path / "emotify" / "config.toml"
    assert tomllib.loads(path.read_text()) == {"player": {"speaker": "Kitchen"}}


@pytest.mark.parametrize("before", ["[player\n", "player = 3\n", "\xff"])
def test_a_file_that_is_no_configuration_is_left_alone(tmp_path, before):
    path = tmp_path / "config.toml"
    path.write_text(before, encoding="latin-1")
    with pytest.raises(ConfigError):
        edit.write(path, "player", "speaker", "Kitchen")
    assert path.read_text(encoding="latin-1") == before


def test_a_file_that_cannot_be_written_is_told_with_the_remedy(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="by hand"):
        edit.write(tmp_path / "file" / "config.toml", "player", "speaker", "Kitchen")
