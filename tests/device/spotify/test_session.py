"""Answers that are too long, expand too much, or never end, from a server of the tests."""

import socket
import threading
import time
import tracemalloc
import zlib
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from device.clock import SystemClock
from device.spotify.request_budget import RequestBudget
from device.spotify.session import MAX_BYTES, InvalidAnswerError, TimedSession

MIB = 2**20


def bomb():
    """200 MiB of zeros in 200 KiB."""
    packer = zlib.compressobj(wbits=31)
    return b"".join([*(packer.compress(bytes(MIB)) for _ in range(200)), packer.flush()])


BOMB = bomb()


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.connections = Counter()
        self.ended = threading.Event()

    def get_request(self):
        connection, address = super().get_request()
        self.connections[address] += 1
        return connection, address

    def handle_error(self, *_):
        """Whoever hangs up is the test."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        getattr(self, self.path.strip("/"))()

    def send(self, content, **headers):
        self.send_response(200)
        for name, value in ({"Content_Length": len(content)} | headers).items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(content)

    def good(self):
        self.send(b'{"good": true}')

    def long(self):
        self.send(b"[", Content_Length=200 * MIB)
        for _ in range(200):
            self.wfile.write(b"1," * (MIB // 2))

    def bomb(self):
        self.send(BOMB, Content_Encoding="gzip")

    def drip(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b" ")
                time.sleep(0.01)
        except OSError:
            self.server.ended.set()

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with Server() as made:
        threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
        yield made
        made.shutdown()


@pytest.fixture
def get(server):
    address = f"http://127.0.0.1:{server.server_port}"
    with TimedSession(address, RequestBudget(SystemClock(), requests=20)) as session:
        yield lambda path, seconds=5.0: session.get(f"{address}/{path}", timeout=seconds)


@pytest.mark.parametrize("path", ["long", "bomb"])
def test_an_answer_without_end_takes_no_memory(get, path):
    tracemalloc.start()
    try:
        with pytest.raises(InvalidAnswerError):
            get(path)
        assert tracemalloc.get_traced_memory()[1] < 8 * MAX_BYTES
    finally:
        tracemalloc.stop()


def test_one_connection_serves_a_round(get, server):
    for _ in range(5):
        assert get("good").json() == {"good": True}
    assert len(server.connections) == 1


def test_a_request_that_is_given_up_leaves_neither_a_thread_nor_a_connection(get, server):
    with pytest.raises(requests.Timeout):
        get("drip", seconds=0.2)
    assert server.ended.wait(5)
    for thread in threading.enumerate():
        if thread.name == "request":
            thread.join(5)
            assert not thread.is_alive()


def test_a_host_that_does_not_answer_is_not_waited_for_as_long_as_an_answer():
    # Nobody accepts, and the queue of those who wait is full.
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        address = deaf.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(address)
        began = time.monotonic()
        session = TimedSession("http://127.0.0.1", RequestBudget(SystemClock()))
        with pytest.raises(requests.RequestException):
            session.get(f"http://127.0.0.1:{address[1]}/good", timeout=9.0)
        assert time.monotonic() - began < 4.0
        for one in waiting:
            one.close()
