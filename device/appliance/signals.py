"""Signals of the operating system, answered at once whatever the device is doing."""

import signal
import socket
import threading
from collections.abc import Callable, Mapping


def answer(actions: Mapping[signal.Signals, Callable[[], None]]) -> None:
    """Call an action for each signal that comes, from a thread of its own.

    Python runs a handler only when its main thread wakes up, and a signal that another thread
    receives does not wake it. What does happen at once, in whichever thread, is the byte that
    Python writes to the wake-up socket: the thread here waits for that.
    """
    arrivals, departures = socket.socketpair()
    departures.setblocking(False)
    signal.set_wakeup_fd(departures.fileno())
    for number in actions:
        signal.signal(number, lambda *_: None)

    def wait(_keep_open: socket.socket = departures) -> None:
        while True:
            (number,) = arrivals.recv(1)
            for known, action in actions.items():
                if known == number:
                    action()

    threading.Thread(target=wait, name="signals", daemon=True).start()
