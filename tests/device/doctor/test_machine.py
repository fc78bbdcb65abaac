import os
import time

import pytest

from device.doctor import machine
from device.doctor.finding import NotCheckedError
from device.errors import ClockError, DiskError, ServiceError
from device.simulation.clock import SimulatedClock
from device.simulation.spotify import SpotifyStandIn

NOWHERE = "http://127.0.0.1:1"


@pytest.fixture
def web():
    with SpotifyStandIn() as stand_in:
        yield stand_in.api_url


@pytest.fixture
def built(tmp_path):
    file = tmp_path / "emotion.json"
    file.touch()
    return file


def test_the_clock_is_compared_with_spotifys(web, built):
    said = machine.clock(SimulatedClock(time.time()), web, built)
    assert said.endswith("as Spotify says")


@pytest.mark.parametrize(
    ("hours", "words"),
    [(-24 * 1000, "1000 days behind"), (-3, "3 hours behind"), (30, "30 hours ahead")],
)
def test_a_wrong_clock_says_by_how_much_and_what_sets_it(web, built, hours, words):
    os.utime(built, (0, 0))
    with pytest.raises(ClockError, match=f"{words}.*timedatectl set-ntp true"):
        machine.clock(SimulatedClock(time.time() + 3600 * hours), web, built)


def test_without_a_network_a_clock_from_before_the_installation_is_wrong(built):
    with pytest.raises(ClockError, match="was not installed yet"):
        machine.clock(SimulatedClock(time.time() - 86_400), NOWHERE, built)
    assert "was not asked" in machine.clock(SimulatedClock(time.time()), NOWHERE, built)


def test_a_disk_with_room_is_good(tmp_path):
    assert machine.disk(tmp_path).endswith("MB free")


def test_a_folder_that_is_not_there_yet_is_not_checked(tmp_path):
    with pytest.raises(NotCheckedError):
        machine.disk(tmp_path / "state")


def test_a_full_disk_says_what_makes_room(tmp_path):
    with pytest.raises(DiskError, match="apt-get clean"):
        machine.disk(tmp_path, least_free_bytes=1e18)


def anybody(group):
    return True


# --- the unit ----------------------------------------------------------------

RUNNING = {
    "LoadState": "loaded",
    "ActiveState": "active",
    "SubState": "running",
    "UnitFileState": "enabled",
    "Result": "success",
    "ExecMainStatus": "0",
    "NRestarts": "0",
}


@pytest.fixture
def systemd(tmp_path, monkeypatch):
    """A systemctl that answers like this."""
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    def answer(**words):
        lines = "\n".join(f"{key}={value}" for key, value in (RUNNING | words).items())
        program = tmp_path / "systemctl"
        program.write_text(f"#!/bin/sh\ncat <<'TEXT'\n{lines}\nTEXT\n")
        program.chmod(0o755)

    return answer


def test_a_unit_that_runs_and_is_enabled_is_good(systemd):
    systemd()
    assert machine.unit(anybody) == "active"


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        ({"LoadState": "not-found"}, "sudo ./setup.sh install"),
        ({"LoadState": "masked"}, "sudo systemctl unmask emotify"),
        ({"ActiveState": "inactive"}, "sudo systemctl enable --now emotify"),
        ({"UnitFileState": "disabled"}, "sudo systemctl enable emotify"),
        (
            {"ActiveState": "activating", "SubState": "auto-restart", "Result": "exit-code"},
            "journalctl -u emotify",
        ),
    ],
)
def test_another_unit_says_what_mends_it(systemd, tmp_path, monkeypatch, words, remedy):
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    systemd(**words)
    with pytest.raises(ServiceError, match=remedy.replace(".", r"\.")):
        machine.unit(anybody)


def test_a_unit_that_is_just_being_started_or_stopped_is_not_checked(systemd):
    systemd(ActiveState="deactivating", SubState="stop-sigterm")
    with pytest.raises(NotCheckedError, match="once more"):
        machine.unit(anybody)


def test_a_missing_group_is_named(systemd):
    systemd()
    with pytest.raises(ServiceError, match=r"group gpio, .*sudo systemd-sysusers"):
        machine.unit(lambda name: name != "gpio")


def test_restarts_are_told(systemd):
    systemd(NRestarts="2")
    assert "started again 2 times" in machine.unit(anybody)
