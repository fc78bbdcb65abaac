"""Recordings that nobody made: short sounds under RAVDESS's names."""

from pathlib import Path

import numpy as np
import pytest

from training.corpora import Clip, ravdess_clip
from training.predictions import Predictions


@pytest.fixture(scope="session")
def synthetic_clips() -> list[Clip]:
    """Two clips of each emotion and actor; there is no file behind them."""
    return [
        ravdess_clip(Path(f"03-01-{emotion:02}-01-{statement:02}-01-{actor:02}.flac"))
        for actor in range(1, 25)
        for emotion in range(1, 9)
        for statement in (1, 2)
    ]


@pytest.fixture
def table(synthetic_clips) -> Predictions:
    """What a model that is right more often than not would give, one clip unheard."""
    rng = np.random.default_rng(1)
    rows = []
    for number, clip in enumerate(synthetic_clips):
        logits = rng.normal(0, 1, 8)
        logits[int(clip.name[6:8]) - 1] += 2
        probabilities = np.exp(logits) / np.exp(logits).sum()
        rows.append((clip.name, 0, number % 5, np.nan * logits if number == 3 else probabilities))
    return Predictions.of_rows(rows)
