"""Augmentation: variants of a clip that are still a clip."""

import numpy as np
import pytest

from training import augmentation

CLIP = np.random.default_rng(2).normal(-4, 2, (60, 80)).astype(np.float32)


@pytest.mark.parametrize("seed", range(20))
def test_a_variant_has_the_same_bands_and_about_the_same_length(seed):
    variant = augmentation.augmented(CLIP, np.random.default_rng(seed))

    assert variant.shape[1] == CLIP.shape[1]
    assert 47 <= len(variant) <= 76
    assert np.isfinite(variant).all()


def test_the_same_seed_gives_the_same_variant_and_another_seed_another():
    one, same, other = (
        augmentation.augmented(CLIP, np.random.default_rng(seed)) for seed in (1, 1, 2)
    )

    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_the_clip_itself_stays_as_it_is():
    before = CLIP.copy()

    augmentation.augmented(CLIP, np.random.default_rng(0))

    assert np.array_equal(CLIP, before)


@pytest.mark.parametrize("frames", [2, 9])
def test_a_very_short_clip_has_variants_too(frames):
    assert len(augmentation.augmented(CLIP[:frames], np.random.default_rng(0))) >= 2


def test_room_noise_only_adds():
    noisy = augmentation.room_noise(CLIP, np.random.default_rng(0))

    assert (noisy >= CLIP).all()
