import json
import os
import signal

import pytest


@pytest.fixture
def told(tmp_path, monkeypatch):
    """A daemon, which is this process, tells its status."""
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))

    def tell(pid):
        (tmp_path / "emotify-status.json").write_text(json.dumps({"pid": pid}))

    return tell


@pytest.fixture
def presses():
    """The presses that this process receives."""
    received = []
    before = signal.signal(signal.SIGUSR1, lambda *_: received.append("pressed"))
    yield received
    signal.signal(signal.SIGUSR1, before)


def test_emotify_press_presses_the_button_of_the_daemon(emotify, told, presses):
    told(os.getpid())
    status, out, _ = emotify("press")
    assert status == 0
    assert out.startswith("Pressed")
    assert presses == ["pressed"]


def test_emotify_press_without_a_daemon_says_how_to_start_it(emotify, told):
    status, _, complaints = emotify("press")
    assert status == 1
    assert "sudo systemctl start emotify" in complaints


def test_emotify_press_of_somebody_elses_daemon_says_who_may(
    emotify_as_somebody, told, public_folder
):
    (public_folder / "emotify-status.json").write_text(json.dumps({"pid": os.getpid()}))
    answer = emotify_as_somebody("press", RUNTIME_DIRECTORY=str(public_folder))
    assert answer.returncode == 1
    assert "sudo emotify press" in answer.stderr
