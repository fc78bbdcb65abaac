import subprocess
import sys

RESIDENT = """
from pathlib import Path
from device.appliance import memory


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
"""

SMALL_PIECES = """
import threading


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
    run = subprocess.run(
        [sys.executable, "-c", RESIDENT + SMALL_PIECES], capture_output=True, text=True
    )
    assert run.stderr == ""
    returned, by_trimming = map(int, run.stdout.split())
    assert returned > 50_000_000
    assert by_trimming >= 0


LARGE_BLOCKS = """
memory.use_one_heap()
# glibc would put blocks of the size of one that was freed into its heap from now on.
bytearray(20_000_000)
block = bytearray(20_000_000)
last = bytes(30_000)
before = resident()
del block
print(before - resident())
"""


def test_large_blocks_go_back_to_the_system_when_they_are_freed():
    run = subprocess.run(
        [sys.executable, "-c", RESIDENT + LARGE_BLOCKS], capture_output=True, text=True
    )
    assert run.stderr == ""
    assert int(run.stdout) > 15_000_000
