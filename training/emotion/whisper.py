"""Whisper's encoder in TensorFlow: the stem and the first blocks, from published weights.

The weights are a safetensors file in Hugging Face's names (``model.encoder.conv1.weight``, ...),
such as that of ``openai/whisper-base`` (Radford et al. 2022; MIT). The graph computes what Whisper
computes, rewritten so that TFLite is fast and exact:

- The residual stream is only read through layer normalisation, which subtracts its mean. So every
  projection that writes into it is centred instead.
- Scale and offset of each layer normalisation are part of the projections that follow it.
- Projections are convolutions of width one, for which TFLite stores a scale for each channel; for
  dense layers it does not in all versions that Emotify supports.
- GELU is its approximation by tanh (Hendrycks & Gimpel 2016), and the positions are computed.
- No shape is computed: the file takes a sentence of any length after ``resize_tensor_input``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tensorflow as tf
from safetensors import SafetensorError
from safetensors.numpy import load_file

from training.emotion.corpora import DataError

HEAD_CHANNELS = 64
_PREFIX = "model.encoder."
_EPSILON = 1e-5
_LONGEST_WAVELENGTH = 10_000


@dataclass(frozen=True)
class Weights:
    """The tensors of an encoder, by their names without ``model.encoder.``, in float32."""

    tensors: Mapping[str, np.ndarray]

    @classmethod
    def read(cls, path: Path) -> "Weights":
        """The encoder in a safetensors file.

        Raises
        ------
        DataError
            There is no such file, or no such encoder in it.
        """
        try:
            found = load_file(path)
        except (OSError, SafetensorError) as error:
            why = getattr(error, "strerror", None) or error
            raise DataError(
                f"{path} cannot be read as weights: {why}. Take model.safetensors of "
                "https://huggingface.co/openai/whisper-base."
            ) from error
        weights = cls(
            {
                name.removeprefix(_PREFIX): tensor.astype(np.float32)
                for name, tensor in found.items()
                if name.startswith(_PREFIX)
            }
        )
        if "conv1.weight" not in weights.tensors or not weights.blocks:
            raise DataError(f"{path} holds no encoder of Whisper in Hugging Face's names.")
        return weights

    @property
    def channels(self) -> int:
        """Of the residual stream."""
        return self.tensors["conv1.weight"].shape[0]

    @property
    def n_mels(self) -> int:
        """Of the log-mel spectrogram."""
        return self.tensors["conv1.weight"].shape[1]

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        names = (name.split(".") for name in self.tensors if name.startswith("layers."))
        return len({name[1] for name in names})


class Encoder(tf.Module):
    """The function from a log-mel spectrogram to the features.

    Parameters
    ----------
    weights : Weights
    taps : tuple of int
        Numbers of the blocks, from 1, after which the residual stream is taken.
    tokens : int > 0
        Number of Whisper's tokens, 50 a second, that are averaged to one frame.

    Raises
    ------
    DataError
        The weights have fewer blocks.
    """

    def __init__(self, weights: Weights, taps: tuple[int, ...], tokens: int):
        super().__init__()
        if max(taps) > weights.blocks:
            raise DataError(f"The encoder has {weights.blocks} blocks, not {max(taps)}.")
        self._weights = weights
        self._taps = taps
        self._tokens = tokens
        self._channels = weights.channels
        self._heads = max(1, self._channels // HEAD_CHANNELS)
        self.__call__ = tf.function(
            self._features,
            input_signature=[tf.TensorSpec((1, None, weights.n_mels), tf.float32, "log_mel")],
        )

    @property
    def concrete(self) -> tf.types.experimental.ConcreteFunction:
        """For the converter."""
        return self.__call__.get_concrete_function()

    def _features(self, log_mel: tf.Tensor) -> tf.Tensor:
        """Of log_mel [shape=(1, n, n_mels)] the frames [shape=(n // 2 // tokens, channels)].

        Inside, a sequence is [shape=(1, 1, tokens, channels)].
        """
        stream = self._stem(log_mel)
        taken = []
        for number in range(1, max(self._taps) + 1):
            stream = self._block(stream, f"layers.{number - 1}.")
            if number in self._taps:
                taken.append(stream)
        pool = (1, self._tokens)
        frames = tf.nn.avg_pool2d(tf.concat(taken, -1), pool, pool, "VALID")
        return tf.reshape(frames, (-1, self._channels * len(self._taps)))

    def _stem(self, log_mel: tf.Tensor) -> tf.Tensor:
        x = _gelu(self._convolution(log_mel, "conv1", stride=1))
        x = _gelu(self._convolution(x, "conv2", stride=2))
        x = x[:, None] + self._positions(x)
        return x - tf.reduce_mean(x, -1, keepdims=True)

    def _convolution(self, x: tf.Tensor, name: str, stride: int) -> tf.Tensor:
        # "SAME" would not pad the beginning where the stride is two.
        x = tf.pad(x, ((0, 0), (1, 1), (0, 0)))
        kernel = self._weights.tensors[f"{name}.weight"].transpose(2, 1, 0)
        x = tf.nn.conv1d(x, np.ascontiguousarray(kernel), stride, "VALID")
        return tf.nn.bias_add(x, self._weights.tensors[f"{name}.bias"])

    def _positions(self, x: tf.Tensor) -> tf.Tensor:
        """Sinusoids of the number of each token (Vaswani et al. 2017)."""
        half = self._channels // 2
        exponents = np.arange(half) / max(1, half - 1)
        frequencies = (_LONGEST_WAVELENGTH**-exponents).astype(np.float32)
        number = tf.cumsum(0 * x[:, :, :1] + 1, axis=1, exclusive=True)
        angles = number[:, None] * frequencies
        return tf.concat((tf.sin(angles), tf.cos(angles)), -1)

    def _block(self, stream: tf.Tensor, block: str) -> tf.Tensor:
        x, norm = _normalised(stream), f"{block}self_attn_layer_norm"
        query = self._by_head(self._projection(x, f"{block}self_attn.q_proj", norm))
        key = self._by_head(self._projection(x, f"{block}self_attn.k_proj", norm))
        value = self._by_head(self._projection(x, f"{block}self_attn.v_proj", norm))
        attention = tf.nn.softmax(tf.matmul(query, key, transpose_b=True))
        heard = tf.transpose(tf.matmul(attention, value), (1, 0, 2))
        heard = tf.reshape(heard, (1, 1, -1, self._channels))
        stream += self._projection(heard, f"{block}self_attn.out_proj")

        x, norm = _normalised(stream), f"{block}final_layer_norm"
        hidden = _gelu(self._projection(x, f"{block}fc1", norm))
        return stream + self._projection(hidden, f"{block}fc2")

    def _by_head(self, x: tf.Tensor) -> tf.Tensor:
        """From [shape=(1, 1, tokens, channels)] to [shape=(heads, tokens, channels / heads)]."""
        x = tf.reshape(x, (-1, self._heads, self._channels // self._heads))
        return tf.transpose(x, (1, 0, 2))

    def _projection(self, x: tf.Tensor, name: str, norm: str | None = None) -> tf.Tensor:
        """A linear layer; with the scale and the offset of the normalisation before it, or, where
        there is none, centred, because it writes into the residual stream."""
        tensors = self._weights.tensors
        kernel = tensors[f"{name}.weight"].T
        bias = tensors.get(f"{name}.bias", np.zeros(kernel.shape[1], np.float32))
        if norm:
            bias = bias + tensors[f"{norm}.bias"] @ kernel
            kernel = tensors[f"{norm}.weight"][:, None] * kernel
        else:
            bias, kernel = bias - bias.mean(), kernel - kernel.mean(axis=1, keepdims=True)
        if name.endswith("q_proj"):
            scale = (self._channels // self._heads) ** -0.5
            bias, kernel = bias * scale, kernel * scale
        kernel = kernel[None, None].astype(np.float32)
        return tf.nn.bias_add(tf.nn.conv2d(x, kernel, 1, "VALID"), bias.astype(np.float32))


def _normalised(stream: tf.Tensor) -> tf.Tensor:
    """Layer normalisation of a centred stream, without scale and offset."""
    return stream * tf.math.rsqrt(tf.reduce_mean(stream * stream, -1, keepdims=True) + _EPSILON)


def _gelu(x: tf.Tensor) -> tf.Tensor:
    return 0.5 * x * (1 + tf.tanh(np.sqrt(2 / np.pi).astype(np.float32) * (x + 0.044715 * x**3)))
