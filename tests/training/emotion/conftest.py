"""Synthetic clips with RAVDESS's names, and predictions for them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from device.mood import Emotion
from training.emotion.corpora import Clip, ravdess_clip
from training.emotion.predictions import Predictions


@pytest.fixture(scope="session")
def synthetic_clips() -> list[Clip]:
    """Two clips of each emotion and actor; there is no file behind them."""
    return [
        ravdess_clip(Path(f"03-01-{emotion:02}-01-{statement:02}-01-{actor:02}.flac"))
        for actor in range(1, 25)
        for emotion in range(1, 9)
        for statement in (1, 2)
    ]


@pytest.fixture(scope="session")
def random_encoder() -> Callable[[int, int, int], dict[str, np.ndarray]]:
    """From channels, bands and blocks to weights that nobody trained, in the shapes and under the
    names of Whisper's encoder, without ``model.encoder.``."""
    return _random_encoder


@pytest.fixture
def table(synthetic_clips) -> Predictions:
    """What a model that is right more often than not would give, one clip unheard."""
    tables = [_of_fold(synthetic_clips[fold::5], fold) for fold in range(5)]
    table = Predictions.joined(tables)
    table.probabilities[3] = np.nan
    return table


@pytest.fixture
def left_out(synthetic_clips) -> Predictions:
    """The same for two corpora that nobody heard, harder ones, where nobody is calm."""
    tables = []
    for number, corpus in enumerate(("cremad", "emovo")):
        clips = [replace(c, corpus=corpus) for c in synthetic_clips if c.emotion != "calm"]
        tables.append(_given(clips, -1, 1.2, np.random.default_rng(number)))
    return Predictions.joined(tables)


def _of_fold(clips: list[Clip], fold: int) -> Predictions:
    return _given(clips, fold, 2.0, np.random.default_rng(fold))


def _given(clips: list[Clip], fold: int, skill: float, rng: np.random.Generator) -> Predictions:
    logits = rng.normal(0, 1, (len(clips), 8))
    logits[np.arange(len(clips)), [list(Emotion).index(clip.emotion) for clip in clips]] += skill
    powers = np.exp(logits)
    return Predictions.of(clips, 0, fold, powers / powers.sum(axis=1, keepdims=True))


def _random_encoder(channels: int, bands: int, blocks: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(6)
    shapes: dict[str, tuple[int, ...]] = {
        "conv1.weight": (channels, bands, 3),
        "conv1.bias": (channels,),
        "conv2.weight": (channels, channels, 3),
        "conv2.bias": (channels,),
    }
    for block in range(blocks):
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            shapes[f"layers.{block}.self_attn.{name}.weight"] = (channels, channels)
            if name != "k_proj":
                shapes[f"layers.{block}.self_attn.{name}.bias"] = (channels,)
        for name, shape in (("fc1", (4 * channels, channels)), ("fc2", (channels, 4 * channels))):
            shapes[f"layers.{block}.{name}.weight"] = shape
            shapes[f"layers.{block}.{name}.bias"] = shape[:1]
        for name in ("self_attn_layer_norm", "final_layer_norm"):
            shapes[f"layers.{block}.{name}.weight"] = (channels,)
            shapes[f"layers.{block}.{name}.bias"] = (channels,)
    return {name: rng.normal(0, 0.5, shape).astype(np.float32) for name, shape in shapes.items()}
