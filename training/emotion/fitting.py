"""Fitting one network to some clips, with one seed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import tensorflow as tf
import tf_keras as keras

from device.mood import Emotion
from training.emotion.corpora import RAVDESS
from training.emotion.household import Earlier, shift
from training.emotion.network import CLASSIFIERS, build_model
from training.emotion.predictions import number
from training.emotion.settings import Settings

WARM_UP = 0.05
"""Share of the steps in which the learning rate rises."""

_LONGEST_MASK_FRAMES = 8

T = TypeVar("T")


@dataclass(frozen=True)
class Sentence:
    """A training example.

    Attributes
    ----------
    corpus : str
    emotion : Emotion
    perceived : Emotion or None
        What most listeners heard.
    variants : list of np.ndarray [shape=(n, components), float16]
        Projected frames.
    statistics : list of np.ndarray [shape=(m,), float16]
        Standardised, of all channels of each variant.
    speaker : str
        Unique within the corpus.
    """

    corpus: str
    emotion: Emotion
    perceived: Emotion | None
    variants: list[np.ndarray]
    statistics: list[np.ndarray]
    speaker: str


class Batches(keras.utils.Sequence):
    """The batches of an epoch.

    A part of each batch is from RAVDESS. In the rest, every other corpus has the same weight, and
    within a corpus every emotion, so that the size of a corpus does not matter.

    From each sentence the mean of a random number of others of its speaker is subtracted; see
    :mod:`training.emotion.household`.

    Parameters
    ----------
    sentences : sequence of Sentence
    origin : np.ndarray [shape=(m,)]
        The standardised statistics of a sentence whose statistics are zero.
    settings : Settings
    seed : int
    """

    def __init__(
        self, sentences: Sequence[Sentence], origin: np.ndarray, settings: Settings, seed: int
    ):
        self._sentences, self._settings, self._seed = sentences, settings, seed
        self._earlier = Earlier([(sentence.corpus, sentence.speaker) for sentence in sentences])
        self._voices = [
            [frames.mean(axis=0, dtype="f4") for frames in s.variants] for s in sentences
        ]
        self._origin = origin
        self._targets = np.stack([_target(s, settings.listeners) for s in sentences])
        self._epoch = 0
        groups: dict[str, dict[Emotion, list[int]]] = {}
        for row, sentence in enumerate(sentences):
            groups.setdefault(sentence.corpus, {}).setdefault(sentence.emotion, []).append(row)
        self._ravdess = list(groups.pop(RAVDESS).values())
        self._others = [list(emotions.values()) for emotions in groups.values()]

    def __len__(self) -> int:
        return self._settings.steps

    def on_epoch_end(self) -> None:
        """Use other batches in the next epoch."""
        self._epoch += 1

    def __getitem__(self, index: int) -> tuple[list[np.ndarray], np.ndarray]:
        rng = np.random.default_rng((self._seed, self._epoch, index))
        chosen = self._chosen(rng)
        versions = [(i, rng.integers(len(self._sentences[i].variants))) for i in chosen]
        segments, rows = zip(*(self._shifted(i, v, rng) for i, v in versions), strict=True)
        segments = [self._segment(segment, rng) for segment in segments]
        statistics = np.array(rows)
        shape = (len(segments), self._settings.longest_frames)
        frames = np.zeros((*shape, segments[0].shape[1]), np.float32)
        mask = np.zeros((*shape, 1), np.float32)
        for row, segment in enumerate(segments):
            frames[row, : len(segment)], mask[row, : len(segment)] = segment, 1
        targets = self._targets[chosen]
        if self._settings.mixup:
            share = rng.beta(self._settings.mixup, self._settings.mixup, (len(segments), 1))
            # The mask is that of the sentence with the larger share.
            share, other = np.maximum(share, 1 - share).astype("f4"), rng.permutation(len(segments))
            frames = share[:, :, None] * frames + (1 - share[:, :, None]) * frames[other]
            statistics = share * statistics + (1 - share) * statistics[other]
            targets = share * targets + (1 - share) * targets[other]
        return [frames, mask, statistics], np.stack([targets] * CLASSIFIERS, axis=1)

    def _chosen(self, rng: np.random.Generator) -> list[int]:
        groups = [self._ravdess] * self._settings.ravdess_clips
        if self._others:
            groups += [_any(self._others, rng) for _ in range(self._settings.other_clips)]
        return [_any(_any(emotions, rng), rng) for emotions in groups]

    def _shifted(
        self, index: int, version: int, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """Frames and statistics of a variant for a box that has heard other sentences before."""
        sentence = self._sentences[index]
        frames, row = (x[version].astype("f4") for x in (sentence.variants, sentence.statistics))
        before, half = self._earlier.draw(index, rng), len(self._origin) // 2
        if len(before):
            frames -= shift(np.array([self._voices[other][version] for other in before]))
            means = [self._sentences[other].statistics[version][:half] for other in before]
            row[:half] -= shift(np.array(means) - self._origin[:half])
        return frames, row

    def _segment(self, frames: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """A segment of limited length, with time masks."""
        spare = len(frames) - self._settings.longest_frames
        start = rng.integers(max(1, spare + 1))
        segment = frames[start : start + self._settings.longest_frames].copy()
        for _ in range(rng.integers(1 + self._settings.time_masks)):
            start = rng.integers(len(segment))
            longest = min(_LONGEST_MASK_FRAMES, len(segment) // 3)
            segment[start : start + rng.integers(1 + longest)] = 0
        return segment


def _any(things: Sequence[T], rng: np.random.Generator) -> T:
    return things[rng.integers(len(things))]


def _target(sentence: Sentence, listeners: float) -> np.ndarray:
    each = np.eye(len(Emotion), dtype=np.float32)
    acted = each[number(sentence.emotion)]
    if sentence.perceived is None:
        return acted
    return (1 - listeners) * acted + listeners * each[number(sentence.perceived)]


def fit(
    sentences: Sequence[Sentence],
    origin: np.ndarray,
    settings: Settings,
    seed: int,
    on_epoch: Callable[[int, dict[str, float]], None],
) -> keras.Model:
    """Train a network.

    Parameters
    ----------
    sentences : sequence of Sentence
    origin : np.ndarray [shape=(m,)]
        See :class:`Batches`.
    settings : Settings
    seed : int
    on_epoch : callable
        Is called after each epoch with its number (from 0) and its logs (``loss``).
    """
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
    steps = settings.epochs * settings.steps
    warm_up = max(1, int(WARM_UP * steps))
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, steps - warm_up, warmup_target=settings.learning_rate, warmup_steps=warm_up
    )
    first = sentences[0]
    components, statistics = first.variants[0].shape[1], len(first.statistics[0])
    model = build_model(components, statistics, settings, padded=True)
    model.compile(
        keras.optimizers.AdamW(rate, weight_decay=settings.weight_decay, clipnorm=1.0),
        keras.losses.CategoricalCrossentropy(True, settings.label_smoothing),
    )
    callback = keras.callbacks.LambdaCallback(on_epoch_end=on_epoch)
    batches = Batches(sentences, origin, settings, seed)
    model.fit(batches, epochs=settings.epochs, shuffle=False, verbose=0, callbacks=[callback])
    return model
