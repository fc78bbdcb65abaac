"""Compares the quantisations of the encoder: size, speed, and difference from the float one.

    for Q in float float16 dynamic int8; do
        emotify-train encoder --quantisation $Q --output /tmp/encoders/$Q.tflite
    done
    OPENBLAS_NUM_THREADS=1 python tests/bench/encoder.py /tmp/encoders

(int8 needs ``--calibration`` as well.) For each file: its size, the mean cosine of its
frames to those of ``float.tflite``, and the processor time and the time on the clock for 3 s of
speech with one, two and four threads, as ratios to those of ``float.tflite``. Run it under Python
3.11 (tflite-runtime) and under a newer one (ai-edge-litert).

               MB   cosine   CPU, one thread: tflite-runtime   ai-edge-litert     UAR
    float    54.1   1.0000                     1.00 (134 ms)     1.00 (55 ms)   0.749
    float16  27.1   1.0000                     1.08              0.95               -
    dynamic  13.8   0.9979                     0.83              0.83           0.751
    int8     14.1   0.0682                     0.87              1.14           0.403

(November 2026, on a shared x86-64 machine; the figures with more threads are left out because the
machine was busy.) UAR is the mean of RAVDESS's folds by a logistic regression, in a folder DATA
with only this corpus, the rooms and the noises:

    emotify-train baseline --data DATA --encoder /tmp/encoders/$Q.tflite --name encoder-$Q

``dynamic`` is used. With int8 the features are lost, probably because a few channels are so large
that only a few steps remain for the others.
"""

import sys
import time
from pathlib import Path

import numpy as np

from device.emotion.interpreter import Network
from device.features import log_mel
from device.microphone import SAMPLE_RATE
from training.emotion.golden import sound

SECONDS = 3
TIMES = 9
THREADS = (1, 2, 4)
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


def main(folder: Path) -> None:
    """Print the table."""
    files = sorted(folder.glob("*.tflite"), key=lambda path: path.stem != REFERENCE)
    frames = {}
    first: list[tuple[float, float]] = []
    print("file         MB   cosine" + "".join(f"   {n} thread: CPU, clock" for n in THREADS))
    for path in files:
        content = path.read_bytes()
        frames[path.stem] = Network(content)(sentence())
        times = [took(Network(content, threads)) for threads in THREADS]
        first = first or times
        alike = cosine(frames[path.stem], frames.get(REFERENCE, frames[path.stem]))
        ratios = "".join(
            f"     {own[0] / ref[0]:5.2f}      {own[1] / ref[1]:5.2f}"
            for own, ref in zip(times, first, strict=True)
        )
        print(f"{path.stem:10} {len(content) / 1e6:5.1f}   {alike:.4f}{ratios}")
        if times is first:
            said = ", ".join(f"{processor:.0f}/{clock:.0f}" for processor, clock in times)
            print(f"           (1.00 is {said} ms)")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
