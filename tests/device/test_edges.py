import os
import threading
from queue import SimpleQueue

import pytest

from device.edges import Edges


class Line:
    """A line whose edges are the bytes of a pipe."""

    def __init__(self):
        self.fd, self._hand = os.pipe()

    def move(self, edges):
        os.write(self._hand, edges)

    def read_edge_events(self):
        return os.read(self.fd, 64)

    def close(self):
        os.close(self.fd)
        os.close(self._hand)


@pytest.fixture
def line():
    line = Line()
    yield line
    line.close()


def test_each_edge_is_told_in_order(line):
    told = SimpleQueue()
    edges = Edges(line, told.put)
    line.move(b"\1\2")
    line.move(b"\3")
    assert [told.get(timeout=10) for _ in range(3)] == [1, 2, 3]
    edges.close()


def test_after_closing_nothing_is_told_and_no_thread_is_left(line):
    told = SimpleQueue()
    before = threading.active_count()
    edges = Edges(line, told.put)
    assert threading.active_count() == before + 1
    edges.close()
    line.move(b"\1")
    assert told.empty()
    assert threading.active_count() == before


def test_whoever_is_told_may_close(line):
    told = SimpleQueue()

    def happened(edge):
        edges.close()
        told.put(edge)

    edges = Edges(line, happened)
    line.move(b"\1")
    assert told.get(timeout=10) == 1
    edges._thread.join(10)
    assert not edges._thread.is_alive()
