"""The projection of the representation."""

import numpy as np

from training.projection import Projection

RNG = np.random.default_rng(4)
MIXING = RNG.normal(0, 1, (3, 10)) * np.array([100.0, *[1.0] * 9])


def clips(count, shift=0.0):
    return [(RNG.normal(shift, 1, (20, 3)) @ MIXING + 7).astype(np.float16) for _ in range(count)]


def test_what_comes_out_is_standardised_and_uncorrelated():
    own = clips(50)
    projection = Projection.of([own], 3)
    standardised = projection.standardised(np.concatenate(own))
    projected = projection(standardised).astype(float)

    assert np.allclose(standardised.mean(axis=0), 0, atol=0.05)
    assert np.allclose(standardised.std(axis=0), 1, atol=0.05)
    assert projected.shape == (1000, 3)
    assert np.allclose(projected.mean(axis=0), 0, atol=0.05)
    assert np.allclose(np.cov(projected.T), np.eye(3), atol=0.05)


def test_the_components_hold_what_varies():
    own = clips(50)
    projection = Projection.of([own], 3)
    standardised = projection.standardised(np.concatenate(own))
    projected = standardised @ projection.components

    again = projected @ np.linalg.lstsq(projected, standardised, rcond=None)[0]
    assert np.abs(again - standardised).max() < 0.05


def test_a_large_corpus_counts_no_more_than_a_small_one():
    small, large = clips(5, shift=-1.0), clips(200, shift=1.0)
    projection = Projection.of([small, large], 3)

    means = [np.concatenate(own).astype(float).mean(axis=0) for own in (small, large)]
    assert np.allclose(projection.mean, np.mean(means, axis=0), rtol=0.01, atol=0.05)


def test_it_comes_back_from_its_file(tmp_path):
    projection = Projection.of([clips(5)], 2)
    projection.write(tmp_path / "projection.npz")

    again, frames = Projection.read(tmp_path / "projection.npz"), clips(1)[0]
    standardised = projection.standardised(frames)
    assert np.array_equal(again.standardised(frames), standardised)
    assert np.array_equal(again(standardised), projection(standardised))
