"""A thousand damaged copies of each file; `tests/bench/damaged_files.py` reads more."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_damaged_file_ends_in_its_own_error():
    program = ROOT / "tests" / "bench" / "damaged_files.py"
    run = subprocess.run(
        [sys.executable, "-W", "error", program, "--count", "1000", "--configurations", "1000"],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert run.returncode == 0, run.stdout + run.stderr
