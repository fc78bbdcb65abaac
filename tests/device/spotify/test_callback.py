import socket
import threading
import urllib.request

import pytest

from device.spotify.callback import Callback


@pytest.fixture
def redirect_uri():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return f"http://127.0.0.1:{port}/callback"


def test_an_idle_connection_of_the_browser_holds_nothing_up(redirect_uri):
    arrived = []
    with (
        Callback(redirect_uri, arrived.append) as callback,
        socket.create_connection(("127.0.0.1", callback.port)),
    ):
        urllib.request.urlopen(f"{redirect_uri}?code=x", timeout=5).read()
        leaving = threading.Thread(target=callback.__exit__, daemon=True)
        leaving.start()
        leaving.join(5)
        assert not leaving.is_alive()
    assert arrived == [f"{redirect_uri}?code=x"]


def test_another_page_is_not_the_answer(redirect_uri):
    arrived = []
    with Callback(redirect_uri, arrived.append), pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(redirect_uri.replace("callback", "favicon.ico"), timeout=5)
    assert arrived == []
