"""The cache: arrays of every clip, in one file for each speaker, so that long work can be resumed.

What is kept is named after the code that made it, so that other code makes it again.
"""

import hashlib
import inspect
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import ModuleType

import numpy as np

from training.corpora import Clip, DataError

CACHE = Path("cache")


def digest(modules: Iterable[ModuleType], *files: bytes) -> str:
    """Of files, and of the source of modules."""
    whole = hashlib.sha256(b"".join(files))
    for module in modules:
        whole.update(inspect.getsource(module).encode())
    return whole.hexdigest()[:12]


def keep(place: Path, clips: Sequence[Clip], arrays: Iterable[np.ndarray]) -> None:
    """Put an array for each clip of one speaker into a file, as a whole or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True)
    write_whole(place, dict(zip((clip.name for clip in clips), arrays, strict=True)))


def write_whole(place: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write arrays into an ``.npz`` file, as a whole or not at all."""
    unfinished = place.with_suffix(".part.npz")
    np.savez(unfinished, **arrays)
    unfinished.replace(place)


def holds(place: Path, clips: Sequence[Clip]) -> bool:
    """Whether a file holds the arrays of all these clips."""
    if not place.exists():
        return False
    with np.load(place) as kept:
        return {clip.name for clip in clips} <= set(kept.files)


def read(places: Iterable[Path], clips: Sequence[Clip]) -> list[np.ndarray]:
    """The array of each of these clips of one corpus, from the files of their speakers.

    Raises
    ------
    DataError
        A file or a clip is not there.
    """
    found: dict[str, np.ndarray] = {}
    try:
        for place in set(places):
            with np.load(place) as kept:
                found |= dict(kept)
        return [found[clip.name] for clip in clips]
    except (OSError, KeyError) as error:
        raise DataError("The cache is incomplete; run `emotify-train features`.") from error
