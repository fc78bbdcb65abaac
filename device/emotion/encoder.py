"""The encoder: from speech to a representation that an emotion can be told from.

    encoder = Encoder(Path("models/encoder.tflite").read_bytes())
    frames = encoder.represent(speech)       # (n, channels), 12.5 a second

It is the beginning of Whisper's encoder (Radford et al. 2022), which has heard 680,000 hours of
speech by all kinds of people. ``emotify-train encoder`` makes the file.
"""

import numpy as np

from device.emotion.interpreter import Network
from device.features import N_MELS, log_mel
from device.microphone import SAMPLE_RATE

ENCODER_FILE = "encoder.tflite"
FRAME_SECONDS = 0.08

_MIN_SAMPLES = round(2 * FRAME_SECONDS * SAMPLE_RATE)


class Encoder:
    """The encoder's TFLite file. To be used from one thread only.

    Parameters
    ----------
    content : bytes
        Of the file.

    Raises
    ------
    ValueError
        The content is no such encoder.

    Attributes
    ----------
    channels : int
        Of the representation.
    """

    def __init__(self, content: bytes):
        self._network = Network(content)
        if self._network.input_shape[2:] != (N_MELS,) or len(self._network.output_shape) != 2:
            raise ValueError(
                f"it makes {self._network.output_shape} of {self._network.input_shape}, which is "
                "not what the encoder does"
            )
        self.channels = self._network.output_shape[-1]

    def represent(self, speech: np.ndarray) -> np.ndarray:
        """The representation of a sentence, whatever the microphone's gain.

        Parameters
        ----------
        speech : np.ndarray [shape=(n,), float32]
            16 kHz mono in -1..1, finite and not silent.

        Returns
        -------
        np.ndarray [shape=(max(2, n // 1280), channels), float32]
        """
        lacking = max(0, _MIN_SAMPLES - len(speech))
        spectrogram = log_mel(np.pad(speech, (0, lacking)))
        return self._network(spectrogram[None]).astype(np.float32)
