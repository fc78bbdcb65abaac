"""Conversion: the trained network as a small TFLite file.

``dynamic`` keeps the weights in eight bits and computes with floats; ``int8`` computes in eight
bits as well, for which it must see what values occur (Jacob et al. 2018).
"""

from collections.abc import Iterator

import numpy as np
import tensorflow as tf
import tf_keras as keras

QUANTISATIONS = ("float", "dynamic", "int8")


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
    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [one_at_a_time.get_concrete_function()], bare
    )
    # tflite-runtime 2.14 knows no dense layer with a scale for each of its channels.
    converter._experimental_disable_per_channel_quantization_for_dense_layers = True
    if quantisation != "float":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if quantisation == "int8":
        converter.representative_dataset = lambda: _one_by_one(windows)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = converter.inference_output_type = tf.int8
    return converter.convert()


def _one_by_one(windows: np.ndarray) -> Iterator[list[np.ndarray]]:
    for window in windows:
        yield [window[None]]
