"""Where the device keeps its files, and who may write them.

On a machine where the service is installed (its state folder exists) there is one state and one
configuration, the service's, whoever asks: both folders belong to the service's user, and nobody
else writes there. What root runs (``sudo emotify login``) acts as that user, so that it never
leaves a file behind that the daemon cannot read. Elsewhere both are the person's own.
"""

import os
import pwd
import tempfile
from pathlib import Path

BUILT_IN_MODELS = Path(__file__).resolve().parents[2] / "models"
"""The model and the playlists that Emotify comes with."""

SERVICE_STATE = Path("/var/lib/emotify")
SERVICE_CONFIG = Path("/etc/emotify/config.toml")


def state_folder(service: Path = SERVICE_STATE) -> Path:
    """Where the device keeps what it must remember: systemd's folder for it, else the user's.

    Parameters
    ----------
    service : Path
        Of the service; taken when it exists.
    """
    if folder := os.environ.get("STATE_DIRECTORY"):
        return Path(folder)
    if service.is_dir():
        return service
    home = os.environ.get("XDG_STATE_HOME")
    return (Path(home) if home else Path.home() / ".local" / "state") / "emotify"


def config_file(service: Path = SERVICE_STATE) -> Path:
    """Where the configuration is, or would be."""
    if service.is_dir():
        return SERVICE_CONFIG
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return home / "emotify" / "config.toml"


def runtime_folder() -> Path:
    """Where the device may keep what is gone at the next boot."""
    return Path(os.environ.get("RUNTIME_DIRECTORY") or tempfile.gettempdir())


def act_as_owner(folder: Path) -> None:
    """Let root go on as the user whom a folder belongs to, for good; others stay who they are."""
    if os.geteuid() != 0 or not folder.is_dir():
        return
    owner = folder.stat()
    if owner.st_uid == 0:
        return
    try:
        os.initgroups(pwd.getpwuid(owner.st_uid).pw_name, owner.st_gid)
    except KeyError:
        os.setgroups([])
    os.setgid(owner.st_gid)
    os.setuid(owner.st_uid)
