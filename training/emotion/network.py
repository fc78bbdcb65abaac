"""The network: convolution, LSTM and attention over time, beside the statistics of the frames.

Keras 2 (``tf_keras``), because its LSTM becomes one fused operation in TFLite.
"""

import tensorflow as tf
import tf_keras as keras
from tf_keras import layers

from device.mood import Emotion
from training.emotion.linear import MIN_VARIANCE
from training.emotion.settings import Settings

_NEVER = -1e9

STRIDE = 2

CLASSIFIERS = 3
"""The number of classifiers."""


def build_model(components: int, statistics: int, settings: Settings, padded: bool) -> keras.Model:
    """The untrained network, from a sentence to the logits of three classifiers.

    The first one is convolution, LSTM and attention over the principal components of the frames;
    alone, it overfits the few actors. The second one is a dense layer on mean and deviation over
    time of the same components, the third another one on those of all channels of the encoder.
    Each has its own loss, so that their errors differ.

    Parameters
    ----------
    components : int > 0
        See :class:`training.emotion.linear.Projection`.
    statistics : int > 0
        See :class:`training.emotion.linear.Linear`.
    settings : Settings
    padded : bool
        Whether sentences of different lengths are in one batch, as in training. The inputs are then
        the components [shape=(batch, longest_frames, components)], their mask
        [shape=(batch, longest_frames, 1)], one for a frame and zero for padding, and the
        standardised statistics of all channels [shape=(batch, statistics)]; otherwise components of
        any number of frames, and the statistics. The weights are the same.
    """
    frames = keras.Input((settings.longest_frames if padded else None, components))
    given = keras.Input((settings.longest_frames, 1)) if padded else tf.ones_like(frames[:, :, :1])
    of_all_channels = keras.Input((statistics,))

    mask = given
    x = layers.SpatialDropout1D(settings.channel_dropout)(frames)
    of_components = _statistics(x, mask / tf.reduce_sum(mask, 1, True))

    # 6.25 frames a second from here on. The padding "same" would depend on the length.
    x = layers.ZeroPadding1D(1)(x * mask)
    x = layers.Conv1D(settings.width, 3, STRIDE, activation="relu")(x)
    x = layers.Dropout(settings.dropout)(x)
    mask = mask[:, ::STRIDE]
    steps = mask[:, :, 0] > 0 if padded else None
    x = layers.Add()([x, layers.LSTM(settings.width, return_sequences=True)(x, mask=steps)])
    x = layers.Dropout(settings.dropout)(x)
    lstm = layers.LSTM(settings.width // 2, return_sequences=True)
    x = layers.Bidirectional(lstm)(x, mask=steps)

    score = layers.Dense(1)(x) + _NEVER * (1.0 - mask)
    over_time = _statistics(x, layers.Softmax(axis=1)(score))

    summaries = [over_time]
    for each in (of_components, of_all_channels):
        dropped = layers.Dropout(settings.dropout)(each)
        summaries.append(layers.Dense(settings.dense, activation="relu")(dropped))
    answers = [
        layers.Dense(len(Emotion))(layers.Dropout(settings.dropout)(each)) for each in summaries
    ]
    inputs = [frames, given, of_all_channels] if padded else [frames, of_all_channels]
    return keras.Model(inputs, tf.stack(answers, axis=1))


def _statistics(x: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
    """Weighted mean and deviation over time (Okabe et al. 2018)."""
    mean = tf.reduce_sum(weights * x, axis=1)
    variance = tf.reduce_sum(weights * tf.square(x - mean[:, None]), axis=1)
    return tf.concat((mean, tf.sqrt(tf.maximum(variance, MIN_VARIANCE))), -1)
