"""The texts in systemd/: what systemd itself says about them, without a service being started.

``tests/install/service`` tries them in a Debian that is booted.
"""

import configparser
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

CHECKOUT = Path(__file__).parents[2]
SYSTEMD = CHECKOUT / "systemd"

needs_systemd = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed"
)


@pytest.fixture(scope="module")
def unit():
    # A key may be there more than once; the later one is taken here.
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(SYSTEMD / "emotify.service")
    return parser


@needs_systemd
def test_systemd_finds_no_mistake_in_the_unit(tmp_path):
    text = (SYSTEMD / "emotify.service").read_text()
    # It says so when the program is not there.
    installed = re.search(r"(?m)^ExecStart=(\S+)", text)[1]
    (tmp_path / "emotify.service").write_text(text.replace(installed, sys.executable))
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "emotify.service"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    about_it = [line for line in said.stderr.splitlines() if "emotify" in line]
    assert (said.returncode, about_it) == (0, [])


@needs_systemd
def test_the_sandbox_leaves_an_exposure_of_at_most_one_and_a_half():
    subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=15",
         SYSTEMD / "emotify.service"],
        check=True,
        capture_output=True,
    )  # fmt: skip


def test_the_service_is_started_again_however_often_it_fails(unit):
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"
    assert unit["Service"]["Restart"] == "on-failure"
    assert "RestartPreventExitStatus" not in unit["Service"]


def test_the_service_waits_for_neither_the_network_nor_the_clock(unit):
    text = " ".join(unit["Unit"].values())
    assert not re.search(r"network|time-sync", text)


@pytest.fixture(scope="module")
def locked():
    """The requirements of the lock file, with their hashes."""
    text = (SYSTEMD / "requirements.txt").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {
        requirement.name: (requirement, re.findall(r"--hash=sha256:([0-9a-f]{64})", hashes))
        for line in lines
        for requirement, hashes in [_split(line)]
    }


def _split(line):
    text, _, hashes = line.partition(" --hash")
    return Requirement(text), f"--hash{hashes}"


FROM_DEBIAN = {"numpy", "pyaudio", "systemd-python"}


@pytest.mark.parametrize("python", ["3.11", "3.13"])
def test_pip_installs_what_the_project_needs_and_debian_has_not(locked, python):
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    needed = map(Requirement, project["project"]["dependencies"])
    there = {"python_version": python}
    for requirement in needed:
        name = requirement.name.lower().replace("_", "-")
        if name in FROM_DEBIAN or (requirement.marker and not requirement.marker.evaluate(there)):
            continue
        pinned, _ = locked[name]
        assert not pinned.marker or pinned.marker.evaluate(there), name
        (version,) = pinned.specifier
        assert requirement.specifier.contains(version.version), name


def test_every_package_of_pip_is_pinned_with_its_hashes(locked):
    for requirement, hashes in locked.values():
        assert [one.operator for one in requirement.specifier] == ["=="]
        assert hashes
