"""Features: the cepstra that stand for a sentence, the same in training and at home.

Speech becomes a log-mel spectrogram (python_speech_features), that becomes mel-frequency cepstral
coefficients with their deltas (Davis & Mermelstein 1980; Furui 1986), and those are cut into
windows of a fixed number of frames. Training augments the log-mel spectrogram in between; the
device goes straight through.

    front_end = FrontEnd()
    windows = front_end.features(speech)     # (windows, frames, channels)
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from math import ceil
from typing import Any, Self

import numpy as np
from python_speech_features import delta, fbank

from device.speech import SAMPLE_RATE


@dataclass(frozen=True)
class FrontEnd:
    """How speech becomes the model's input.

    Attributes
    ----------
    window_seconds, hop_seconds : float > 0
    fft_samples : int, at least the samples of a window
    filters : int > 0
        Bands of the mel filterbank.
    low_hz, high_hz : float
        Lower edge of the first band and upper edge of the last.
    pre_emphasis : float in 0..1
    floor : float > 0
        Power that is added to every band before the logarithm, of speech whose mean power is
        one: what lies far below the voice is the room.
    cepstra : int, at most ``filters``
    delta_frames : int > 0
        Frames to either side from which a delta is computed.
    frames : int > 0
        Length of the model's input; longer speech becomes several windows.
    mean, scale : tuple of float, of length ``coefficients``
        Of the training clips' coefficients; empty before training.
    """

    window_seconds: float = 0.064
    hop_seconds: float = 0.032
    fft_samples: int = 1024
    filters: int = 80
    low_hz: float = 50.0
    high_hz: float = 7600.0
    pre_emphasis: float = 0.97
    floor: float = 1e-5
    cepstra: int = 34
    delta_frames: int = 2
    frames: int = 80
    mean: tuple[float, ...] = ()
    scale: tuple[float, ...] = ()

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The front end that :meth:`to_json` described.

        Raises
        ------
        TypeError, ValueError
            A value is missing, unknown, or of another type than its default.
        """
        names = {field.name for field in fields(cls)}
        if set(values) != names:
            raise ValueError(f"front end with {', '.join(sorted(set(values) ^ names))}")
        made: dict[str, Any] = {
            field.name: type(getattr(cls, field.name))(values[field.name]) for field in fields(cls)
        }
        front_end = cls(**made)
        for name in ("mean", "scale"):
            if len(made[name]) != front_end.coefficients or not np.all(np.isfinite(made[name])):
                raise ValueError(f"front end whose {name} is not {front_end.coefficients} numbers")
        return front_end

    def to_json(self) -> dict[str, Any]:
        """All parameters, as JSON has them."""
        return asdict(self)

    @property
    def coefficients(self) -> int:
        """Numbers a frame: the cepstra and their deltas."""
        return 2 * self.cepstra

    @property
    def shape(self) -> tuple[int, int]:
        """Frames and channels of one window; the last channel is one where there is speech."""
        return self.frames, self.coefficients + 1

    def features(self, speech: np.ndarray) -> np.ndarray:
        """What the model is given for a sentence.

        Parameters
        ----------
        speech : np.ndarray [shape=(n,), float32]
            16 kHz mono, not silent, of any level and length.

        Returns
        -------
        np.ndarray [shape=(windows, frames, channels), float32]
        """
        return self.windows(self.cepstral(self.log_mel(speech)))

    def log_mel(self, speech: np.ndarray) -> np.ndarray:
        """Natural logarithm of the power in each mel band, of speech brought to an RMS of one.

        Returns
        -------
        np.ndarray [shape=(n, filters), float32]
        """
        speech = np.asarray(speech, np.float64)
        power, _ = fbank(
            speech / np.sqrt(np.mean(np.square(speech))),
            samplerate=SAMPLE_RATE,
            winlen=self.window_seconds,
            winstep=self.hop_seconds,
            nfilt=self.filters,
            nfft=self.fft_samples,
            lowfreq=self.low_hz,
            highfreq=self.high_hz,
            preemph=self.pre_emphasis,
            winfunc=np.hamming,
        )
        return np.log(power + self.floor).astype(np.float32)

    def cepstral(self, log_mel: np.ndarray) -> np.ndarray:
        """Cepstra and their deltas.

        Parameters
        ----------
        log_mel : np.ndarray [shape=(n, filters)]

        Returns
        -------
        np.ndarray [shape=(n, coefficients), float32]
        """
        cepstra = log_mel @ self._cosines
        return np.hstack((cepstra, delta(cepstra, self.delta_frames))).astype(np.float32)

    def windows(self, coefficients: np.ndarray) -> np.ndarray:
        """Normalise, and cut into windows that cover the sentence evenly; pad a short one.

        Parameters
        ----------
        coefficients : np.ndarray [shape=(n, coefficients)]

        Returns
        -------
        np.ndarray [shape=(windows, frames, channels), float32]
        """
        count = len(coefficients)
        present = np.zeros((max(count, self.frames), self.coefficients + 1), np.float32)
        present[:count, :-1] = (coefficients - self._vector(self.mean)) / self._vector(self.scale)
        present[:count, -1] = 1
        starts = np.linspace(0, len(present) - self.frames, ceil(len(present) / self.frames))
        return np.stack([present[start : start + self.frames] for start in starts.astype(int)])

    @staticmethod
    def _vector(values: tuple[float, ...]) -> np.ndarray:
        return np.array(values, np.float32)

    @cached_property
    def _cosines(self) -> np.ndarray:
        """The orthonormal discrete cosine transform of type II, from bands to cepstra."""
        band, order = np.ogrid[: self.filters, : self.cepstra]
        cosines = np.cos(np.pi * order * (2 * band + 1) / (2 * self.filters))
        cosines *= np.sqrt(2 / self.filters)
        cosines[:, 0] /= np.sqrt(2)
        return cosines.astype(np.float32)
