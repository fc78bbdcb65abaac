"""The encoder: from speech to features for emotion recognition.

    encoder = Encoder(Path("models/encoder.tflite"))
    frames = encoder.encode(speech)          # (n, channels), 12.5 a second

It is the first part of Whisper's encoder (Radford et al. 2022), which was trained on 680,000 hours
of speech. ``emotify-train encoder`` makes the file.
"""

from pathlib import Path

import numpy as np

from device.emotion.interpreter import Network
from device.features import N_MELS, log_mel
from device.microphone import SAMPLE_RATE

ENCODER_FILE = "encoder.tflite"
FRAME_SECONDS = 0.08

MAX_SECONDS = 5.0
"""Of a longer sentence only so much is encoded. The frames of a long input are unlike those of the
sentences that the network was trained on: of whole sentences of 6.5 to 10 s 0.44 are recognised,
of this part of them 0.81 (``tests/bench/long_sentences.py``). And their cost is bounded."""

_MIN_SAMPLES = round(2 * FRAME_SECONDS * SAMPLE_RATE)


class Encoder:
    """The encoder. It is not thread-safe.

    Parameters
    ----------
    model : Path or bytes
        The TFLite file, or its content.

    Raises
    ------
    ValueError
        The model is not an encoder.

    Attributes
    ----------
    channels : int
        Number of channels in a frame.
    """

    def __init__(self, model: Path | bytes):
        self._network = Network(model)
        if self._network.input_shape[2:] != (N_MELS,) or len(self._network.output_shape) != 2:
            raise ValueError(
                f"its input is {self._network.input_shape} and its output "
                f"{self._network.output_shape}, which is not an encoder's"
            )
        self.channels = self._network.output_shape[-1]

    def encode(self, speech: np.ndarray) -> np.ndarray:
        """The frames of a sentence, independent of the microphone's gain.

        Of a sentence that is longer than :data:`MAX_SECONDS`, those of its loudest part.

        Parameters
        ----------
        speech : np.ndarray [shape=(n,), float32]
            16 kHz mono in -1..1, finite and not silent.

        Returns
        -------
        np.ndarray [shape=(min(62, max(2, n // 1280)), channels), float32]
        """
        missing = max(0, _MIN_SAMPLES - len(speech))
        spectrogram = log_mel(np.pad(loudest_part(speech), (0, missing)))
        return self._network(spectrogram[None]).astype(np.float32)


def loudest_part(speech: np.ndarray) -> np.ndarray:
    """The part of a sentence that is judged: the :data:`MAX_SECONDS` with the most energy."""
    samples = round(MAX_SECONDS * SAMPLE_RATE)
    if len(speech) <= samples:
        return speech
    energy = np.concatenate(([0.0], np.cumsum(np.square(speech, dtype=np.float64))))
    first = int(np.argmax(energy[samples:] - energy[:-samples]))
    return speech[first : first + samples]
