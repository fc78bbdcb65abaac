"""Emotion: the model that hears the eight emotions in a sentence.

    model = EmotionModel.load(Path("models"))
    mood = model.recognise(speech)           # float32 at 16 kHz, as device.speech.listen gives it

A model is two files: ``emotion.tflite``, and ``emotion.json`` with all that must fit it.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol, Self

import numpy as np

from device import files
from device.errors import ModelError
from device.features import FrontEnd
from device.interpreter import Network
from device.mood import Emotion, Mood

FORMAT = 1
"""Version of the layout of ``emotion.json``."""

MODEL_FILE = "emotion.tflite"
DESCRIPTION_FILE = "emotion.json"

# An int8 output knows no probability between 0 and 1/256.
_LEAST_PROBABILITY = 1e-4

_REMEDY = "Put back both files of the model as they came with Emotify, or run `emotify-train all`."


class Classifier(Protocol):
    """Whatever tells the mood of a voice."""

    def recognise(self, speech: np.ndarray) -> Mood:
        """The mood in a sentence.

        Parameters
        ----------
        speech : np.ndarray [shape=(n,), float32]
            16 kHz mono in -1..1, finite and not silent.
        """
        ...


@dataclass(frozen=True)
class Description:
    """What ``emotion.json`` says of the model beside it.

    Attributes
    ----------
    front_end : FrontEnd
    temperature : float > 0
        Divides the logarithms of the probabilities (Guo et al. 2017).
    threshold : float in 0..1
        Probability from which an answer is sure.
    quantisation : str
        How the weights are stored, for people.
    sha256 : str
        Of ``emotion.tflite``.
    """

    front_end: FrontEnd
    temperature: float
    threshold: float
    quantisation: str
    sha256: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text of ``emotion.json``.

        Raises
        ------
        ValueError
            With what is wrong with it, in words.
        """
        values = files.parse_json(text)
        if not isinstance(values, dict):
            raise ValueError("it is no table")
        if values.get("format") != FORMAT:
            raise ValueError(f"it has format {values.get('format')}; this Emotify reads {FORMAT}")
        if values.get("labels") != list(Emotion):
            raise ValueError("its labels are not the eight emotions in their order")
        try:
            description = cls(
                front_end=FrontEnd.from_json(values["front_end"]),
                temperature=float(values["temperature"]),
                threshold=float(values["threshold"]),
                quantisation=str(values["quantisation"]),
                sha256=str(values["sha256"]),
            )
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"a value is missing or of the wrong kind ({error})") from error
        if not (description.temperature > 0 and 0 <= description.threshold <= 1):
            raise ValueError("its temperature or its threshold is out of range")
        return description

    def text(self) -> str:
        """The text of ``emotion.json``."""
        values = {"format": FORMAT, "labels": list(Emotion)} | asdict(self)
        return json.dumps(values, indent=1) + "\n"


class EmotionModel:
    """The TFLite model with its front end. To be used from one thread only.

    Parameters
    ----------
    content : bytes
        Of the ``.tflite`` file.
    description : Description

    Raises
    ------
    ValueError
        The content is no model, or takes or gives other tensors, or computes otherwise, than
        described.

    Attributes
    ----------
    description : Description
    size : int
        Of the file, in bytes.
    """

    def __init__(self, content: bytes, description: Description):
        self.description = description
        self.size = len(content)
        self._network = Network(content)
        given = (self._network.input_shape, self._network.output_shape)
        described = ((1, *description.front_end.shape), (1, len(Emotion)))
        for what, shape, wanted in zip(("input", "output"), given, described, strict=True):
            if shape != wanted:
                raise ValueError(f"its {what} is {shape}, but {DESCRIPTION_FILE} says {wanted}")
        if self._network.quantisation != description.quantisation:
            raise ValueError(
                f"it computes in {self._network.quantisation}, but {DESCRIPTION_FILE} says "
                f"{description.quantisation}"
            )

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The model in a folder.

        Raises
        ------
        ModelError
            A file is missing, damaged, of another version, or does not fit the other.
        """
        text = _read(folder / DESCRIPTION_FILE)
        try:
            description = Description.parse(text.decode("utf-8"))
        except ValueError as error:
            raise _refusal(folder / DESCRIPTION_FILE, error) from error
        content = _read(folder / MODEL_FILE)
        if hashlib.sha256(content).hexdigest() != description.sha256:
            raise _refusal(folder / MODEL_FILE, f"it is not the file that {DESCRIPTION_FILE} means")
        try:
            return cls(content, description)
        except ValueError as error:
            raise _refusal(folder / MODEL_FILE, error) from error

    def recognise(self, speech: np.ndarray) -> Mood:
        """See :meth:`Classifier.recognise`."""
        sharpened = np.log(self.raw(speech)) / self.description.temperature
        powers = np.exp(sharpened - sharpened.max())
        probabilities = (powers / powers.sum()).tolist()
        return Mood(
            dict(zip(Emotion, probabilities, strict=True)), threshold=self.description.threshold
        )

    def raw(self, speech: np.ndarray) -> np.ndarray:
        """Probabilities before the temperature: the geometric mean over the windows.

        Returns
        -------
        np.ndarray [shape=(8,), float64]
            Above zero, summing to one.
        """
        windows = self.description.front_end.features(speech)
        answers = np.concatenate([self._network(window[None]) for window in windows])
        probabilities = np.exp(np.log(np.maximum(answers, _LEAST_PROBABILITY)).mean(axis=0))
        return probabilities / probabilities.sum()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _refusal(path, error.strerror or error) from error


def _refusal(path: Path, why: object) -> ModelError:
    return ModelError(f"The emotion model cannot be used: {path}: {why}. {_REMEDY}")
