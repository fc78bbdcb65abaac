import socket

import pytest

from device.appliance import service_manager


@pytest.fixture
def systemd(tmp_path, monkeypatch):
    """systemd's end of the notification socket."""
    address = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(str(address))
        receiver.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", str(address))
        yield receiver


def test_systemd_hears_all_that_it_is_told(systemd):
    manager = service_manager.service_manager()
    manager.notify_ready()
    manager.notify_status("Playing.")
    manager.notify_alive()
    manager.notify_stopping()
    heard = [systemd.recv(200).decode() for _ in range(4)]
    assert heard == ["READY=1", "STATUS=Playing.", "WATCHDOG=1", "STOPPING=1"]


def test_a_status_of_several_lines_reaches_systemd_whole(systemd):
    service_manager.service_manager().notify_status("2 mistakes:\n  line 3: ...\n  line 9: ...")
    assert systemd.recv(200).decode() == "STATUS=2 mistakes: line 3: ... line 9: ..."


def test_the_watchdog_is_fed_twice_as_often_as_it_asks(systemd, monkeypatch):
    monkeypatch.setenv("WATCHDOG_USEC", "30000000")
    assert service_manager.service_manager().watchdog_seconds == 15


def test_without_a_service_manager_nobody_is_told(monkeypatch):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    manager = service_manager.service_manager()
    manager.notify_ready()
    manager.notify_status("Playing.")
    assert manager.watchdog_seconds is None
