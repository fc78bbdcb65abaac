"""Measures the daemon while nobody presses, and how it grows over many rounds.

    python tests/bench/idle.py [--minutes 2] [--rounds 500] [--recording FILE.wav]

The daemon runs in a process of its own, with simulated pins and a recording as the microphone;
Spotify's stand-in is in this process. Prints the processor time from the start of the process until
it is ready; its wake-ups (voluntary context switches of all threads, in /proc) in some idle
minutes; and its resident memory when it is ready and, every hundred of them, after rounds in which
no time passes while somebody speaks. 500 rounds take 5 minutes.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from box import Box, recordings

from device.appliance import events
from device.simulation.clock import SimulatedClock
from device.simulation.microphone import RecordedMicrophone
from device.spotify.account import Account

BETWEEN_ROUNDS_SECONDS = 1800.0
"""Spotify accepts about a thousand requests a day."""
WARM = 20
"""Rounds until everything is loaded that a round needs; it may not grow after them."""


def daemon(folder: Path, recording: Path, addresses: list[str]) -> None:
    """The process that is measured: a line comes in for each round, and one goes out."""
    clock = SimulatedClock(time.time())
    account = Account(*addresses[:2], folder / "token.json", api_url=addresses[2],
                      accounts_url=addresses[3], clock=clock)  # fmt: skip
    box = Box(RecordedMicrophone(recording, clock), account, clock, folder)
    print(f"{time.process_time():.3f}", flush=True)
    for _ in sys.stdin:
        clock.sleep(BETWEEN_ROUNDS_SECONDS)
        box.button.press()
        box.wait_for(events.Playing)
        box.forget()
        print("played", flush=True)
    box.close()


def memory_mb(pid: int) -> float:
    """The resident memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def wake_ups(pid: int) -> int:
    """The voluntary context switches of all threads of a process."""
    return sum(
        int(path.read_text().partition("\nvoluntary_ctxt_switches:")[2].split()[0])
        for path in Path(f"/proc/{pid}/task").glob("*/status")
    )


def main(minutes: float, rounds: int, recording: Path | None) -> None:
    """Print the figures."""
    # Here, so that the daemon's process does without them.
    from tqdm import tqdm

    from device.simulation.spotify import SpotifyStandIn

    clock = SimulatedClock(time.time())
    with SpotifyStandIn(clock=clock) as spotify, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        spotify.account(folder / "token.json", clock)
        recording = recording or recordings(folder)[0]
        addresses = [spotify.client_id, spotify.redirect_uri, spotify.api_url, spotify.accounts_url]
        process = subprocess.Popen(
            [sys.executable, __file__, "--daemon", str(folder), str(recording), *addresses],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin
        assert process.stdout
        ready = float(process.stdout.readline())
        numpy = subprocess.Popen([sys.executable, "-c", "import numpy"])
        _, _, used = os.wait4(numpy.pid, 0)
        alone = used.ru_utime + used.ru_stime
        print(
            f"processor time until it is ready: {ready:.2f} s (Python and numpy alone {alone:.2f})"
        )
        print(f"memory when it is ready: {memory_mb(process.pid):.0f} MB")

        before = wake_ups(process.pid)
        time.sleep(60 * minutes)
        woken = wake_ups(process.pid) - before
        print(f"wake-ups a minute, idle: {woken / minutes:.1f}")

        after: list[float] = []
        for number in tqdm(range(1, rounds + 1), disable=None):
            clock.sleep(BETWEEN_ROUNDS_SECONDS)
            process.stdin.write("round\n")
            process.stdin.flush()
            process.stdout.readline()
            after.append(memory_mb(process.pid))
            if number in (WARM, rounds) or number % 100 == 0:
                print(
                    f"memory after {number} rounds: {statistics.median(after[-10:]):.0f} MB "
                    f"(median of the last ten; at most {max(after[-10:]):.0f})"
                )
        process.stdin.close()
        process.wait(60)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--daemon"]:
        daemon(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:])
        os._exit(0)
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--recording", type=Path)
    options = parser.parse_args()
    main(options.minutes, options.rounds, options.recording)
