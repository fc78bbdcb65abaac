import os
import signal
import threading

import pytest

from device import signals


@pytest.fixture
def held_back():
    """SIGUSR2 held back, as the daemon does at its start."""
    signals.block(signal.SIGUSR2)
    yield signal.SIGUSR2
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR2])


def test_a_signal_is_answered_while_every_other_thread_waits(held_back):
    came = threading.Event()
    signals.answer({held_back: came.set})
    os.kill(os.getpid(), held_back)
    assert came.wait(10)
