"""The TFLite interpreter, from either of two packages.

``tflite-runtime`` exists up to Python 3.11; ``ai-edge-litert`` is its successor.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np

try:
    from tflite_runtime.interpreter import Interpreter
except ImportError:
    from ai_edge_litert.interpreter import Interpreter

_STDERR = 2

_announced = Event()


class Network:
    """A TFLite model with one input and one output. It is not thread-safe.

    Dynamic dimensions are one in the shapes below, and are taken from the input of each call.

    Parameters
    ----------
    model : Path or bytes
        The ``.tflite`` file, which must not change while it is in use, or its content.
    threads : int > 0

    Attributes
    ----------
    input_shape, output_shape : tuple of int
    quantisation : str
        ``float``, ``dynamic`` (weights of eight bits) or ``int8`` (weights and activations).

    Raises
    ------
    ValueError
        The content is not such a model.
    """

    def __init__(self, model: Path | bytes, threads: int = 1):
        try:
            with _silence():
                given = (
                    {"model_path": str(model)}
                    if isinstance(model, Path)
                    else {"model_content": model}
                )
                self._interpreter = Interpreter(**given, num_threads=threads)
                self._interpreter.allocate_tensors()
        except (RuntimeError, ValueError) as error:
            raise ValueError(f"the interpreter cannot read it ({error})") from error
        self._input = _only(self._interpreter.get_input_details())
        self._output = _only(self._interpreter.get_output_details())
        self.input_shape = self._shape = tuple(map(int, self._input["shape"]))
        self.output_shape = tuple(map(int, self._output["shape"]))
        self.quantisation = self._quantisation()

    def _quantisation(self) -> str:
        if self._input["dtype"] == np.int8:
            return "int8"
        kinds = [tensor["dtype"] for tensor in self._interpreter.get_tensor_details()]
        return "dynamic" if np.int8 in kinds else "float"

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """The output for an input.

        Parameters
        ----------
        values : np.ndarray [float32]
            Of the input's shape, except for dynamic dimensions.

        Returns
        -------
        np.ndarray [float64]
        """
        if values.shape != self._shape:
            self._interpreter.resize_tensor_input(self._input["index"], values.shape, strict=True)
            self._interpreter.allocate_tensors()
            self._shape = values.shape
        # The fused LSTM would keep its state from the input before.
        self._interpreter.reset_all_variables()
        self._interpreter.set_tensor(self._input["index"], _stored(values, self._input))
        self._interpreter.invoke()
        return _real(self._interpreter.get_tensor(self._output["index"]), self._output)


@contextmanager
def _silence() -> Iterator[None]:
    """Discard stderr the first time, when XNNPACK prints a message; errors are raised.

    Only the first time, because the messages of other threads are discarded as well.
    """
    if _announced.is_set():
        yield
        return
    kept = os.dup(_STDERR)
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, _STDERR)
        yield
    finally:
        os.dup2(kept, _STDERR)
        os.close(kept)
        os.close(nothing)
        _announced.set()


def _only(tensors: list[dict[str, Any]]) -> dict[str, Any]:
    if len(tensors) != 1:
        raise ValueError("it has more than one input or output")
    return tensors[0]


def _stored(values: np.ndarray, tensor: dict[str, Any]) -> np.ndarray:
    """Real numbers as the tensor stores them."""
    scale, zero = tensor["quantization"]
    if not scale:
        return values.astype(tensor["dtype"])
    limits = np.iinfo(tensor["dtype"])
    return np.clip(np.rint(values / scale) + zero, limits.min, limits.max).astype(tensor["dtype"])


def _real(values: np.ndarray, tensor: dict[str, Any]) -> np.ndarray:
    """A tensor's content as real numbers."""
    scale, zero = tensor["quantization"]
    values = values.astype(np.float64)
    return (values - zero) * scale if scale else values
