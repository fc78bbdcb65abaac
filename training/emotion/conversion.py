"""Conversion of the encoder and the trained networks to small TFLite files.

``dynamic`` stores the weights in eight bits and computes with floats; ``int8`` computes in eight
bits as well, for which it needs example inputs (Jacob et al. 2018).
"""

from collections.abc import Iterable

import numpy as np
import tensorflow as tf
import tf_keras as keras

from training.emotion.linear import MIN_VARIANCE, Linear, Projection
from training.emotion.whisper import Encoder


def network_to_tflite(
    model: keras.Model, projection: Projection, linear: Linear, quantisation: str
) -> bytes:
    """Convert a trained network.

    Parameters
    ----------
    model : keras.Model
        Not padded.
    projection : Projection
        Of the fold.
    linear : Linear
        Of the fold.
    quantisation : str
        ``float`` or ``dynamic``.

    Returns
    -------
    bytes
        A TFLite model from the encoder's frames [shape=(1, n, channels)] of a sentence of any
        length to the eight probabilities [shape=(1, 8)] of the mean logits.
    """

    def probabilities(frames: tf.Tensor) -> tf.Tensor:
        standardised = (frames - projection.mean) / projection.scale
        components = tf.nn.conv1d(standardised, projection.components[None], 1, "VALID")
        mean, variance = tf.nn.moments(standardised, axes=1)
        deviation = tf.sqrt(tf.maximum(variance, MIN_VARIANCE))
        statistics = linear.standardised(tf.concat((mean, deviation), -1))
        answers = model([components, statistics])
        last = linear(statistics)[:, None]
        return tf.nn.softmax(tf.reduce_mean(tf.concat((answers, last), 1), 1))

    # Saving the Keras layers as well would trace each of them again, which takes half a minute.
    module = tf.Module()
    module.weights = model.variables
    signature = tf.TensorSpec((1, None, len(projection.mean)), tf.float32, "frames")
    one_at_a_time = tf.function(probabilities, input_signature=[signature])
    return _converted(one_at_a_time.get_concrete_function(), module, quantisation, ())


def encoder_to_tflite(encoder: Encoder, quantisation: str, log_mels: Iterable[np.ndarray]) -> bytes:
    """Convert the encoder.

    Parameters
    ----------
    encoder : Encoder
    quantisation : str
        One of :data:`training.emotion.pipeline.QUANTISATIONS`.
    log_mels : iterable of np.ndarray [shape=(n, 80), float32]
        Example inputs for ``int8``.
    """
    return _converted(encoder.concrete, encoder, quantisation, log_mels)


def _converted(
    function: tf.types.experimental.ConcreteFunction,
    variables: tf.Module,
    quantisation: str,
    examples: Iterable[np.ndarray],
) -> bytes:
    converter = tf.lite.TFLiteConverter.from_concrete_functions([function], variables)
    # tflite-runtime 2.14 does not support dense layers with a scale for each channel.
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
