"""What the device would hear of every recording, kept in the cache."""

import hashlib
import inspect
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

import device.recording
import device.sound
import device.speech
from training.corpora import Clip, DataError
from training.processes import in_processes

CACHE = Path("cache")


def fill(clips: Sequence[Clip], jobs: int) -> None:
    """Listen to the clips that the cache does not hold yet, speaker by speaker."""
    missing = [own for own in by_speaker(clips) if not _holds(own)]
    in_processes(_listen_to, [(clips,) for clips in missing], jobs, "listening")


def heard(clips: Sequence[Clip]) -> dict[str, np.ndarray]:
    """The speech in each clip of one corpus by the clip's name; an empty array where there is none.

    Raises
    ------
    DataError
        A clip is not in the cache.
    """
    found: dict[str, np.ndarray] = {}
    try:
        for place in {place_of(clip) for clip in clips}:
            with np.load(place) as kept:
                found |= dict(kept)
        return {clip.name: found[clip.name] for clip in clips}
    except (OSError, KeyError) as error:
        raise DataError("The cache is incomplete; run `emotify-train features`.") from error


def _listen_to(clips: Sequence[Clip]) -> str:
    keep(clips, [_speech(clip.path) for clip in clips])
    return f"{clips[0].corpus}, speaker {clips[0].speaker}"


def keep(clips: Sequence[Clip], speech: Sequence[np.ndarray]) -> None:
    """Put all clips of a speaker into the cache, with the speech in each."""
    place = place_of(clips[0])
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_suffix(".part.npz")
    np.savez(unfinished, **dict(zip((clip.name for clip in clips), speech, strict=True)))
    unfinished.replace(place)


def _holds(clips: Sequence[Clip]) -> bool:
    """Whether the cache holds all of these clips of one speaker."""
    place = place_of(clips[0])
    if not place.exists():
        return False
    with np.load(place) as kept:
        return {clip.name for clip in clips} <= set(kept.files)


def _speech(path: Path) -> np.ndarray:
    speech = device.speech.listen(device.recording.read(path))
    return speech if isinstance(speech, np.ndarray) else np.empty(0, np.float32)


def by_speaker(clips: Sequence[Clip]) -> list[list[Clip]]:
    """The clips of each speaker together."""
    groups = defaultdict(list)
    for clip in clips:
        groups[clip.corpus, clip.speaker].append(clip)
    return list(groups.values())


def place_of(clip: Clip) -> Path:
    """Where the cache keeps the speaker of a clip.

    Named after the code that listens too, so that another endpointing listens again.
    """
    return CACHE / f"heard-{_digest()}" / f"{clip.corpus}-{clip.speaker}.npz"


@cache
def _digest() -> str:
    modules = (device.recording, device.sound, device.speech)
    code = b"".join(inspect.getsource(module).encode() for module in modules)
    return hashlib.sha256(code).hexdigest()[:12]
