"""Golden vectors: the results of the released model for one synthetic sound.

An unintended change of the features, of the weights or of their conversion changes these results.
The tests compare them, and so does ``emotify-train all`` before it trains.
"""

from pathlib import Path

import numpy as np

from device.emotion.model import EmotionModel
from device.features import log_mel
from device.microphone import SAMPLE_RATE
from training.emotion.corpora import DataError

GOLDEN_FILE = "golden.npz"

_SECONDS = 2.0
TOLERANCES = {"log_mel": 1e-4, "frames": 0.03, "probabilities": 0.01}
"""Mean absolute differences. Interpreters round the encoder's activations differently; the tests
show how much a mistake changes."""


def sound() -> np.ndarray:
    """A voice-like sound: twelve harmonics with varying pitch and level, and a little noise.

    Returns
    -------
    np.ndarray [shape=(32000,), float32]
        16 kHz, identical on every machine.
    """
    seconds = np.arange(round(_SECONDS * SAMPLE_RATE)) / SAMPLE_RATE
    pitch_hz = 140 + 60 * np.sin(2 * np.pi * 0.8 * seconds) + 4 * np.sin(2 * np.pi * 5.5 * seconds)
    phase = 2 * np.pi * np.cumsum(pitch_hz) / SAMPLE_RATE
    voice = sum(np.sin(k * phase) / k**1.3 for k in range(1, 13))
    syllables = 0.3 + 0.7 * np.sin(np.pi * 3.1 * seconds) ** 2
    # A linear congruential generator: numpy's own may change between versions.
    noise = ((np.arange(len(seconds)) * 1_103_515_245 + 12_345) % 2**31) / 2**31 - 0.5
    return (0.1 * voice * syllables + 0.004 * noise).astype(np.float32)


def vectors(folder: Path) -> dict[str, np.ndarray]:
    """Log-mel spectrogram, frames and probabilities (before temperature and prior) of the sound.

    Raises
    ------
    ModelError
        The folder holds no valid model.
    """
    model = EmotionModel.load(folder)
    frames = model.encode(sound())
    return {
        "log_mel": log_mel(sound()),
        "frames": frames.astype(np.float16),
        "probabilities": model.raw(frames),
    }


def write(folder: Path) -> None:
    """Write them into the folder of the model."""
    np.savez_compressed(folder / GOLDEN_FILE, **vectors(folder))


def check(folder: Path) -> None:
    """Compare them with the current results.

    Raises
    ------
    DataError
        They are missing, or differ.
    ModelError
        The folder holds no valid model.
    """
    path = folder / GOLDEN_FILE
    try:
        with np.load(path) as kept:
            golden = {name: kept[name] for name in TOLERANCES}
    except (OSError, ValueError, KeyError):
        raise DataError(f"{path} is missing or damaged: `emotify-train all` writes it.") from None
    now = vectors(folder)
    for name, tolerance in TOLERANCES.items():
        same = golden[name].shape == now[name].shape
        if not (same and np.abs(golden[name] - now[name]).mean() <= tolerance):
            raise DataError(
                f"The {name} of the golden sound is not that in {path}: the code, the weights or "
                "the interpreter have changed. If that is meant, remove the file."
            )
