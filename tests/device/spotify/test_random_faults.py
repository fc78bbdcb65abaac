"""A few random faults; `random_faults.py --count 200` injects more."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def test_the_daemon_lives_through_random_faults():
    if not shutil.which("espeak-ng"):
        pytest.skip("espeak-ng is not installed; ./setup.sh test installs it")
    program = Path(__file__).with_name("random_faults.py")
    run = subprocess.run(
        [sys.executable, program, "--count", "4", "--jobs", "4"], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("4 scripts, 0 failed")
