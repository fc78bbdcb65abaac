"""Does one part of the recognition again and again, for counting its instructions.

    python tests/bench/instructions.py PART TIMES [ENCODER]

The parts are "features" (the log-mel spectrogram of 3 s), "encoder" (its network, from the file to
the frames, as for every sentence; another file with ENCODER), "head" (the other network) and
"endpointing" (1 s of sound). `tests/install/arm64 ... instructions` counts them with the plugin
beside this file: once with TIMES, once with none, so that the start of Python can be subtracted.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from device.config.config import Config
from device.emotion.interpreter import Network
from device.emotion.model import EmotionModel
from device.features import log_mel
from device.microphone import SAMPLE_RATE
from device.speech.endpointing import Endpointer

SECONDS = 3


def sound() -> np.ndarray:
    """A tone with noise [shape=(48000,), float32]: what is said does not change the cost."""
    seconds = np.arange(SECONDS * SAMPLE_RATE) / SAMPLE_RATE
    noise = np.random.default_rng(1).standard_normal(len(seconds))
    return (0.1 * np.sin(2 * np.pi * 200 * seconds) + 0.001 * noise).astype(np.float32)


def part(name: str, encoder: Path) -> Callable[[], object]:
    """What is done again and again."""
    speech = sound()
    if name == "features":
        return lambda: log_mel(speech)
    if name == "encoder":
        spectrogram = log_mel(speech)[None]
        return lambda: Network(encoder)(spectrogram)
    if name == "head":
        model = EmotionModel.load(Config().models_folder)
        frames = np.zeros((37, Network(encoder).output_shape[-1]), np.float32)
        return lambda: model.raw(frames)
    if name == "endpointing":
        endpointer = Endpointer()
        return lambda: endpointer.feed(speech[:SAMPLE_RATE])
    raise SystemExit(f"{name}: there is no such part.")


def main(name: str, times: int, encoder: Path) -> None:
    do = part(name, encoder)
    # Once before: what is loaded then is part of the start.
    do()
    for _ in range(times):
        do()


if __name__ == "__main__":
    main(
        sys.argv[1],
        int(sys.argv[2]),
        Path(sys.argv[3]) if sys.argv[3:] else Config().models_folder / "encoder.tflite",
    )
