"""What the device would hear of every recording, kept in the cache."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import numpy as np

import device.microphone.recording
import device.microphone.resampling
import device.speech.denoising
import device.speech.endpointing
import training.cache
from training.corpora import Clip
from training.processes import in_processes


def fill(clips: Sequence[Clip], jobs: int) -> None:
    """Listen to the clips that the cache does not hold yet, speaker by speaker."""
    speakers = by_speaker(clips)
    missing = [own for own in speakers if not training.cache.holds(place_of(own[0]), own)]
    in_processes(_listen_to, [(clips,) for clips in missing], jobs, "listening")


def heard(clips: Sequence[Clip]) -> dict[str, np.ndarray]:
    """The speech in each clip of one corpus by the clip's name; an empty array where there is none.

    Raises
    ------
    DataError
        A clip is not in the cache.
    """
    arrays = training.cache.read(map(place_of, clips), clips)
    return dict(zip((clip.name for clip in clips), arrays, strict=True))


def _listen_to(clips: Sequence[Clip]) -> str:
    keep(clips, [speech_in(device.microphone.recording.read(clip.path)) for clip in clips])
    return f"{clips[0].corpus}, speaker {clips[0].speaker}"


def keep(clips: Sequence[Clip], speech: Sequence[np.ndarray]) -> None:
    """Put all clips of a speaker into the cache, with the speech in each."""
    training.cache.keep(place_of(clips[0]), clips, speech)


def speech_in(sound: Iterable[np.ndarray]) -> np.ndarray:
    """The speech that the device finds in the blocks of a sound; an empty array for none."""
    speech = device.speech.endpointing.listen(sound)
    return speech if isinstance(speech, np.ndarray) else np.empty(0, np.float32)


def by_speaker(clips: Sequence[Clip]) -> list[list[Clip]]:
    """The clips of each speaker together."""
    groups = defaultdict(list)
    for clip in clips:
        groups[clip.corpus, clip.speaker].append(clip)
    return list(groups.values())


def place_of(clip: Clip) -> Path:
    """Where the cache keeps the speaker of a clip."""
    folder = training.cache.CACHE / f"heard-{_digest()}"
    return folder / f"{clip.corpus}-{clip.speaker}.npz"


@cache
def _digest() -> str:
    return training.cache.digest(
        (
            device.speech.denoising,
            device.microphone.recording,
            device.microphone.resampling,
            device.speech.endpointing,
        )
    )
