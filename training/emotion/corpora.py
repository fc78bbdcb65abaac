"""Corpora: recordings of acted emotions with speaker and emotion.

RAVDESS, EMO-DB, TESS and SAVEE have the labels in their file names. Every other folder of the data
needs a ``labels.csv`` with the columns ``file``, ``speaker`` and ``emotion``: CREMA-D, EMOVO, nEMO
and ASED have one, and a corpus of one's own can be added in the same way.
"""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass
from itertools import pairwise
from pathlib import Path

from device.errors import EmotifyError
from device.mood import Emotion

RAVDESS = "ravdess"
RAVDESS_CLIPS = 1440
RAVDESS_ACTORS = frozenset(f"{actor:02}" for actor in range(1, 25))
LABELS_FILE = "labels.csv"
VOTES_FILE = "votes.csv"

_ENDINGS = (".flac", ".opus", ".ogg", ".wav")


class DataError(EmotifyError, LookupError):
    """Recordings or results that a step needs are missing."""


@dataclass(frozen=True)
class Clip:
    """One recording.

    Attributes
    ----------
    corpus : str
        Name of its folder.
    name : str
        File name without folder and extension.
    path : Path
    speaker : str
        Unique within a corpus only.
    emotion : Emotion
        The acted emotion.
    perceived : Emotion or None
        What most listeners heard, for corpora that asked them.
    """

    corpus: str
    name: str
    path: Path
    speaker: str
    emotion: Emotion
    _: KW_ONLY
    perceived: Emotion | None = None


def corpora(data: Path) -> dict[str, list[Clip]]:
    """The clips of every corpus below a folder, by the names of the corpora.

    Raises
    ------
    DataError
        There is no RAVDESS, or a corpus is damaged.
    """
    found = {RAVDESS: ravdess(data)}
    for folder in sorted(path for path in data.iterdir() if path.is_dir()):
        if folder.name != RAVDESS and (clips := corpus(folder)):
            found[folder.name] = clips
    return found


def corpus(folder: Path) -> list[Clip]:
    """The clips of a corpus that has a ``labels.csv`` or names its files as one of ``NAMINGS``,
    sorted by name; none where the folder is no corpus.

    Raises
    ------
    DataError
        It lists a missing file, an unknown emotion, or the same clip twice.
    """
    if (folder / LABELS_FILE).exists():
        clips = _labelled(folder)
    elif naming := NAMINGS.get(folder.name):
        clips = [clip for path in _recordings(folder) if (clip := naming(path))]
    else:
        return []
    return _unique(clips)


def ravdess(data: Path) -> list[Clip]:
    """The speech clips of RAVDESS below ``data/ravdess``, sorted by name.

    The name of a clip is modality-channel-emotion-intensity-statement-repetition-actor
    (Livingstone & Russo 2018); 03-01 is audio only, speech.

    Raises
    ------
    DataError
        There are none, one is there twice, or an actor is missing: the figures would not be
        comparable.
    """
    folder = data / RAVDESS
    paths = [path for path in _recordings(folder) if path.name.startswith("03-01-")]
    if not paths:
        raise DataError(
            f"No RAVDESS clips in {folder}. Name the folder above it with --data or EMOTIFY_DATA; "
            "RAVDESS itself is at https://zenodo.org/records/1188976."
        )
    clips = _unique(map(ravdess_clip, paths))
    if missing := sorted(RAVDESS_ACTORS - {clip.speaker for clip in clips}):
        actors = ", ".join(missing)
        raise DataError(f"{folder} lacks the clips of these actors: {actors}. Get all of RAVDESS.")
    return clips


def ravdess_clip(path: Path) -> Clip:
    """The clip of a RAVDESS file name.

    Raises
    ------
    DataError
        The name is not RAVDESS's.
    """
    try:
        _, _, emotion, _, _, _, actor = map(int, path.stem.split("-"))
        return Clip(RAVDESS, path.stem, path, f"{actor:02}", list(Emotion)[emotion - 1])
    except (ValueError, IndexError) as error:
        raise DataError(f"{path} is not named as RAVDESS names its recordings.") from error


def by_speaker(clips: Iterable[Clip]) -> list[list[Clip]]:
    """The clips of each speaker together."""
    groups = defaultdict(list)
    for clip in clips:
        groups[clip.corpus, clip.speaker].append(clip)
    return list(groups.values())


# --- other corpora with labels in their file names ------------------------------


def _emodb(path: Path) -> Clip | None:
    """03a01Fa: speaker, sentence, emotion, take (Burkhardt et al. 2005); boredom is left out."""
    letters = dict(
        zip("WEAFTN", ("angry", "disgust", "fearful", "happy", "sad", "neutral"), strict=True)
    )
    return _named(path, path.stem[:2], path.stem[5:6], letters)


def _tess(path: Path) -> Clip | None:
    """OAF_back_angry: speaker, word, emotion (Dupuis & Pichora-Fuller 2010)."""
    speaker, _, word = path.stem.rpartition("_")
    words = {"angry": "angry", "disgust": "disgust", "fear": "fearful", "happy": "happy"}
    words |= {"neutral": "neutral", "ps": "surprised", "sad": "sad"}
    return _named(path, speaker.partition("_")[0], word.lower(), words)


def _savee(path: Path) -> Clip | None:
    """DC_a01 or DC/a01: speaker, emotion, sentence (Haq & Jackson 2009)."""
    speaker, _, rest = path.stem.rpartition("_")
    letters = {"a": "angry", "d": "disgust", "f": "fearful", "h": "happy", "n": "neutral"}
    letters |= {"sa": "sad", "su": "surprised"}
    speaker = speaker or path.parent.name
    clip = _named(path, speaker, rest.rstrip("0123456789"), letters)
    # The same names are in every speaker's folder.
    return clip and Clip(clip.corpus, f"{speaker}_{rest}", path, speaker, clip.emotion)


def _named(path: Path, speaker: str, code: str, codes: dict[str, str]) -> Clip | None:
    if code not in codes:
        return None
    corpus = next(parent.name for parent in path.parents if parent.name in NAMINGS)
    return Clip(corpus, path.stem, path, speaker, Emotion(codes[code]))


NAMINGS: dict[str, Callable[[Path], Clip | None]] = {
    "emodb": _emodb,
    "tess": _tess,
    "savee": _savee,
}
"""Corpora with labels in their file names, and the functions that parse them; these return None for
an emotion that Emotify does not have."""


# --- corpora with a table ------------------------------------------------------


def _labelled(folder: Path) -> list[Clip]:
    votes = {row["file"]: row.get("voice_vote", "") for row in _rows(folder / VOTES_FILE)}
    clips = []
    for row in _rows(folder / LABELS_FILE):
        try:
            path, speaker, emotion = folder / row["file"], row["speaker"], Emotion(row["emotion"])
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(
                f"{folder / LABELS_FILE}: {row} is no recording, speaker and emotion; the columns "
                f"are file, speaker, emotion, and the emotions {', '.join(Emotion)}."
            ) from error
        if not path.is_file():
            raise DataError(f"{folder / LABELS_FILE} names {row['file']}, which is not there.")
        vote = votes.get(row["file"], "")
        perceived = Emotion(vote) if vote in list(Emotion) else None
        clips.append(Clip(folder.name, path.stem, path, speaker, emotion, perceived=perceived))
    return clips


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    except (OSError, ValueError, csv.Error) as error:
        raise DataError(f"{path} cannot be read: {error}.") from error


def _recordings(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.suffix.lower() in _ENDINGS]


def _unique(clips: Iterable[Clip]) -> list[Clip]:
    in_order = sorted(clips, key=lambda clip: clip.name)
    for one, other in pairwise(in_order):
        if one.name == other.name:
            raise DataError(f"{one.path} and {other.path} are the same clip: remove one of them.")
    return in_order
