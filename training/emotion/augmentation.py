"""Augmentation: the same sentence in another voice, another room, through another microphone.

    surroundings = Surroundings.read(data, half=0)
    variant = augmented(speech, surroundings, np.random.default_rng(5))

It changes the sound, before the encoder. Half of the recorded rooms and noises are for training,
together with synthetic rooms; the other half is kept for the test in rooms.
"""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import soundfile
import soxr
from scipy.signal import fftconvolve

from device.microphone import SAMPLE_RATE
from device.microphone.recording import read
from device.speech.endpointing import loudness

ROOMS_FOLDER = "rir"
NOISES_FOLDER = "noise"

_SPEED = (0.87, 1.15)
_NOISE_DB = (8.0, 8.0, 35.0)
"""Minimum, mode and maximum of the signal-to-noise ratio."""
_TILT_DB_PER_OCTAVE = 3.0
_TILT_CENTRE_HZ = 1000.0
_LOWEST_HZ = (60.0, 350.0)
_HIGHEST_HZ = (3000.0, 7500.0)
_TELEPHONE_HZ = 8000
_MIN_OPUS_COMPRESSION = 0.8
_LONGEST_ROOM_SECONDS = 1.0
_SYNTHETIC_ROOMS = 0.5
_REVERBERATION_SECONDS = (0.2, 1.2)
_DIRECT_DB = (-6.0, 12.0)
_FIRST_ECHO_SECONDS = (0.001, 0.01)
_DARK_HZ = (1000.0, 8000.0)


@dataclass(frozen=True)
class Surroundings:
    """Rooms and noises.

    Attributes
    ----------
    rooms : tuple of np.ndarray [shape=(n,)]
        Impulse responses from the loudest sample on, 16 kHz, of energy one.
    noises : tuple of np.ndarray [shape=(n,)]
        16 kHz, of RMS one.
    """

    rooms: tuple[np.ndarray, ...]
    noises: tuple[np.ndarray, ...]

    @classmethod
    def read(cls, data: Path, half: int) -> Self:
        """Every second room and noise in a folder, from the one with the index ``half``; none if
        there is no such folder."""
        rooms = _recordings(data / ROOMS_FOLDER)[half::2]
        noises = _recordings(data / NOISES_FOLDER)[half::2]
        return cls(
            tuple(map(_impulse_response, rooms)),
            tuple(noise / loudness(noise) for noise in noises),
        )


def augmented(
    speech: np.ndarray, surroundings: Surroundings, rng: np.random.Generator
) -> np.ndarray:
    """A variant of a sentence; each change is made with some probability.

    Parameters
    ----------
    speech : np.ndarray [shape=(n,), float32]
        16 kHz, not silent.
    surroundings : Surroundings
    rng : np.random.Generator

    Returns
    -------
    np.ndarray [shape=(m,), float32]
        Not normalised in level.
    """
    if rng.random() < 0.7:
        speech = faster(speech, rng.uniform(*_SPEED))
    if rng.random() < 0.6:
        speech = in_room(speech, _any_room(surroundings, rng))
    if surroundings.noises and rng.random() < 0.8:
        noise = surroundings.noises[rng.integers(len(surroundings.noises))]
        speech = with_noise(speech, noise, rng.triangular(*_NOISE_DB), rng)
    if rng.random() < 0.7:
        speech = through_microphone(speech, rng)
    codec = rng.random()
    if codec < 0.15:
        speech = through_opus(speech, rng.uniform(_MIN_OPUS_COMPRESSION, 1.0))
    elif codec < 0.25:
        speech = through_telephone(speech)
    return speech


def faster(speech: np.ndarray, speed: float) -> np.ndarray:
    """Play at another speed, which changes pitch and formants as well."""
    return soxr.resample(speech, SAMPLE_RATE * speed, SAMPLE_RATE)


def in_room(speech: np.ndarray, impulse_response: np.ndarray) -> np.ndarray:
    """Add the reverberation of a room; level and length stay the same."""
    echoing = fftconvolve(speech, impulse_response)[: len(speech)].astype(np.float32)
    return echoing * (loudness(speech) / loudness(echoing))


def synthetic_room(rng: np.random.Generator) -> np.ndarray:
    """A synthetic impulse response that starts with the direct sound and has energy one.

    The reverberation is noise that decays exponentially (Polack 1988, "La transmission de l'energie
    sonore dans les salles"), with less treble than the
    direct sound. There are few recorded rooms, and a network overfits them.
    """
    seconds = np.exp(rng.uniform(*np.log(_REVERBERATION_SECONDS)))
    samples = round(min(seconds, _LONGEST_ROOM_SECONDS) * SAMPLE_RATE)
    hertz = np.fft.rfftfreq(samples, 1 / SAMPLE_RATE)
    spectrum = np.fft.rfft(rng.normal(size=samples))
    filtered = np.fft.irfft(spectrum / np.sqrt(1 + (hertz / rng.uniform(*_DARK_HZ)) ** 2), samples)
    # 60 dB, as the reverberation time is defined (ISO 3382).
    echoes = filtered * 10 ** (-3 * np.arange(samples) / SAMPLE_RATE / seconds)
    echoes[: round(rng.uniform(*_FIRST_ECHO_SECONDS) * SAMPLE_RATE)] = 0
    response = echoes * (10 ** (-rng.uniform(*_DIRECT_DB) / 20) / np.sqrt(np.sum(echoes**2)))
    response[0] = 1
    return response / np.sqrt(np.sum(response**2))


def _any_room(surroundings: Surroundings, rng: np.random.Generator) -> np.ndarray:
    if not surroundings.rooms or rng.random() < _SYNTHETIC_ROOMS:
        return synthetic_room(rng)
    return surroundings.rooms[rng.integers(len(surroundings.rooms))]


def with_noise(
    speech: np.ndarray, noise: np.ndarray, ratio_db: float, rng: np.random.Generator
) -> np.ndarray:
    """Add a part of a noise of RMS one, ``ratio_db`` below the speech."""
    start = rng.integers(len(noise))
    part = np.resize(np.roll(noise, -start), len(speech))
    return (speech + part * (loudness(speech) * 10 ** (-ratio_db / 20))).astype(np.float32)


def through_microphone(speech: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Tilt the spectrum; half of the microphones cut bass and treble as well."""
    spectrum = np.fft.rfft(speech)
    hertz = np.maximum(np.fft.rfftfreq(len(speech), 1 / SAMPLE_RATE), _LOWEST_HZ[0])
    tilt_db = rng.uniform(-1, 1) * _TILT_DB_PER_OCTAVE * np.log2(hertz / _TILT_CENTRE_HZ)
    gain = 10 ** (tilt_db / 20)
    if rng.random() < 0.5:
        # Slopes of the second and the eighth order.
        gain /= np.sqrt(1 + (rng.uniform(*_LOWEST_HZ) / hertz) ** 4)
        gain /= np.sqrt(1 + (hertz / rng.uniform(*_HIGHEST_HZ)) ** 16)
    return np.fft.irfft(spectrum * gain, len(speech)).astype(np.float32)


def through_opus(speech: np.ndarray, compression: float) -> np.ndarray:
    """Encode and decode with Opus; compression 0 is the best sound, 1 the smallest file."""
    return _coded(speech, SAMPLE_RATE, format="OGG", subtype="OPUS", compression_level=compression)


def through_telephone(speech: np.ndarray) -> np.ndarray:
    """Resample to 8 kHz and encode with mu-law (ITU-T G.711)."""
    narrow = soxr.resample(speech, SAMPLE_RATE, _TELEPHONE_HZ)
    coded = _coded(narrow, _TELEPHONE_HZ, format="WAV", subtype="ULAW")
    return soxr.resample(coded, _TELEPHONE_HZ, SAMPLE_RATE)


def _coded(speech: np.ndarray, rate_hz: int, **coding: object) -> np.ndarray:
    file = io.BytesIO()
    soundfile.write(file, 0.5 * speech / np.abs(speech).max(), rate_hz, **coding)
    file.seek(0)
    return soundfile.read(file, dtype="float32")[0]


def _recordings(folder: Path) -> list[np.ndarray]:
    return [np.concatenate(list(read(path))) for path in sorted(folder.glob("*.flac"))]


def _impulse_response(sound: np.ndarray) -> np.ndarray:
    start = int(np.argmax(np.abs(sound)))
    response = sound[start : start + round(_LONGEST_ROOM_SECONDS * SAMPLE_RATE)]
    return response / np.sqrt(np.sum(np.square(response)))
