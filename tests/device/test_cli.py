"""The command line."""

import tomllib
from pathlib import Path

import pytest

from device.cli import main

PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def test_the_version_is_that_of_the_project(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])

    version = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"]
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"emotify {version}\n"
