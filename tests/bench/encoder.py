"""Times the encoder on one to four threads, and compares its quantisations.

    python tests/bench/encoder.py [FOLDER] [--python PYTHON ...]

Without a FOLDER it is the committed encoder; with one, all encoders in it. It runs with this Python
and with each PYTHON, so that tflite-runtime (Python 3.11) and ai-edge-litert (newer) are measured
in one run. For each file: its size, the mean cosine of its frames to those of the first one, and
the processor time and the time on the clock for 3 s of speech, as ratios to the first Python's
first file on one thread.

    models/encoder.tflite       1 thread      2 threads      3 threads      4 threads
                              CPU  clock     CPU  clock     CPU  clock     CPU  clock
    ai-edge-litert 2.3       1.00   1.00    0.98   0.50    0.90   0.48    0.83   0.43
    tflite-runtime 2.14      1.75   1.74    3.22   1.75   11.04   7.43   15.18   8.64

(1.00 is 65 ms; November 2026, two busy cores of x86-64.) The threads of tflite-runtime wait for
each other at full load where there are too few cores, and gain nothing with two: the device uses
one.

For the quantisations:

    for Q in float float16 dynamic int8; do
        emotify-train encoder --quantisation $Q --output /tmp/encoders/$Q.tflite
    done
    python tests/bench/encoder.py /tmp/encoders --python PYTHON

(int8 needs ``--calibration`` as well.)

               MB   cosine   CPU, one thread: tflite-runtime   ai-edge-litert     UAR
    float    54.1   1.0000                     1.00 (134 ms)     1.00 (55 ms)   0.749
    float16  27.1   1.0000                     1.08              0.95               -
    dynamic  13.8   0.9979                     0.83              0.83           0.751
    int8     14.1   0.0682                     0.87              1.14           0.403

(November 2026, on a shared x86-64 machine.) UAR is the mean of RAVDESS's folds by a logistic
regression, in a folder DATA with only this corpus, the rooms and the noises:

    emotify-train baseline --data DATA --encoder /tmp/encoders/$Q.tflite --name encoder-$Q

``dynamic`` is used. With int8 the features are lost, probably because a few channels are so large
that only a few steps remain for the others.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from device.config.config import Config
from device.emotion.interpreter import Interpreter, Network
from device.features import log_mel
from device.microphone import SAMPLE_RATE
from training.emotion.golden import sound

SECONDS = 3
TIMES = 9
THREADS = (1, 2, 3, 4)
REFERENCE = "float"


def sentence() -> np.ndarray:
    """The log-mel spectrogram of three seconds of the golden sound, for a network."""
    return log_mel(np.resize(sound(), SECONDS * SAMPLE_RATE))[None]


def took(network: Network) -> tuple[float, float]:
    """Median processor time and time on the clock of a sentence, in ms."""
    given = sentence()
    network(given)
    processor, clock = [], []
    for _ in range(TIMES):
        began = time.process_time(), time.perf_counter()
        network(given)
        processor.append(time.process_time() - began[0])
        clock.append(time.perf_counter() - began[1])
    return 1000 * float(np.median(processor)), 1000 * float(np.median(clock))


def cosine(one: np.ndarray, other: np.ndarray) -> float:
    """Mean over the frames."""
    product = (one * other).sum(axis=1)
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    return float((product / lengths).mean())


def measure(files: list[Path]) -> None:
    """In each Python: print the figures of the files as JSON."""
    frames = [Network(path.read_bytes())(sentence()) for path in files]
    for path, own in zip(files, frames, strict=True):
        content = path.read_bytes()
        figures = {
            "interpreter": Interpreter.__module__.partition(".")[0],
            "name": path.stem,
            "megabytes": len(content) / 1e6,
            "cosine": cosine(own, frames[0]),
            "times": [took(Network(content, threads)) for threads in THREADS],
        }
        print(json.dumps(figures), flush=True)


def main(files: list[Path], pythons: list[str]) -> None:
    """Print the table."""
    rows = []
    for python in pythons:
        done = subprocess.run(
            [python, __file__, "--measure", *files], stdout=subprocess.PIPE, text=True, check=True
        )
        rows += [json.loads(line) for line in done.stdout.splitlines()]
    print(f"{'':27}    MB   cosine" + "".join(f"{n:4} thread: CPU, clock" for n in THREADS))
    reference = rows[0]["times"][0]
    for row in rows:
        ratios = "".join(
            f"{own[0] / reference[0]:16.2f} {own[1] / reference[1]:6.2f}" for own in row["times"]
        )
        name = f"{row['interpreter']} {row['name']}"
        print(f"{name:27} {row['megabytes']:5.1f}   {row['cosine']:.4f}{ratios}")
    print(f"1.00 is {reference[0]:.0f} ms of processor time, {reference[1]:.0f} ms on the clock")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure([Path(name) for name in sys.argv[2:]])
    else:
        parser = argparse.ArgumentParser()
        parser.add_argument("folder", nargs="?", type=Path)
        parser.add_argument("--python", action="append", default=[])
        options = parser.parse_args()
        chosen = [Config().models_folder / "encoder.tflite"]
        if options.folder:
            named = options.folder.glob("*.tflite")
            chosen = sorted(named, key=lambda path: path.stem != REFERENCE)
        main(chosen, [sys.executable, *options.python])
