"""Signals of the operating system, handled at once whatever the main thread is doing."""

import signal
import socket
import threading
from collections.abc import Callable, Mapping


def handle(actions: Mapping[signal.Signals, Callable[[], None]]) -> None:
    """Call an action for each signal, in a thread of its own.

    Python runs a handler only when its main thread wakes up, and a signal that another thread
    receives does not wake it. But Python writes a byte to the wake-up socket at once, in whichever
    thread, and the thread here waits for that byte.
    """
    receiving, sending = socket.socketpair()
    sending.setblocking(False)
    signal.set_wakeup_fd(sending.fileno())
    for number in actions:
        signal.signal(number, lambda *_: None)

    def wait(_keep_open: socket.socket = sending) -> None:
        while True:
            (number,) = receiving.recv(1)
            for known, action in actions.items():
                if known == number:
                    action()

    threading.Thread(target=wait, name="signals", daemon=True).start()
