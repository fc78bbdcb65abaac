"""The network: convolution, LSTM and attention over time, beside the statistics of all frames.

Keras 2 (``tf_keras``), because its LSTM becomes one fused operation in TFLite.
"""

import tensorflow as tf
import tf_keras as keras
from tf_keras import layers

from device.mood import Emotion
from training.settings import Settings

_LEAST_VARIANCE = 1e-4
_NEVER = -1e9

STRIDE = 2


def build_model(channels: int, settings: Settings, padded: bool) -> keras.Model:
    """The untrained network, from standardised frames to the eight probabilities.

    The LSTM alone overfits the few actors that there are; the mean and the deviation over time of
    all frames, through a dense layer beside it, hold it back.

    Parameters
    ----------
    channels : int > 0
        Of the encoder's representation.
    settings : Settings
    padded : bool
        Whether sentences of different lengths are in one batch, as in training. The network then
        takes the frames [shape=(batch, longest_frames, channels)] and their presence
        [shape=(batch, longest_frames, 1)], one or zero; otherwise frames of any number, alone. The
        weights are the same.
    """
    frames = keras.Input((settings.longest_frames if padded else None, channels))
    given = keras.Input((settings.longest_frames, 1)) if padded else tf.ones_like(frames[:, :, :1])

    presence = given

    x = layers.SpatialDropout1D(settings.channel_dropout)(frames)
    statistics = _statistics(x, presence / tf.reduce_sum(presence, 1, True))
    statistics = layers.Dropout(settings.dropout)(statistics)
    statistics = layers.Dense(settings.dense, activation="relu")(statistics)

    # Every second frame from here on: 6.25 a second. "same" would pad odd lengths otherwise.
    x = layers.ZeroPadding1D(1)(x * presence)
    x = layers.Conv1D(settings.width, 3, STRIDE, activation="relu")(x)
    x = layers.Dropout(settings.dropout)(x)
    presence = presence[:, ::STRIDE]
    mask = presence[:, :, 0] > 0 if padded else None
    x = layers.Add()([x, layers.LSTM(settings.width, return_sequences=True)(x, mask=mask)])
    x = layers.Dropout(settings.dropout)(x)
    lstm = layers.LSTM(settings.width // 2, return_sequences=True)
    x = layers.Bidirectional(lstm)(x, mask=mask)

    score = layers.Dense(1)(x) + _NEVER * (1.0 - presence)
    summary = _statistics(x, layers.Softmax(axis=1)(score))

    both = layers.Dropout(settings.dropout)(layers.Concatenate()([summary, statistics]))
    answer = layers.Dense(len(Emotion), activation="softmax")(both)
    return keras.Model([frames, given] if padded else frames, answer)


def _statistics(x: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
    """Weighted mean and deviation over time (Okabe et al. 2018)."""
    mean = tf.reduce_sum(weights * x, axis=1)
    variance = tf.reduce_sum(weights * tf.square(x - mean[:, None]), axis=1)
    return tf.concat((mean, tf.sqrt(tf.maximum(variance, _LEAST_VARIANCE))), -1)
