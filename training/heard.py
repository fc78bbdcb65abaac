"""``emotify-train features``: what the device would hear of every recording, kept in the cache.

Listening (voice activity detection, clip by clip) is the slow part of the front end; the features
themselves are made afresh from it in seconds, always by :class:`device.features.FrontEnd`.
"""

import argparse
import hashlib
import inspect
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

import device.recording
import device.sound
import device.speech
from training.arguments import add_data, add_jobs
from training.corpora import Clip, DataError, ravdess
from training.processes import in_processes

CACHE = Path("cache")


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the sub-command to ``emotify-train``."""
    parser = subparsers.add_parser(
        "features",
        help="listen to all recordings as the device would, and keep what it hears",
        description="Find the speech in every recording, as the device would, and keep it in "
        f"{CACHE}/. The other steps do this themselves where it is missing.",
    )
    add_data(parser)
    add_jobs(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Fill the cache, and say how many clips hold no speech for the device."""
    clips = ravdess(args.data)
    fill(clips, args.jobs)
    unheard = sum(not len(speech) for speech in heard(clips).values())
    print(f"{len(clips)} clips, of which {unheard} hold no speech that the device would judge")
    return 0


def fill(clips: Sequence[Clip], jobs: int) -> None:
    """Listen to the clips that the cache does not hold yet, speaker by speaker."""
    missing = [own for own in _by_speaker(clips) if not _holds(own)]
    in_processes(_listen_to, [(clips,) for clips in missing], jobs, "listening")


def heard(clips: Sequence[Clip]) -> dict[str, np.ndarray]:
    """The speech in each clip by the clip's name; an empty array where there is none.

    Raises
    ------
    DataError
        A clip is not in the cache.
    """
    found: dict[str, np.ndarray] = {}
    try:
        for speaker in {clip.speaker for clip in clips}:
            with np.load(_place(speaker)) as kept:
                found |= dict(kept)
        return {clip.name: found[clip.name] for clip in clips}
    except (OSError, KeyError) as error:
        raise DataError("The cache is incomplete; run `emotify-train features`.") from error


def _listen_to(clips: Sequence[Clip]) -> str:
    speaker = clips[0].speaker
    keep(speaker, {clip.name: _speech(clip.path) for clip in clips})
    return f"actor {speaker}"


def keep(speaker: str, speech: Mapping[str, np.ndarray]) -> None:
    """Put all speech of a speaker, by the clips' names, into the cache."""
    place = _place(speaker)
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_suffix(".part.npz")
    np.savez(unfinished, **speech)
    unfinished.replace(place)


def _holds(clips: Sequence[Clip]) -> bool:
    """Whether the cache holds all of these clips of one speaker."""
    place = _place(clips[0].speaker)
    if not place.exists():
        return False
    with np.load(place) as kept:
        return {clip.name for clip in clips} <= set(kept.files)


def _speech(path: Path) -> np.ndarray:
    speech = device.speech.listen(device.recording.read(path))
    return speech if isinstance(speech, np.ndarray) else np.empty(0, np.float32)


def _by_speaker(clips: Sequence[Clip]) -> list[list[Clip]]:
    groups = defaultdict(list)
    for clip in clips:
        groups[clip.speaker].append(clip)
    return list(groups.values())


def _place(speaker: str) -> Path:
    """Named after the code that listens too, so that another endpointing listens again."""
    modules = (device.recording, device.sound, device.speech)
    code = b"".join(inspect.getsource(module).encode() for module in modules)
    return CACHE / f"heard-{hashlib.sha256(code).hexdigest()[:12]}" / f"actor{speaker}.npz"
