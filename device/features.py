"""Features: the log-mel spectrogram that Whisper's encoder was trained on (Radford et al. 2022).

    spectrogram = log_mel(speech)            # (frames, 80), one frame every 10 ms

Framing and power spectrum are from python_speech_features; the mel filters are Slaney's, as in
librosa and Whisper.
"""

import numpy as np

from device.imports import without
from device.microphone import SAMPLE_RATE
from device.speech.endpointing import loudness

with without("scipy.fftpack"):
    from python_speech_features import sigproc

N_MELS = 80
WINDOW_SAMPLES = 400
HOP_SAMPLES = 160

_LEVEL = 10 ** (-26 / 20)
"""RMS to which all speech is normalised: -26 dBov, as in tests of speech codecs (ITU-T P.191)."""

_MIN_POWER = 1e-10
_RANGE_DECADES = 8.0

# Slaney's mel scale (Auditory Toolbox, 1998): linear up to 1 kHz, logarithmic above.
_LINEAR_HZ = 200 / 3
_BREAK_HZ = 1000.0
_BREAK_MEL = _BREAK_HZ / _LINEAR_HZ
_LOG_STEP = np.log(6.4) / 27


def log_mel(speech: np.ndarray) -> np.ndarray:
    """The input of the encoder for a sentence, independent of the microphone's gain.

    Parameters
    ----------
    speech : np.ndarray [shape=(n,), float32]
        16 kHz mono, not silent, more than 200 samples.

    Returns
    -------
    np.ndarray [shape=(n // 160, 80), float32]
        Base-ten logarithm of the power in each mel band, clipped to 8 below its maximum, plus 4,
        divided by 4.
    """
    speech = np.asarray(speech, np.float64)
    speech = speech * (_LEVEL / loudness(speech))
    padded = np.pad(speech, WINDOW_SAMPLES // 2, mode="reflect")
    frames = sigproc.framesig(padded, WINDOW_SAMPLES, HOP_SAMPLES, winfunc=_hann)
    # Whisper's own code drops the last frame, and does not divide the power by the length.
    power = WINDOW_SAMPLES * sigproc.powspec(frames, WINDOW_SAMPLES)[: len(speech) // HOP_SAMPLES]
    bands = np.log10(np.maximum(power @ _FILTERS, _MIN_POWER))
    return ((np.maximum(bands, bands.max() - _RANGE_DECADES) + 4) / 4).astype(np.float32)


def _hann(samples: int) -> np.ndarray:
    """The periodic Hann window."""
    return np.hanning(samples + 1)[:-1]


def _filterbank() -> np.ndarray:
    """Triangular filters of equal area, from the bins of the power spectrum to the mel bands.

    Returns
    -------
    np.ndarray [shape=(201, 80), float64]
    """
    highest_mel = _BREAK_MEL + np.log(SAMPLE_RATE / 2 / _BREAK_HZ) / _LOG_STEP
    mels = np.linspace(0, highest_mel, N_MELS + 2)
    linear, logarithmic = mels * _LINEAR_HZ, _BREAK_HZ * np.exp((mels - _BREAK_MEL) * _LOG_STEP)
    edges = np.where(mels < _BREAK_MEL, linear, logarithmic)
    below, middle, above = edges[:-2], edges[1:-1], edges[2:]
    bins = np.linspace(0, SAMPLE_RATE / 2, WINDOW_SAMPLES // 2 + 1)[:, None]
    rising, falling = (bins - below) / (middle - below), (above - bins) / (above - middle)
    return np.maximum(0, np.minimum(rising, falling)) * 2 / (above - below)


_FILTERS = _filterbank()
