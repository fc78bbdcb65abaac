"""The emotion model: from speech to the probabilities of the eight emotions.

    model = EmotionModel.load(Path("models"))
    mood = model.recognise(speech)           # float32 at 16 kHz, from device.speech.endpointing

A model is a pair of networks, ``encoder.tflite`` and ``emotion.tflite``, and their metadata in
``emotion.json``.
"""

import base64
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

FORMAT = 3
"""Version of the layout of ``emotion.json``."""

MODEL_FILE = "emotion.tflite"
METADATA_FILE = "emotion.json"

# With weights of eight bits, smaller probabilities mean nothing.
_MIN_PROBABILITY = 1e-4

_REMEDY = (
    "Install Emotify again with `sudo ./setup.sh install`; make a model of your own again with "
    "`emotify-train all`."
)


class Classifier(Protocol):
    """Recognises the mood in speech, and gets to know the household."""

    def recognise(self, speech: np.ndarray) -> Mood:
        """The mood in a sentence.

        Parameters
        ----------
        speech : np.ndarray [shape=(n,), float32]
            16 kHz mono in -1..1, finite and not silent.
        """
        ...

    def learn(self) -> None:
        """Let the sentence of the latest answer take part in what is known of the household."""
        ...

    def refuse(self, emotion: Emotion) -> None:
        """Remember that a mood that was shown was not this one."""
        ...


@dataclass(frozen=True, eq=False)
class Standard:
    """What makes the encoder's channels comparable.

    Attributes
    ----------
    mean, scale : np.ndarray [shape=(channels,), float32]
        Mean and standard deviation of the frames in training.
    """

    mean: np.ndarray
    scale: np.ndarray

    def of(self, frames: np.ndarray) -> np.ndarray:
        """Frames [shape=(n, channels)] with mean zero and deviation one in training."""
        return (frames - self.mean) / self.scale

    def voice(self, frames: np.ndarray) -> np.ndarray:
        """The mean over time of a sentence's frames, standardised [shape=(channels,)]."""
        return self.of(frames.mean(axis=0))

    def shifted(self, frames: np.ndarray, shift: np.ndarray | float) -> np.ndarray:
        """Frames from which a shift of standardised ones [shape=(channels,)] is subtracted."""
        return frames - shift * self.scale


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
    voice : Standard
        Of the encoder's frames in training.
    """

    encoder_sha256: str
    sha256: str
    quantisation: str
    temperature: float
    prior: tuple[float, ...]
    threshold: float
    voice: Standard

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
                voice=Standard(*map(_array, (values["voice_mean"], values["voice_scale"]))),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"a value is missing or of the wrong kind ({error})") from error
        if not (metadata.temperature > 0 and 0 <= metadata.threshold <= 1):
            raise ValueError("its temperature or its threshold is out of range")
        if len(metadata.prior) != len(Emotion) or min(metadata.prior) <= 0:
            raise ValueError("its prior is not a number above zero for each emotion")
        mean, scale = metadata.voice.mean, metadata.voice.scale
        if len(mean) != len(scale) or not (np.isfinite(mean).all() and (scale > 0).all()):
            raise ValueError("its mean or its scale of voices is out of range")
        return metadata

    def text(self) -> str:
        """The text of ``emotion.json``."""
        values = {"format": FORMAT, "labels": list(Emotion)} | asdict(self)
        del values["voice"]
        arrays = {"voice_mean": self.voice.mean, "voice_scale": self.voice.scale}
        values |= {name: _text(array) for name, array in arrays.items()}
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
        self._versions = _version(encoder), _version(network)
        self.size = sum(size for size, *_ in self._versions)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The model in a folder.

        Raises
        ------
        ModelError
            A file is missing, damaged, of another version, or does not match the others.
        """
        metadata_file, encoder, network = model_files(folder)
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
        """The mood in speech for a household of which nothing is known; see :class:`Classifier`."""
        return self.judge(self.encode(speech))

    def encode(self, speech: np.ndarray) -> np.ndarray:
        """The encoder's frames of a sentence [shape=(n, channels), float32].

        Raises
        ------
        ModelError
            A file has changed since it was loaded.
        """
        self._check_files()
        return Encoder(self._encoder).encode(speech)

    def voice(self, frames: np.ndarray) -> np.ndarray:
        """See :meth:`Standard.voice`."""
        return self.metadata.voice.voice(frames)

    def judge(
        self,
        frames: np.ndarray,
        shift: np.ndarray | float = 0.0,
        prior: np.ndarray | float = 1.0,
    ) -> Mood:
        """The mood in a sentence's frames.

        Parameters
        ----------
        frames : np.ndarray [shape=(n, channels)]
        shift : np.ndarray [shape=(channels,)]
            By how much voices here differ from those in training; see
            :meth:`device.emotion.household.Household.shift`.
        prior : np.ndarray [shape=(8,)]
            A factor for the probability of each emotion.

        Raises
        ------
        ModelError
            A file has changed since it was loaded.
        """
        metadata = self.metadata
        raw = self.raw(frames, shift)
        given = calibrated(raw, metadata.temperature, prior * np.array(metadata.prior))
        return Mood(dict(zip(Emotion, given.tolist(), strict=True)), metadata.threshold)

    def raw(self, frames: np.ndarray, shift: np.ndarray | float = 0.0) -> np.ndarray:
        """Probabilities before temperature and prior [shape=(8,), float64]; see :meth:`judge`."""
        self._check_files()
        return classify(Network(self._network), self.metadata.voice.shifted(frames, shift))

    def _check_files(self) -> None:
        for file, version in zip((self._encoder, self._network), self._versions, strict=True):
            if _version(file) != version:
                raise ModelError(
                    f"{file} has changed since Emotify started: put back all files of the model "
                    "if that was a mistake, and restart Emotify."
                )


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


def calibrated(
    raw: np.ndarray, temperature: float, prior: Sequence[float] | np.ndarray
) -> np.ndarray:
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
    if len(metadata.voice.mean) != channels:
        raise ValueError(f"{METADATA_FILE} has voices of {len(metadata.voice.mean)} channels")
    if network.quantisation != metadata.quantisation:
        raise ValueError(
            f"its quantisation is {network.quantisation}, but {METADATA_FILE} says "
            f"{metadata.quantisation}"
        )


def _array(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text, validate=True), "<f4")


def _text(array: np.ndarray) -> str:
    return base64.b64encode(array.astype("<f4").tobytes()).decode()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _refusal(path, error.strerror or error) from error


def _version(path: Path) -> tuple[int, int, int]:
    try:
        return files.version(path)
    except OSError as error:
        raise _refusal(path, error.strerror or error) from error


def model_files(folder: Path) -> tuple[Path, Path, Path]:
    """The files of the model in a folder: metadata, encoder and network."""
    return folder / METADATA_FILE, folder / ENCODER_FILE, folder / MODEL_FILE


def _refusal(path: Path, why: object) -> ModelError:
    return ModelError(f"The emotion model cannot be used: {path}: {why}. {_REMEDY}")
