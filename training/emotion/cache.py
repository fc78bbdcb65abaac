"""The cache: arrays of every clip, in one file for each speaker, so that long work can be resumed.

Folders are named after a digest of the code that computed their content, so other code computes it
again.
"""

import hashlib
import inspect
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import ModuleType

import numpy as np

from training.emotion.corpora import Clip, DataError

CACHE = Path("cache")


def digest(modules: Iterable[ModuleType], *files: bytes) -> str:
    """A digest of the contents of files and of the source of modules."""
    whole = hashlib.sha256(b"".join(files))
    for module in modules:
        whole.update(inspect.getsource(module).encode())
    return whole.hexdigest()[:12]


def write_arrays(path: Path, clips: Sequence[Clip], arrays: Iterable[np.ndarray]) -> None:
    """Write an array for each clip of one speaker; see :func:`write_npz`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_npz(path, dict(zip((clip.name for clip in clips), arrays, strict=True)))


def write_npz(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write arrays into an ``.npz`` file: all of them, or none when it is interrupted."""
    unfinished = path.with_suffix(".part.npz")
    np.savez(unfinished, **arrays)
    unfinished.replace(path)


def holds(path: Path, clips: Sequence[Clip]) -> bool:
    """Whether a file holds the arrays of all these clips."""
    if not path.exists():
        return False
    with np.load(path) as content:
        return {clip.name for clip in clips} <= set(content.files)


def read_arrays(paths: Iterable[Path], clips: Sequence[Clip]) -> list[np.ndarray]:
    """The array of each of these clips of one corpus, from the files of their speakers.

    Raises
    ------
    DataError
        A file or a clip is missing.
    """
    found: dict[str, np.ndarray] = {}
    try:
        for path in set(paths):
            with np.load(path) as content:
                found |= dict(content)
        return [found[clip.name] for clip in clips]
    except (OSError, KeyError) as error:
        raise DataError("The cache is incomplete; run `emotify-train features`.") from error
