"""Recordings: a file instead of the microphone."""

from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from device.errors import RecordingError
from device.microphone.resampling import resampled

if TYPE_CHECKING:
    from soundfile import SoundFile

LOWEST_RATE_HZ = 8_000
HIGHEST_RATE_HZ = 384_000

_BLOCK_SECONDS = 0.064


def read(path: str | Path) -> Generator[np.ndarray, None, None]:
    """The sound in a file, read block by block.

    Parameters
    ----------
    path : str or Path
        WAV, FLAC, OGG, or any other format of libsndfile. A file that is shorter than its header
        says is read to its end.

    Yields
    ------
    np.ndarray [shape=(n,), float32]
        16 kHz mono, about 64 ms at a time.

    Raises
    ------
    RecordingError
        With the first block: the file is missing, empty, not a sound file, or damaged. Later: a
        sample is not a number.
    """
    import soundfile

    path = Path(path)
    try:
        _check(path)
        # With a descriptor libsndfile looks at the contents, not at the file's extension.
        with path.open("rb") as file, soundfile.SoundFile(file.fileno(), closefd=False) as sound:
            yield from resampled(_blocks(path, sound), _rate_hz(path, sound))
    except soundfile.LibsndfileError as error:
        raise RecordingError(
            f"{path} is no recording that can be read ({error.error_string.rstrip('.')}); "
            "take a WAV, FLAC or OGG file."
        ) from error
    except OSError as error:
        raise RecordingError(f"{path} cannot be read: {error.strerror}.") from error


def check(path: str | Path) -> None:
    """Raises RecordingError where :func:`read` would with the first block."""
    with closing(read(path)) as blocks:
        next(blocks, None)


def seconds(path: str | Path) -> float:
    """The length of a file that was read without an error."""
    import soundfile

    with Path(path).open("rb") as file, soundfile.SoundFile(file.fileno(), closefd=False) as sound:
        return sound.frames / sound.samplerate


def _check(path: Path) -> None:
    if path.is_dir():
        raise RecordingError(f"{path} is a folder; name the recordings in it.")
    if path.exists() and not path.is_file():
        raise RecordingError(f"{path} is no file; take a WAV, FLAC or OGG file.")
    if path.is_file() and not path.stat().st_size:
        raise RecordingError(f"{path} is empty.")


def _rate_hz(path: Path, sound: "SoundFile") -> int:
    if not LOWEST_RATE_HZ <= sound.samplerate <= HIGHEST_RATE_HZ:
        raise RecordingError(
            f"{path} has {sound.samplerate} samples a second; "
            f"take one with {LOWEST_RATE_HZ} to {HIGHEST_RATE_HZ}."
        )
    return sound.samplerate


def _blocks(path: Path, sound: "SoundFile") -> Iterator[np.ndarray]:
    frames = round(sound.samplerate * _BLOCK_SECONDS)
    read = 0
    while len(block := sound.read(frames, dtype="float32", always_2d=True)):
        if not np.isfinite(block).all():
            raise RecordingError(
                f"{path} holds samples that are not numbers, "
                f"{read / sound.samplerate:.1f} s from its beginning; record it again."
            )
        read += len(block)
        yield block
    if not read:
        raise RecordingError(f"{path} has a header but no sound in it.")
