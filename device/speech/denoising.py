"""Denoising: removes the steady noise and the late reverberation of a room.

It is used to find speech only; the emotion is recognised in the sound as it was recorded.
"""

import numpy as np

_WINDOW_SAMPLES = 512
_HOP_SAMPLES = 128
_SMOOTHING = 0.7
_NOISE_PERCENTILE = 20
_NOISE_FACTOR = 1.5
_ECHO_HOPS = 6
"""Reverberation is what remains of a sound after 48 ms."""
_ECHO_SHARE = 0.6
_MIN_GAIN = 0.05


def denoised(sound: np.ndarray) -> np.ndarray:
    """Spectral subtraction of noise and late reverberation.

    The noise in a band is a low percentile of its power; the late reverberation is a share of the
    power some time before (Boll 1979, "Suppression of acoustic noise in speech using spectral
    subtraction"; Lebart et al. 2001, "A new method based on spectral subtraction for speech
    dereverberation").

    Parameters
    ----------
    sound : np.ndarray [shape=(n,), float32]
        16 kHz mono; n is at least 512.

    Returns
    -------
    np.ndarray [shape=(n,), float32]
    """
    window = np.hanning(_WINDOW_SAMPLES + 1)[:-1].astype(np.float32)
    beside = np.pad(sound, _WINDOW_SAMPLES)
    frames = np.lib.stride_tricks.sliding_window_view(beside, _WINDOW_SAMPLES)[::_HOP_SAMPLES]
    spectra = np.fft.rfft(frames * window)
    power = _smoothed(np.square(np.abs(spectra)))
    noise = np.percentile(power, _NOISE_PERCENTILE, axis=0)
    echoes = np.zeros_like(power)
    echoes[_ECHO_HOPS:] = power[:-_ECHO_HOPS]
    unwanted = _NOISE_FACTOR * noise + _ECHO_SHARE * echoes
    remaining = 1 - unwanted / np.maximum(power, 1e-12)
    gain = np.maximum(np.sqrt(np.maximum(remaining, 0)), _MIN_GAIN)
    return _overlap_add(np.fft.irfft(gain * spectra), window)[_WINDOW_SAMPLES:][: len(sound)]


def _smoothed(power: np.ndarray) -> np.ndarray:
    """Exponential smoothing over time."""
    smoothed = np.empty_like(power)
    now = power[0]
    for number, latest in enumerate(power):
        now = _SMOOTHING * now + (1 - _SMOOTHING) * latest
        smoothed[number] = now
    return smoothed


def _overlap_add(frames: np.ndarray, window: np.ndarray) -> np.ndarray:
    """The sound of overlapping frames."""
    overlap = _WINDOW_SAMPLES // _HOP_SAMPLES
    hops = (frames * window).reshape(len(frames), overlap, _HOP_SAMPLES)
    sound = np.zeros((len(frames) + overlap - 1, _HOP_SAMPLES))
    for number in range(overlap):
        sound[number : number + len(frames)] += hops[:, number]
    window_sum = np.sum(np.square(window)) / _HOP_SAMPLES
    return (sound / window_sum).ravel().astype(np.float32)
