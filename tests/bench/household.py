"""Measures what knowing the household costs a round.

    python tests/bench/household.py [--rounds 200]

Prints the processor time of the steps that a round has because of it: reading the file if it has
changed, the shift of the frames, and learning with its write, in a folder in memory (/dev/shm) so
that the disk is not measured. Prints their sum as a share of the recognition, measured in turn with
it, the size of the file, and how often it was written.
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from box import milliseconds, recordings

from device import assembly
from device.clock import SystemClock
from device.config.config import Config
from device.emotion.household_file import HOUSEHOLD_FILE
from device.microphone.recording import read
from device.mood import Emotion
from device.speech.endpointing import listen

MICROPHONE = "USB microphone"


def main(rounds: int, folder: Path) -> None:
    """Print the times."""
    model = assembly.classifier(Config())
    household = assembly.household(model, SystemClock(), folder)
    speech = listen(read(recordings(folder)[0]))
    assert isinstance(speech, np.ndarray)
    file, written = folder / HOUSEHOLD_FILE, set()
    times = []
    frames = model.encode(speech)

    def know() -> None:
        known = household.read()
        known.prior()
        model.metadata.voice.shifted(frames, known.shift(MICROPHONE))

    steps: tuple[Callable[[], object], ...] = (
        lambda: model.recognise(speech),
        know,
        lambda: household.learn(MICROPHONE, model.voice(frames), Emotion.SAD),
    )
    for _ in range(rounds):
        times.append([milliseconds(step) for step in steps])
        found = file.stat()
        written.add((found.st_ino, found.st_mtime_ns))
    recognise, *taken = np.median(times, axis=0)
    for name, each in zip(("read and shift", "learn and write"), taken, strict=True):
        print(f"{name:16}{each:7.2f} ms")
    print(f"{'all':16}{sum(taken):7.2f} ms, {sum(taken) / recognise:.1%} of the recognition")
    print(f"{len(written)} writes in {rounds} rounds, of {file.stat().st_size} bytes each")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=200)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
        main(args.rounds, Path(name))
