"""Corpora: recordings of acted emotions, and what their file names say."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from device.errors import EmotifyError
from device.mood import Emotion

RAVDESS_CLIPS = 1440
RAVDESS_ACTORS = frozenset(range(1, 25))


class DataError(EmotifyError, LookupError):
    """The recordings or the results that a step needs are not there."""


@dataclass(frozen=True)
class Clip:
    """One recording.

    Attributes
    ----------
    name : str
        Of the file, without folder and ending.
    path : Path
    speaker : int
    emotion : Emotion
    """

    name: str
    path: Path
    speaker: int
    emotion: Emotion


def ravdess(data: Path) -> list[Clip]:
    """The speech clips of RAVDESS below ``data/ravdess``, sorted by name.

    The name of a clip is modality-channel-emotion-intensity-statement-repetition-actor
    (Livingstone & Russo 2018); 03-01 is audio only, speech.

    Raises
    ------
    DataError
        There are none, one is there twice, or an actor is missing: figures from such recordings
        would not be RAVDESS's.
    """
    folder = data / "ravdess"
    paths = [path for path in folder.rglob("03-01-*") if path.suffix in (".flac", ".wav")]
    if not paths:
        raise DataError(
            f"No RAVDESS clips in {folder}. Name the folder above it with --data or EMOTIFY_DATA; "
            "RAVDESS itself is at https://zenodo.org/records/1188976."
        )
    clips = sorted(map(ravdess_clip, paths), key=lambda clip: clip.name)
    for one, other in pairwise(clips):
        if one.name == other.name:
            raise DataError(f"{one.path} and {other.path} are the same clip: remove one of them.")
    if missing := sorted(RAVDESS_ACTORS - {clip.speaker for clip in clips}):
        actors = ", ".join(map(str, missing))
        raise DataError(f"{folder} lacks the clips of these actors: {actors}. Get all of RAVDESS.")
    return clips


def ravdess_clip(path: Path) -> Clip:
    """What the name of a RAVDESS recording says.

    Raises
    ------
    DataError
        The name is not RAVDESS's.
    """
    try:
        _, _, emotion, _, _, _, actor = map(int, path.stem.split("-"))
        return Clip(path.stem, path, actor, list(Emotion)[emotion - 1])
    except (ValueError, IndexError) as error:
        raise DataError(f"{path} is not named as RAVDESS names its recordings.") from error
