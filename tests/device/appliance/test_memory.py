import subprocess
import sys

PROGRAM = """
import threading
from pathlib import Path
from device.appliance import memory


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def fill():
    pieces.extend(bytes(30_000) for _ in range(2_000))
    pieces.append(b"the last piece, which keeps the end of the heap in use")


pieces = []
memory.use_one_heap()
thread = threading.Thread(target=fill)
thread.start()
thread.join()
full = resident()
del pieces[:-1]
before = resident()
memory.return_unused()
print(full - resident(), before - resident())
"""


def test_memory_that_is_not_in_use_is_returned():
    run = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert run.stderr == ""
    returned, by_trimming = map(int, run.stdout.split())
    assert returned > 50_000_000
    assert by_trimming >= 0
