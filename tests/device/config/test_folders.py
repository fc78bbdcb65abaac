import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from device.config import folders

SOMEBODY = 54321


@pytest.fixture
def person(monkeypatch, tmp_path):
    """Somebody with an account of the operating system, and no service's environment."""
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def test_where_the_service_is_installed_everybody_means_its_files(person, tmp_path):
    assert folders.state_folder(service=tmp_path) == tmp_path
    assert folders.config_file(service=tmp_path) == folders.SERVICE_CONFIG


def test_elsewhere_they_are_the_person_s_own(person, tmp_path):
    nowhere = tmp_path / "nowhere"
    assert folders.state_folder(service=nowhere) == tmp_path / "state" / "emotify"
    assert folders.config_file(service=nowhere) == tmp_path / "config" / "emotify" / "config.toml"


def test_systemd_s_folder_goes_before_all(person, tmp_path, monkeypatch):
    monkeypatch.setenv("STATE_DIRECTORY", "/somewhere")
    assert folders.state_folder(service=tmp_path) == Path("/somewhere")


def test_root_writes_as_the_user_whom_the_folder_belongs_to():
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    act = "from pathlib import Path; from device.config import folders; folder = Path({!r})"
    with tempfile.TemporaryDirectory() as folder:
        os.chown(folder, SOMEBODY, SOMEBODY)
        program = f"{act.format(folder)}; folders.act_as_owner(folder); (folder / 'x').touch()"
        subprocess.run([sys.executable, "-c", program], check=True)
        made = (Path(folder) / "x").stat()
        assert (made.st_uid, made.st_gid) == (SOMEBODY, SOMEBODY)
