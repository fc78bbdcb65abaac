"""Augmentation: other voices, rooms and microphones, made from a log-mel spectrogram.

Each function takes and gives a log-mel spectrogram, np.ndarray [shape=(n, filters), float32], of
:meth:`device.features.FrontEnd.log_mel`, and a random generator. Working on the spectrogram
instead of the sound costs a hundredth of the time.
"""

import numpy as np


def augmented(log_mel: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A variant of a clip, by all the changes below."""
    log_mel = tempo(log_mel, rng)
    log_mel = vocal_tract(log_mel, rng)
    log_mel = response(log_mel, rng)
    log_mel = room_noise(log_mel, rng)
    return time_masks(log_mel, rng).astype(np.float32)


def tempo(log_mel: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Faster or slower by up to a fifth, at the same pitch."""
    count = max(2, round(len(log_mel) * rng.uniform(0.8, 1.25)))
    return _resampled(log_mel, np.linspace(0, len(log_mel) - 1, count))


def vocal_tract(log_mel: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A longer or shorter vocal tract: the mel axis is stretched by up to 8 % and shifted by up to
    two bands (after Jaitly & Hinton 2013)."""
    bands = np.arange(log_mel.shape[1])
    places = bands * rng.uniform(0.92, 1.08) + rng.uniform(-2, 2)
    return _resampled(log_mel.T, np.clip(places, 0, bands[-1])).T


def response(log_mel: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Another microphone at another place: a tilt and a slow wave over the bands, some dB."""
    place = np.linspace(-1, 1, log_mel.shape[1])
    wave = np.sin(np.pi * (rng.uniform(0.5, 2) * place + rng.uniform(0, 2)))
    return log_mel + rng.normal(0, 0.8) * place + rng.normal(0, 0.4) * wave


def room_noise(log_mel: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Steady noise with the spectrum of a room, mostly far below the voice."""
    place = np.linspace(0, 1, log_mel.shape[1])
    noise = rng.uniform(-12, -4) - rng.uniform(0, 3) * place
    return np.logaddexp(log_mel, noise + rng.normal(0, 0.3, log_mel.shape))


def time_masks(log_mel: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Up to two gaps of up to eight frames, filled with the clip's mean (Park et al. 2019)."""
    masked = log_mel.copy()
    for _ in range(rng.integers(3)):
        start = rng.integers(len(log_mel))
        masked[start : start + rng.integers(9)] = log_mel.mean(axis=0)
    return masked


def _resampled(rows: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The rows at places between them, by linear interpolation."""
    before = np.minimum(places.astype(int), len(rows) - 2)
    share = (places - before)[:, None]
    return rows[before] * (1 - share) + rows[before + 1] * share
