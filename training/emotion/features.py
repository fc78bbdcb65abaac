"""The features of every recording, computed once and kept in the cache.

The device's endpointer cuts the speech out of each recording, and the encoder that ships turns it
into features: once as it was recorded, and once for each augmented variant. That is the slow part
of the training, so it is done speaker by speaker, and what is finished is kept.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

import device.emotion.encoder
import device.features
import device.microphone.recording
import device.microphone.resampling
import device.speech.denoising
import device.speech.endpointing
import training.emotion.augmentation
from device.emotion.encoder import Encoder
from device.microphone import recording
from device.speech.endpointing import listen, loudness
from training.emotion.augmentation import Surroundings, augmented, in_room, with_noise
from training.emotion.cache import CACHE, digest, holds, read_arrays, write_arrays
from training.emotion.corpora import RAVDESS, Clip, DataError, by_speaker
from training.emotion.processes import in_processes

PLAIN = "plain"
"""The recording without augmentation."""

ROOM = "room"
"""The recording in a room with noise that do not occur in training, cut by the endpointer."""

ROOM_NOISE_DB = 10.0

_ENOUGH_CLIPS = 9000
_BATCH_CLIPS = 200


def variants(clips: Sequence[Clip], most: int) -> list[str]:
    """The names of a corpus' augmented variants: more for a small corpus, at most ``most``."""
    count = min(most, max(2, _ENOUGH_CLIPS // len(clips)))
    return [str(number) for number in range(1, 1 + count)]


# --- speech -------------------------------------------------------------------


def fill_speech(clips: Sequence[Clip], jobs: int) -> None:
    """Cut the speech out of the clips that the cache does not hold yet."""
    missing = [own for own in by_speaker(clips) if not holds(_speech_path(own[0]), own)]
    in_processes(_listen_to, [(clips,) for clips in missing], jobs, "listening")


def speech_of(clips: Sequence[Clip]) -> dict[str, np.ndarray]:
    """The speech in each clip of one corpus by the clip's name; an empty array where there is none.

    Raises
    ------
    DataError
        A clip is not in the cache.
    """
    arrays = read_arrays(map(_speech_path, clips), clips)
    return dict(zip((clip.name for clip in clips), arrays, strict=True))


def keep_speech(clips: Sequence[Clip], speech: Sequence[np.ndarray]) -> None:
    """Put the speech of all clips of one speaker into the cache."""
    write_arrays(_speech_path(clips[0]), clips, speech)


def _listen_to(clips: Sequence[Clip]) -> str:
    keep_speech(clips, [_speech_in(recording.read(clip.path)) for clip in clips])
    return f"{clips[0].corpus}, speaker {clips[0].speaker}"


def _speech_in(sound: Iterable[np.ndarray]) -> np.ndarray:
    """The speech that the endpointer finds in the blocks of a sound; an empty array for none."""
    speech = listen(sound)
    return speech if isinstance(speech, np.ndarray) else np.empty(0, np.float32)


def _speech_path(clip: Clip) -> Path:
    return CACHE / f"speech-{_speech_digest()}" / f"{clip.corpus}-{clip.speaker}.npz"


@cache
def _speech_digest() -> str:
    return digest(
        (
            device.speech.denoising,
            device.microphone.recording,
            device.microphone.resampling,
            device.speech.endpointing,
        )
    )


# --- features -----------------------------------------------------------------


@dataclass(frozen=True)
class FeatureCache:
    """The encoder's features of all recordings.

    Attributes
    ----------
    encoder : Path
        Its TFLite file.
    data : Path
        Folder of the recordings, with the rooms and the noises.
    """

    encoder: Path
    data: Path

    def fill(self, corpora: dict[str, list[Clip]], most_variants: int, jobs: int) -> None:
        """Compute what the cache does not hold yet: first without augmentation, then the variants.

        Raises
        ------
        DataError
            There is no encoder.
        """
        if not self.encoder.is_file():
            raise DataError(f"{self.encoder} does not exist; run `emotify-train encoder`.")
        fill_speech([clip for clips in corpora.values() for clip in clips], jobs)
        wanted = [(clips, PLAIN) for clips in corpora.values()] + [(corpora[RAVDESS], ROOM)]
        numbered = [(own, v) for own in corpora.values() for v in variants(own, most_variants)]
        wanted += sorted(numbered, key=lambda pair: int(pair[1]))
        batches = []
        for clips, variant in wanted:
            speakers = by_speaker(clips)
            missing = [own for own in speakers if not holds(self._path(own[0], variant), own)]
            batches += [(self, batch, variant) for batch in _batches(missing)]
        in_processes(_encode, batches, jobs, "encoding")

    def of(self, clips: Sequence[Clip], variant: str = PLAIN) -> list[np.ndarray]:
        """The features of each clip of one corpus.

        Returns
        -------
        list of np.ndarray [shape=(n, channels), float16]
            Without a frame where the endpointer finds no speech.

        Raises
        ------
        DataError
            A clip is not in the cache.
        """
        return read_arrays((self._path(clip, variant) for clip in clips), clips)

    def keep(self, clips: Sequence[Clip], variant: str, frames: Iterable[np.ndarray]) -> None:
        """Put a variant of all clips of one speaker into the cache, as float16."""
        halves = (one.astype(np.float16) for one in frames)
        write_arrays(self._path(clips[0], variant), clips, halves)

    @property
    def digest(self) -> str:
        """Of the encoder and of the code that prepares its input."""
        return _feature_digest(self.encoder)

    def _path(self, clip: Clip, variant: str) -> Path:
        folder = _speech_path(clip).parent / f"features-{self.digest}"
        return folder / f"{clip.corpus}-{clip.speaker}-{variant}.npz"


@cache
def _feature_digest(encoder: Path) -> str:
    modules = (device.emotion.encoder, device.features, training.emotion.augmentation)
    return digest(modules, encoder.read_bytes())


def _encode(features: FeatureCache, speakers: Sequence[Sequence[Clip]], variant: str) -> str:
    encoder = Encoder(features.encoder.read_bytes())
    surroundings = Surroundings.read(features.data, half=int(variant == ROOM))
    nothing = np.empty((0, encoder.channels), np.float32)
    for clips in speakers:
        speech = speech_of(clips)
        varied = [_variant(clip, speech[clip.name], variant, surroundings) for clip in clips]
        features.keep(clips, variant, [encoder.encode(v) if len(v) else nothing for v in varied])
    names = ", ".join(clips[0].speaker for clips in speakers)
    return f"{speakers[0][0].corpus}, speakers {names}, {variant}"


def _variant(
    clip: Clip, speech: np.ndarray, variant: str, surroundings: Surroundings
) -> np.ndarray:
    if variant == PLAIN or not len(speech):
        return speech
    seed = hashlib.sha256(f"{clip.corpus} {clip.name} {variant}".encode()).digest()
    rng = np.random.default_rng(list(seed))
    if variant != ROOM:
        return augmented(speech, surroundings, rng)
    sound = np.concatenate(list(recording.read(clip.path)))
    ratio_db = ROOM_NOISE_DB + 20 * np.log10(loudness(sound) / loudness(speech))
    if surroundings.rooms and surroundings.noises:
        sound = in_room(sound, surroundings.rooms[rng.integers(len(surroundings.rooms))])
        noise = surroundings.noises[rng.integers(len(surroundings.noises))]
        sound = with_noise(sound, noise, ratio_db, rng)
    return _speech_in([sound])


def _batches(speakers: Sequence[Sequence[Clip]]) -> list[list[Sequence[Clip]]]:
    """Several speakers for each process, because starting one takes time."""
    if not speakers:
        return []
    together = max(1, _BATCH_CLIPS // max(map(len, speakers)))
    starts = range(0, len(speakers), together)
    return [list(speakers[start : start + together]) for start in starts]
