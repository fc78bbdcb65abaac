import json
import os

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
    assert out == "Emotify runs (ready).\nPlaying on Kitchen: sad.\n"


def test_emotify_status_says_to_log_in_again(emotify, told):
    told(said="Pressed.", login="The login has ended: run `emotify login` again.")
    status, out, _ = emotify("status")
    assert status == 1
    assert "run `emotify login` again" in out
