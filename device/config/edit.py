"""Editing the configuration file: one key, and nothing else in the file."""

import os
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from device import files
from device.config.folders import config_file
from device.errors import ConfigError


def write(path: Path | None, section: str, key: str, value: str) -> Path:
    """Set a key; comments, order and everything else stay as they are.

    Parameters
    ----------
    path : Path or None
        None for the default file, which may not exist yet.
    section, key, value : str

    Returns
    -------
    Path
        The file that was written.

    Raises
    ------
    ConfigError
        When the file is not TOML, or cannot be read or written.
    """
    path = path or config_file()
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8") if path.exists() else "")
        document.setdefault(section, tomlkit.table())[key] = value
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
        files.replace(Path(os.path.realpath(path)), tomlkit.dumps(document).encode(), mode)
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be written ({error.strerror}): put [{section}] {key} = "
            f'"{value}" into it by hand, or run this as a user who may.'
        ) from None
    except (TOMLKitError, TypeError, ValueError) as error:
        raise ConfigError(
            f"{path} cannot be changed ({error}): `emotify config` lists its mistakes."
        ) from None
    return path
