import json
import os
import re
import subprocess
import sys
import time

import pytest


@pytest.fixture
def told(tmp_path, monkeypatch):
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))

    def tell(**words):
        status = {"pid": os.getpid(), "phase": "ready"} | words
        (tmp_path / "emotify-status.json").write_text(json.dumps(status))

    return tell


def test_emotify_status_says_that_nothing_runs(emotify, told):
    status, out, _ = emotify("status")
    assert status == 1
    assert "not running" in out


def test_emotify_status_says_what_the_daemon_says(emotify, told):
    told(said="Playing on Kitchen: sad.")
    status, out, _ = emotify("status")
    assert status == 0
    assert re.match(r"Emotify runs \(ready\), for .*\.\nPlaying on Kitchen: sad\.\n", out)


def test_emotify_status_says_for_how_long_and_counts(emotify, told):
    told(
        started=time.monotonic() - 3 * 3600 - 5,
        mood="sad 77% (then happy 10%)",
        presses=3,
        moods={"happy": 1, "sad": 2},
        faults={"2": 1},
    )
    _, out, _ = emotify("status")
    assert out.splitlines() == [
        "Emotify runs (ready), for 3 hours.",
        "The latest mood: sad 77% (then happy 10%).",
        "Since this machine was started: 3 presses, 2 x sad, 1 x happy, 1 x fault 2.",
    ]


@pytest.mark.parametrize(
    "rubbish", [{"presses": "many"}, {"moods": ["sad"]}, {"faults": {"2": None}}, {"pid": "x"}]
)
def test_a_status_that_makes_no_sense_is_none(emotify, told, rubbish):
    told(**rubbish)
    status, out, _ = emotify("status")
    assert status == 1
    assert "not running" in out


def test_emotify_status_imports_nothing_heavy(told):
    told()
    program = (
        "import sys; from device.cli import main; main(['status']); "
        "print(*sorted({'numpy', 'gpiozero', 'spotipy', 'requests', 'pyaudio'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert said.stdout.splitlines()[-1] == ""


def test_emotify_status_says_to_log_in_again(emotify, told):
    told(said="Pressed.", login="The login has ended: run `emotify login` again.")
    status, out, _ = emotify("status")
    assert status == 1
    assert "run `emotify login` again" in out
