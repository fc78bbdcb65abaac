"""Conversion: the trained network as a small TFLite file.

``dynamic`` keeps the weights in eight bits and computes with floats; ``int8`` computes in eight
bits as well, for which it must see what values occur (Jacob et al. 2018).
"""

from collections.abc import Iterable

import numpy as np
import tensorflow as tf
import tf_keras as keras

from training.whisper import Encoder

QUANTISATIONS = ("float", "float16", "dynamic", "int8")


def to_tflite(model: keras.Model, quantisation: str, windows: np.ndarray) -> bytes:
    """Convert a network.

    Parameters
    ----------
    model : keras.Model
    quantisation : str
        One of ``QUANTISATIONS``.
    windows : np.ndarray [shape=(n, frames, channels), float32]
        Of training clips; ``int8`` takes the ranges of values from them.

    Returns
    -------
    bytes
        A TFLite model that takes one window.
    """
    # Saving the Keras layers as well would trace each of them again, for half a minute.
    bare = tf.Module()
    bare.weights = model.variables
    shape = (1, *model.input_shape[1:])
    one_at_a_time = tf.function(model, input_signature=[tf.TensorSpec(shape, tf.float32)])
    return _converted(one_at_a_time.get_concrete_function(), bare, quantisation, windows)


def encoder_to_tflite(encoder: Encoder, quantisation: str, log_mels: Iterable[np.ndarray]) -> bytes:
    """Convert the encoder.

    Parameters
    ----------
    encoder : Encoder
    quantisation : str
        One of ``QUANTISATIONS``.
    log_mels : iterable of np.ndarray [shape=(n, 80), float32]
        ``int8`` takes the ranges of values from them.
    """
    return _converted(encoder.concrete, encoder, quantisation, log_mels)


def _converted(
    function: tf.types.experimental.ConcreteFunction,
    variables: tf.Module,
    quantisation: str,
    examples: Iterable[np.ndarray],
) -> bytes:
    converter = tf.lite.TFLiteConverter.from_concrete_functions([function], variables)
    # tflite-runtime 2.14 knows no dense layer with a scale for each of its channels.
    converter._experimental_disable_per_channel_quantization_for_dense_layers = True
    if quantisation != "float":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if quantisation == "float16":
        converter.target_spec.supported_types = [tf.float16]
    if quantisation == "int8":
        converter.representative_dataset = lambda: ([example[None]] for example in examples)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = converter.inference_output_type = tf.int8
    return converter.convert()
