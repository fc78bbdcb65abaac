import signal
import subprocess
import sys

PROGRAM = """
import os, signal, threading
import numpy                      # brings threads that any signal may be delivered to
from device.appliance import signals

came = threading.Event()
signals.handle({signal.SIGUSR1: lambda: print("pressed", flush=True), signal.SIGTERM: came.set})
print("ready", flush=True)
for_ever = threading.Lock()
for_ever.acquire()
threading.Thread(target=lambda: (came.wait(), os._exit(7))).start()
for_ever.acquire()                # The main thread goes to sleep for good.
"""


def test_a_signal_is_answered_while_the_main_thread_sleeps():
    process = subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGUSR1)
    assert process.stdout.readline() == "pressed\n"
    process.terminate()
    assert process.wait(20) == 7
