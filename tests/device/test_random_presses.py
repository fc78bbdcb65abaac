"""Some random presses; `random_presses.py --presses 10000` makes more."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("more", [[], ["--faults"]], ids=["lag", "lag and faults"])
def test_what_is_believed_of_the_music_is_what_the_speaker_does(more):
    if not shutil.which("espeak-ng"):
        pytest.skip("espeak-ng is not installed; ./setup.sh test installs it")
    program = Path(__file__).with_name("random_presses.py")
    run = subprocess.run(
        [sys.executable, program, "--presses", "20", "--speed", "15", *more],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
