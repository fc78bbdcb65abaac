"""The network: convolution, then LSTM, then attention over time.

Keras 2 (``tf_keras``), because its LSTM becomes one fused operation in TFLite.
"""

import tf_keras as keras
from tf_keras import layers

from device.features import FrontEnd
from device.mood import Emotion


def build_model(front_end: FrontEnd, width: int = 96, dropout: float = 0.3) -> keras.Model:
    """The untrained network, from normalised windows to the eight probabilities.

    Parameters
    ----------
    front_end : FrontEnd
        Gives the shape of a window: frames, and channels of which the last is the presence.
    width : int > 0
        Channels of the convolutions and of the first LSTM.
    dropout : float in 0..1
    """
    windows = keras.Input(front_end.shape)
    presence = windows[:, :, -1:]

    x = layers.Conv1D(width, 5, padding="same", use_bias=False)(windows)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Dropout(dropout)(x)
    y = layers.Conv1D(width, 3, padding="same", use_bias=False)(x)
    x = layers.Add()([x, layers.ReLU()(layers.BatchNormalization()(y))])
    x = layers.AveragePooling1D(2)(layers.Dropout(dropout)(x))
    presence = layers.AveragePooling1D(2)(presence)

    x = layers.Add()([x, layers.LSTM(width, return_sequences=True)(x)])
    x = layers.Dropout(dropout)(x)
    both_ways = layers.Bidirectional(layers.LSTM(2 * width // 3, return_sequences=True))(x)

    # A frame of padding gets e**-8 of the weight that a frame of speech would get.
    score = layers.Dense(1)(both_ways) + 8.0 * (presence - 1.0)
    summary = layers.Dot(axes=1)([layers.Softmax(axis=1)(score), both_ways])
    summary = layers.Dropout(dropout)(layers.Flatten()(summary))
    return keras.Model(windows, layers.Dense(len(Emotion), activation="softmax")(summary))
