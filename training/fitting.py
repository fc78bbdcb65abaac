"""Fitting: one network, on some clips, with one seed."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import tensorflow as tf
import tf_keras as keras

from device.features import FrontEnd
from device.mood import Emotion
from training.augmentation import augmented
from training.network import build_model
from training.settings import Settings

WARM_UP = 0.05
"""Share of the steps in which the learning rate rises."""


def normalised(front_end: FrontEnd, log_mels: Sequence[np.ndarray]) -> FrontEnd:
    """The front end with the mean and the scale of these clips' coefficients."""
    values = np.concatenate([front_end.cepstral(log_mel) for log_mel in log_mels])
    mean, scale = values.mean(axis=0, dtype=np.float64), values.std(axis=0, dtype=np.float64)
    return replace(
        front_end, mean=tuple(mean.round(5).tolist()), scale=tuple((scale + 1e-3).round(5).tolist())
    )


class Batches(keras.utils.Sequence):
    """The batches of an epoch: each clip once, every time another variant of it.

    Parameters
    ----------
    front_end : FrontEnd
        With mean and scale.
    log_mels : sequence of np.ndarray [shape=(n, filters)]
    emotions : sequence of Emotion
    settings : Settings
    seed : int
    """

    def __init__(
        self,
        front_end: FrontEnd,
        log_mels: Sequence[np.ndarray],
        emotions: Sequence[Emotion],
        settings: Settings,
        seed: int,
    ):
        self._front_end, self._settings, self._seed = front_end, settings, seed
        self._log_mels = log_mels
        self._targets = np.array([[e is emotion for e in Emotion] for emotion in emotions], "f4")
        self._epoch = -1
        self.on_epoch_end()

    def __len__(self) -> int:
        return -(-len(self._log_mels) // self._settings.batch)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        rng = np.random.default_rng((self._seed, self._epoch, index))
        batch = self._settings.batch
        chosen = self._order[index * batch : (index + 1) * batch]
        windows = np.stack([self._window(self._log_mels[i], rng) for i in chosen])
        return self._mixed(windows, self._targets[chosen], rng)

    def on_epoch_end(self) -> None:
        """Shuffle for the next epoch."""
        self._epoch += 1
        rng = np.random.default_rng((self._seed, self._epoch))
        self._order = rng.permutation(len(self._log_mels))

    def _window(self, log_mel: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        coefficients = self._front_end.cepstral(augmented(log_mel, rng))
        start = rng.integers(max(1, len(coefficients) - self._front_end.frames + 1))
        return self._front_end.windows(coefficients[start : start + self._front_end.frames])[0]

    def _mixed(
        self, windows: np.ndarray, targets: np.ndarray, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        if not self._settings.mixup:
            return windows, targets
        alpha = self._settings.mixup
        share = rng.beta(alpha, alpha, len(windows)).astype(np.float32)
        other = rng.permutation(len(windows))
        by_clip, by_frame = share[:, None], share[:, None, None]
        return (
            by_frame * windows + (1 - by_frame) * windows[other],
            by_clip * targets + (1 - by_clip) * targets[other],
        )


def fit(
    front_end: FrontEnd,
    log_mels: Sequence[np.ndarray],
    emotions: Sequence[Emotion],
    settings: Settings,
    seed: int,
    told: Callable[[int, dict[str, float]], None],
) -> keras.Model:
    """Train a network.

    Parameters
    ----------
    front_end : FrontEnd
        With the mean and the scale of these clips.
    log_mels : sequence of np.ndarray [shape=(n, filters)]
    emotions : sequence of Emotion
        Of the clips.
    settings : Settings
    seed : int
    told : callable
        Is told the number of each epoch (from 0) after it, and its ``loss``.
    """
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
    batches = Batches(front_end, log_mels, emotions, settings, seed)
    steps = settings.epochs * len(batches)
    warm_up = max(1, int(WARM_UP * steps))
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, steps - warm_up, warmup_target=settings.learning_rate, warmup_steps=warm_up
    )
    model = build_model(front_end, settings.width, settings.dropout)
    model.compile(
        keras.optimizers.AdamW(rate, weight_decay=settings.weight_decay, clipnorm=1.0),
        keras.losses.CategoricalCrossentropy(label_smoothing=settings.label_smoothing),
    )
    telling = keras.callbacks.LambdaCallback(on_epoch_end=told)
    model.fit(batches, epochs=settings.epochs, shuffle=False, verbose=0, callbacks=[telling])
    return model
