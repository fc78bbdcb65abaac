"""Checks of the machine: its clock, its disk, and the unit of the daemon."""

import datetime
import grp
import os
import pwd
import shutil
import subprocess
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from pathlib import Path

import requests

from device.appliance.status import Status
from device.clock import Clock
from device.doctor.finding import NotCheckedError
from device.errors import ClockError, DiskError, ServiceError

MOST_CLOCK_SECONDS = 120.0
"""A login to Spotify and its certificates stand a clock that is wrong by this."""

LEAST_FREE_BYTES = 10_000_000

GROUPS = ("audio", "gpio")

_UNIT = "emotify.service"
_TIMEOUT_SECONDS = 5.0


def clock(clock: Clock, web_address: str, built: Path) -> str:
    """Compare the clock with Spotify's, or without a network with the age of Emotify's files."""
    now = clock.time()
    theirs = _time_of(web_address)
    said = datetime.datetime.fromtimestamp(now).strftime("%Y-%m-%d %H:%M")
    remedy = (
        "Without the right time no login works. A Pi gets it from the network: connect it, then "
        "run `sudo timedatectl set-ntp true`."
    )
    if theirs is not None and abs(theirs - now) > MOST_CLOCK_SECONDS:
        raise ClockError(f"The clock says {said}, which is {_span(now - theirs)}. {remedy}")
    if now < built.stat().st_mtime - MOST_CLOCK_SECONDS:
        raise ClockError(f"The clock says {said}, when Emotify was not installed yet. {remedy}")
    return f"{said}, as Spotify says" if theirs is not None else f"{said}; Spotify was not asked"


def _time_of(web_address: str) -> float | None:
    """The time that a web server says [seconds since 1970]; None when it cannot be reached."""
    try:
        answer = requests.head(web_address, timeout=_TIMEOUT_SECONDS, allow_redirects=False)
        return parsedate_to_datetime(answer.headers["Date"]).timestamp()
    except (requests.RequestException, KeyError, ValueError):
        return None


def _span(seconds: float) -> str:
    side = "ahead" if seconds > 0 else "behind"
    for unit, length in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if abs(seconds) >= 2 * length:
            return f"{abs(seconds) / length:.0f} {unit} {side}"
    return f"{abs(seconds):.0f} seconds {side}"


def disk(folder: Path, least_free_bytes: float = LEAST_FREE_BYTES) -> str:
    """Look whether the state can be written."""
    if not folder.exists():
        raise NotCheckedError(f"{folder} comes with the first login or press")
    if not os.access(folder, os.X_OK):
        raise PermissionError
    free = shutil.disk_usage(folder).free
    if free < least_free_bytes:
        raise DiskError(
            f"Only {free / 1e6:.0f} MB are free for {folder}: make room, for instance with "
            "`sudo journalctl --vacuum-size=50M` and `sudo apt-get clean`."
        )
    if not os.access(folder, os.W_OK):
        raise DiskError(
            f"Nothing can be written in {folder}: is the disk read-only? A worn-out SD card gets "
            "so: `sudo dmesg` says why, `sudo mount -o remount,rw /` tries again."
        )
    return f"{free / 1e6:.0f} MB free"


def has_group(name: str) -> bool:
    """Whether the user of the daemon is in a group."""
    try:
        group = grp.getgrnam(name)
        return "emotify" in group.gr_mem or pwd.getpwnam("emotify").pw_gid == group.gr_gid
    except KeyError:
        return False


def unit(has_group: Callable[[str], bool] = has_group) -> str:
    """Ask systemd about the unit of the daemon."""
    state = _properties()
    if state is None or state["LoadState"] == "not-found":
        if Status.of_daemon():
            raise NotCheckedError("Emotify runs without a service")
        raise ServiceError(
            "There is no service, so Emotify does not start with this machine: "
            "`sudo ./setup.sh install`."
        )
    if state["LoadState"] == "masked":
        raise ServiceError(
            "The service is masked, so that nothing can start it: `sudo systemctl unmask emotify`, "
            "then `sudo systemctl enable --now emotify`."
        )
    if missing := [name for name in GROUPS if not has_group(name)]:
        raise ServiceError(
            f"The user emotify is not in the group {' and '.join(missing)}, and gets no sound or "
            "pins: `sudo systemd-sysusers`, then `sudo systemctl restart emotify`."
        )
    if state["ActiveState"] in ("activating", "deactivating") and state["Result"] == "success":
        raise NotCheckedError("the service is being started or stopped: run this once more")
    if state["ActiveState"] != "active":
        raise ServiceError(_why_inactive(state))
    if state["UnitFileState"] != "enabled":
        raise ServiceError(
            "The service runs, but will not start with this machine: "
            "`sudo systemctl enable emotify`."
        )
    restarts = int(state["NRestarts"])
    if restarts:
        return f"active; started again {restarts} times, see `journalctl -u emotify`"
    return "active"


def _why_inactive(state: dict[str, str]) -> str:
    if state["ActiveState"] == "inactive":
        return "The service does not run: `sudo systemctl enable --now emotify`."
    return (
        f"The service does not get ready ({state['SubState']}, {state['Result']}, exit status "
        f"{state['ExecMainStatus']}): `journalctl -u emotify` says why; "
        "`sudo ./setup.sh install` puts everything in its place again."
    )


def _properties() -> dict[str, str] | None:
    """What systemd says about the unit; None without systemd."""
    names = "LoadState,ActiveState,SubState,UnitFileState,Result,ExecMainStatus,NRestarts"
    try:
        answer = subprocess.run(
            ["systemctl", "show", f"--property={names}", _UNIT],
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return dict(line.split("=", 1) for line in answer.stdout.splitlines())
