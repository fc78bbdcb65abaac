import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from device.cli import main
from device.config.config import Config
from device.simulation.spotify import SpotifyStandIn


@pytest.fixture
def emotify(capfd):
    """Runs a command; returns its exit status, its output and its complaints."""

    def run(*arguments):
        status = main([str(argument) for argument in arguments])
        captured = capfd.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture
def spotify():
    with SpotifyStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def configuration(spotify, tmp_path, monkeypatch):
    """A configuration file for the stand-in, with the state beside it."""
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))
    path = tmp_path / "config.toml"
    keys = ("client_id", "redirect_uri", "api_url", "accounts_url")
    lines = [f"{key} = {json.dumps(getattr(spotify, key))}" for key in keys]
    path.write_text("\n".join(["[mood]", 'when_unsure = "guess"', "[spotify]", *lines]))
    return path


@pytest.fixture
def account(configuration, spotify, tmp_path):
    """Somebody is logged in."""
    return spotify.account(tmp_path / "state" / "token.json")


@pytest.fixture
def models(tmp_path):
    """A copy of the committed models, to be spoilt."""
    folder = tmp_path / "models"
    shutil.copytree(Config().models_folder, folder)
    return folder


@pytest.fixture
def emotify_as_somebody():
    """Runs a command as a user of the machine who owns nothing, in an environment of one's own."""
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")

    def run(*arguments, **environment):
        # Imported before: this Python may lie where that user must not look.
        program = (
            "import os, sys\n"
            "from device import cli\n"
            "from device.commands import config, login, press\n"
            "os.setgroups([]), os.setgid(54321), os.setuid(54321)\n"
            "sys.exit(cli.main(sys.argv[1:]))\n"
        )
        return subprocess.run(
            [sys.executable, "-c", program, *map(str, arguments)],
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])} | environment,
            capture_output=True,
            text=True,
        )

    return run


@pytest.fixture
def public_folder():
    """A folder that everybody may look into."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)
