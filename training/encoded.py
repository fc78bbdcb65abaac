"""``emotify-train features``: every recording as the network is given it, kept in the cache.

The speech that the device finds in a recording goes through the encoder that ships: once as it is,
and once in each of its augmented variants. That is the slow part of the training, so it is done
once, speaker by speaker, and what is finished is kept.
"""

import argparse
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

import device.emotion.encoder
import device.features
import training.cache
import training.variants
from device.emotion.encoder import Encoder
from device.microphone.recording import read
from device.speech.endpointing import loudness
from training import heard
from training.arguments import add_data, add_encoder, add_jobs
from training.corpora import RAVDESS, Clip, DataError, corpora
from training.processes import in_processes
from training.settings import Settings
from training.variants import Surroundings, augmented, in_room, with_noise

PLAIN = "plain"
"""The variant that nothing was done to."""

ROOM = "room"
"""The variant in a room with noise, both unheard in training, listened to as the device would."""

ROOM_NOISE_DB = 10.0

_ENOUGH_CLIPS = 9000
_CLIPS_IN_A_PIECE = 200


def variants(clips: Sequence[Clip], most: int) -> list[str]:
    """The augmented variants of a corpus: the more, the fewer clips it has, but at most so many."""
    count = min(most, max(2, _ENOUGH_CLIPS // len(clips)))
    return [str(number) for number in range(1, 1 + count)]


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the sub-command to ``emotify-train``."""
    parser = subparsers.add_parser(
        "features",
        help="listen to all recordings as the device would, and encode what it hears",
        description="Find the speech in every recording, as the device would, make the augmented "
        f"variants, encode them all, and keep that in {training.cache.CACHE}/. It can be stopped "
        "at any time and goes on where it was.",
    )
    add_data(parser)
    add_encoder(parser)
    add_jobs(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Fill the cache, and say how many clips hold no speech for the device."""
    found = corpora(args.data)
    Encodings(args.encoder, args.data).fill(found, Settings().variants, args.jobs)
    for name, clips in found.items():
        unheard = sum(not len(speech) for speech in heard.heard(clips).values())
        print(f"{name}: {len(clips)} clips, {unheard} without speech that the device would judge")
    return 0


@dataclass(frozen=True)
class Encodings:
    """The cache of what an encoder makes of the recordings.

    Attributes
    ----------
    encoder : Path
        Its TFLite file.
    data : Path
        Folder of the recordings, with the rooms and the noises.
    """

    encoder: Path
    data: Path

    def fill(self, found: dict[str, list[Clip]], most_variants: int, jobs: int) -> None:
        """Encode what the cache does not hold yet: all recordings as they are, then the variants.

        Raises
        ------
        DataError
            There is no encoder.
        """
        if not self.encoder.is_file():
            raise DataError(f"{self.encoder} is not there; run `emotify-train encoder`.")
        heard.fill([clip for clips in found.values() for clip in clips], jobs)
        wanted = [(clips, PLAIN) for clips in found.values()] + [(found[RAVDESS], ROOM)]
        numbered = [(own, v) for own in found.values() for v in variants(own, most_variants)]
        wanted += sorted(numbered, key=lambda pair: int(pair[1]))
        pieces = []
        for clips, variant in wanted:
            speakers = heard.by_speaker(clips)
            missing = [
                o for o in speakers if not training.cache.holds(self._place(o[0], variant), o)
            ]
            pieces += [(self, piece, variant) for piece in _pieces(missing)]
        in_processes(_encode, pieces, jobs, "encoding")

    def of(self, clips: Sequence[Clip], variant: str = PLAIN) -> list[np.ndarray]:
        """The representation of each clip of one corpus.

        Returns
        -------
        list of np.ndarray [shape=(n, channels), float16]
            Without a frame where the device hears no speech.

        Raises
        ------
        DataError
            A clip is not in the cache.
        """
        return training.cache.read((self._place(clip, variant) for clip in clips), clips)

    def keep(self, clips: Sequence[Clip], variant: str, frames: Iterable[np.ndarray]) -> None:
        """Put a variant of all clips of a speaker into the cache, in sixteen bits."""
        halves = (one.astype(np.float16) for one in frames)
        training.cache.keep(self._place(clips[0], variant), clips, halves)

    @property
    def digest(self) -> str:
        """Of the encoder and of the code before it."""
        return _digest(self.encoder)

    def _place(self, clip: Clip, variant: str) -> Path:
        folder = heard.place_of(clip).parent / f"encoded-{self.digest}"
        return folder / f"{clip.corpus}-{clip.speaker}-{variant}.npz"


@cache
def _digest(encoder: Path) -> str:
    modules = (device.emotion.encoder, device.features, training.variants)
    return training.cache.digest(modules, encoder.read_bytes())


def _encode(encodings: Encodings, speakers: Sequence[Sequence[Clip]], variant: str) -> str:
    encoder = Encoder(encodings.encoder.read_bytes())
    places = Surroundings.read(encodings.data, half=int(variant == ROOM))
    nothing = np.empty((0, encoder.channels), np.float32)
    for clips in speakers:
        speech = heard.heard(clips)
        made = [_variant(clip, speech[clip.name], variant, places) for clip in clips]
        frames = [encoder.represent(one) if len(one) else nothing for one in made]
        encodings.keep(clips, variant, frames)
    return (
        f"{speakers[0][0].corpus}, speakers {', '.join(c[0].speaker for c in speakers)}, {variant}"
    )


def _variant(clip: Clip, speech: np.ndarray, variant: str, places: Surroundings) -> np.ndarray:
    if variant == PLAIN or not len(speech):
        return speech
    seed = hashlib.sha256(f"{clip.corpus} {clip.name} {variant}".encode()).digest()
    rng = np.random.default_rng(list(seed))
    if variant != ROOM:
        return augmented(speech, places, rng)
    sound = np.concatenate(list(read(clip.path)))
    ratio_db = ROOM_NOISE_DB + 20 * np.log10(loudness(sound) / loudness(speech))
    if places.rooms and places.noises:
        sound = in_room(sound, places.rooms[rng.integers(len(places.rooms))])
        noise = places.noises[rng.integers(len(places.noises))]
        sound = with_noise(sound, noise, ratio_db, rng)
    return heard.speech_in([sound])


def _pieces(speakers: Sequence[Sequence[Clip]]) -> list[list[Sequence[Clip]]]:
    """Speakers together, so that a process is worth its start."""
    if not speakers:
        return []
    together = max(1, _CLIPS_IN_A_PIECE // max(map(len, speakers)))
    starts = range(0, len(speakers), together)
    return [list(speakers[start : start + together]) for start in starts]
