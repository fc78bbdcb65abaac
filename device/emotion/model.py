"""The emotion model: from speech to the probabilities of the eight emotions.

    model = EmotionModel.load(Path("models"))
    mood = model.recognise(speech)           # float32 at 16 kHz, from device.speech.endpointing

A model is a pair of networks, ``encoder.tflite`` and ``emotion.tflite``, and their metadata in
``emotion.json``.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol, Self

import numpy as np

from device import files
from device.emotion.encoder import ENCODER_FILE, Encoder
from device.emotion.interpreter import Network
from device.errors import ModelError
from device.mood import Emotion, Mood

FORMAT = 2
"""Version of the layout of ``emotion.json``."""

MODEL_FILE = "emotion.tflite"
METADATA_FILE = "emotion.json"

# With weights of eight bits, smaller probabilities mean nothing.
_MIN_PROBABILITY = 1e-4

_REMEDY = "Put back all files of the model as they came with Emotify, or run `emotify-train all`."


class Classifier(Protocol):
    """Recognises the mood in speech."""

    def recognise(self, speech: np.ndarray) -> Mood:
        """The mood in a sentence.

        Parameters
        ----------
        speech : np.ndarray [shape=(n,), float32]
            16 kHz mono in -1..1, finite and not silent.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class ModelMetadata:
    """The content of ``emotion.json``.

    Attributes
    ----------
    encoder_sha256, sha256 : str
        Of ``encoder.tflite`` and of ``emotion.tflite``.
    quantisation : str
        The type of the weights of ``emotion.tflite``.
    temperature : float > 0
        Divides the logarithms of the probabilities (Guo et al. 2017).
    prior : tuple of float > 0 [shape=(8,)]
        The frequency of each emotion at home, relative to its frequency in training.
    threshold : float in 0..1
        Probability from which an answer is sure.
    """

    encoder_sha256: str
    sha256: str
    quantisation: str
    temperature: float
    prior: tuple[float, ...]
    threshold: float

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text of ``emotion.json``.

        Raises
        ------
        ValueError
            With what is wrong with it, as a message.
        """
        values = files.parse_json(text)
        if not isinstance(values, dict):
            raise ValueError("it is no JSON object")
        if values.get("format") != FORMAT:
            raise ValueError(f"it has format {values.get('format')}; this Emotify reads {FORMAT}")
        if values.get("labels") != list(Emotion):
            raise ValueError("its labels are not the eight emotions in their order")
        try:
            metadata = cls(
                encoder_sha256=str(values["encoder_sha256"]),
                sha256=str(values["sha256"]),
                quantisation=str(values["quantisation"]),
                temperature=float(values["temperature"]),
                prior=tuple(map(float, values["prior"])),
                threshold=float(values["threshold"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"a value is missing or of the wrong kind ({error})") from error
        if not (metadata.temperature > 0 and 0 <= metadata.threshold <= 1):
            raise ValueError("its temperature or its threshold is out of range")
        if len(metadata.prior) != len(Emotion) or min(metadata.prior) <= 0:
            raise ValueError("its prior is not a number above zero for each emotion")
        return metadata

    def text(self) -> str:
        """The text of ``emotion.json``."""
        values = {"format": FORMAT, "labels": list(Emotion)} | asdict(self)
        return json.dumps(values, indent=1) + "\n"


class EmotionModel:
    """Both networks. It is not thread-safe.

    Nothing of them is kept in memory between two sentences: they are read from their files, which
    the system caches.

    Parameters
    ----------
    encoder, network : Path
        ``encoder.tflite`` and ``emotion.tflite``.
    metadata : ModelMetadata
        :meth:`load` checks that it matches them.

    Attributes
    ----------
    metadata : ModelMetadata
    size : int
        Of both files, in bytes.
    """

    def __init__(self, encoder: Path, network: Path, metadata: ModelMetadata):
        self.metadata = metadata
        self._encoder, self._network = encoder, network
        self._state = _state(encoder), _state(network)
        self.size = sum(state[0] for state in self._state)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The model in a folder.

        Raises
        ------
        ModelError
            A file is missing, damaged, of another version, or does not match the others.
        """
        metadata_file, encoder, network = (
            folder / name for name in (METADATA_FILE, ENCODER_FILE, MODEL_FILE)
        )
        text = _read(metadata_file)
        try:
            metadata = ModelMetadata.parse(text.decode("utf-8"))
        except ValueError as error:
            raise _refusal(metadata_file, error) from error
        for file, sha256 in ((encoder, metadata.encoder_sha256), (network, metadata.sha256)):
            if hashlib.sha256(_read(file)).hexdigest() != sha256:
                raise _refusal(file, f"it is not the file that {METADATA_FILE} describes")
        try:
            channels = Encoder(encoder).channels
        except ValueError as error:
            raise _refusal(encoder, error) from error
        try:
            _check(Network(network), channels, metadata)
        except ValueError as error:
            raise _refusal(network, error) from error
        return cls(encoder, network, metadata)

    def recognise(self, speech: np.ndarray) -> Mood:
        """See :meth:`Classifier.recognise`."""
        metadata = self.metadata
        given = calibrated(self.raw(speech), metadata.temperature, metadata.prior)
        return Mood(dict(zip(Emotion, given.tolist(), strict=True)), metadata.threshold)

    def raw(self, speech: np.ndarray) -> np.ndarray:
        """Probabilities before temperature and prior.

        Returns
        -------
        np.ndarray [shape=(8,), float64]

        Raises
        ------
        ModelError
            A file has changed since it was loaded.
        """
        for file, state in zip((self._encoder, self._network), self._state, strict=True):
            if _state(file) != state:
                raise ModelError(
                    f"{file} has changed since Emotify started: put back all files of the model "
                    "if that was a mistake, and restart Emotify."
                )
        return classify(Network(self._network), Encoder(self._encoder).encode(speech))


def classify(network: Network, frames: np.ndarray) -> np.ndarray:
    """The probabilities for the encoder's frames, before temperature and prior.

    Parameters
    ----------
    network : Network
    frames : np.ndarray [shape=(n, channels)]

    Returns
    -------
    np.ndarray [shape=(8,), float64]
    """
    return network(frames[None].astype(np.float32))[0]


def calibrated(raw: np.ndarray, temperature: float, prior: Sequence[float]) -> np.ndarray:
    """The device's probabilities: temperature scaling (Guo et al. 2017) and the prior.

    Parameters
    ----------
    raw : np.ndarray [shape=(..., 8)]
        The network's probabilities.
    temperature, prior :
        See :class:`ModelMetadata`.

    Returns
    -------
    np.ndarray [shape=(..., 8), float64]
        Above zero, summing to one.
    """
    tilted = np.maximum(raw, _MIN_PROBABILITY) ** (1 / temperature) * np.asarray(prior)
    return tilted / tilted.sum(axis=-1, keepdims=True)


def _check(network: Network, channels: int, metadata: ModelMetadata) -> None:
    """Raises ValueError where ``emotion.tflite`` does not match the encoder or the metadata."""
    shapes = (network.input_shape, network.output_shape)
    if shapes != ((1, 1, channels), (1, len(Emotion))):
        raise ValueError(
            f"its input is {shapes[0]} and its output {shapes[1]}, but the encoder has {channels} "
            f"channels, and there are {len(Emotion)} emotions"
        )
    if network.quantisation != metadata.quantisation:
        raise ValueError(
            f"its quantisation is {network.quantisation}, but {METADATA_FILE} says "
            f"{metadata.quantisation}"
        )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _refusal(path, error.strerror or error) from error


def _state(path: Path) -> tuple[int, int, int]:
    """What differs when a file is another one: size, inode and time."""
    try:
        found = path.stat()
    except OSError as error:
        raise _refusal(path, error.strerror or error) from error
    return found.st_size, found.st_ino, found.st_mtime_ns


def _refusal(path: Path, why: object) -> ModelError:
    return ModelError(f"The emotion model cannot be used: {path}: {why}. {_REMEDY}")
