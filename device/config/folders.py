"""Where Emotify keeps its files, and who may write them.

On a machine where the service is installed (its state folder exists) there is one state and one
configuration for all users, the service's. Both folders belong to the service's user, and nobody
else writes there. What root runs (``sudo emotify login``) acts as that user, or at least its files
belong to that user, so that it leaves no file behind that the daemon cannot read. Elsewhere both
are in the user's home.
"""

import os
import pwd
import tempfile
from pathlib import Path

from platformdirs import user_config_path, user_state_path

BUILT_IN_MODELS = Path(__file__).resolve().parents[2] / "models"
"""The model and the playlists that Emotify comes with."""

SERVICE_STATE = Path("/var/lib/emotify")
SERVICE_CONFIG = Path("/etc/emotify/config.toml")

_APP = "emotify"


def state_folder(service: Path = SERVICE_STATE) -> Path:
    """The folder of the login, the history and the owner's playlists.

    Parameters
    ----------
    service : Path
        The folder of the service; used when it exists.
    """
    if folder := os.environ.get("STATE_DIRECTORY"):
        return Path(folder)
    return service if service.is_dir() else user_state_path(_APP)


def config_file(service: Path = SERVICE_STATE) -> Path:
    """The configuration file, which may not exist."""
    return SERVICE_CONFIG if service.is_dir() else user_config_path(_APP) / "config.toml"


def runtime_folder() -> Path:
    """A folder for files that are not needed after a restart of the machine."""
    return Path(os.environ.get("RUNTIME_DIRECTORY") or tempfile.gettempdir())


def status_file() -> Path:
    """The file of the daemon's status."""
    return runtime_folder() / "emotify-status.json"


def act_as_owner(folder: Path) -> None:
    """Let root continue as the user who owns a folder, for good; other users stay who they are."""
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
