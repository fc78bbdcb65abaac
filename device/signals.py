"""Signals of the operating system, answered at once whatever the device is doing."""

import signal
import threading
from collections.abc import Callable, Mapping


def block(*numbers: signal.Signals) -> None:
    """Hold signals back, in this thread and in all that it starts, until :func:`answer`.

    Python runs a handler only when its main thread wakes up, which a signal to another thread
    does not make it do: one that is waited for cannot be missed.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, numbers)


def answer(actions: Mapping[signal.Signals, Callable[[], None]]) -> None:
    """Call an action for each signal that comes, from a thread of its own."""

    def wait() -> None:
        while True:
            actions[signal.sigwait(actions)]()

    threading.Thread(target=wait, name="signals", daemon=True).start()
