"""The projection, the linear path, and the weight of each clip."""

from dataclasses import replace

import numpy as np
import pytest

from training.emotion.linear import Linear, Projection, importance, statistics
from training.emotion.settings import Settings

SETTINGS = replace(Settings(), ravdess_clips=40, other_clips=60)


def made(count, strength=1.0):
    """Statistics of which the third tells the emotions 2, 5 and 6 apart, and a fit to them."""
    rng = np.random.default_rng(0)
    emotions = np.array([2, 5, 6])[np.arange(count) % 3]
    rows = rng.normal(100, 10, (count, 4)).astype(np.float32)
    rows[:, 2] += 60 * (emotions == 5) - 60 * (emotions == 6)
    linear = Linear.fit(rows, emotions, np.ones(count), strength)
    return linear.standardised(rows), emotions, linear


def test_it_tells_what_it_was_shown():
    rows, emotions, linear = made(200)

    assert linear(rows).shape == (200, 8)
    assert np.mean(linear(rows).argmax(axis=1) == emotions) > 0.9


def test_what_it_was_never_shown_it_never_says():
    rows, _, linear = made(200)
    given = np.exp(linear(rows))

    assert (given[:, [0, 1, 3, 4, 7]] < 1e-6 * given.sum(axis=1, keepdims=True)).all()


def test_a_strong_regularisation_keeps_it_unsure():
    rows, _, bold = made(200)
    _, _, timid = made(200, strength=1e-3)

    assert np.ptp(timid(rows)[:, 5]) < np.ptp(bold(rows)[:, 5]) / 2


def test_clips_that_count_more_decide():
    rows, emotions = np.ones((3, 1), np.float32), [2, 5, 6]

    for heavy, answer in (([9, 1, 1], 2), ([1, 9, 1], 5)):
        linear = Linear.fit(rows, emotions, np.array(heavy), 1.0)
        assert linear(linear.standardised(rows)).argmax(axis=1).tolist() == [answer] * 3


def test_corpora_and_their_emotions_count_as_in_the_batches():
    corpora = ["ravdess"] * 4 + ["large"] * 90 + ["small"] * 2
    emotions = [0, 0, 0, 4] + [4] * 30 + [3] * 60 + [3, 3]
    weights = importance(corpora, emotions, SETTINGS)

    assert weights.sum() == pytest.approx(96)
    shares = weights / weights.sum()
    kinds = (shares[:3], shares[3:4], shares[4:34], shares[34:94], shares[94:])
    assert [kind.sum() for kind in kinds] == pytest.approx([0.2, 0.2, 0.15, 0.15, 0.3])


def test_one_corpus_alone_counts_whole():
    assert importance(["ravdess"] * 2, [0, 4], SETTINGS).tolist() == [1, 1]


def test_it_comes_back_from_its_file(tmp_path):
    rows, _, linear = made(20)
    linear.write(tmp_path / "linear.npz")

    again = Linear.read(tmp_path / "linear.npz")
    assert np.array_equal(again(rows), linear(rows))
    assert np.array_equal(again.standardised(rows), linear.standardised(rows))


def test_statistics_are_mean_and_deviation_over_time():
    frames = np.array([[1, 5], [3, 5]], np.float32)

    assert statistics(frames) == pytest.approx([2, 5, 1, 0.01])


# --- the projection -----------------------------------------------------------

RNG = np.random.default_rng(4)
MIXING = RNG.normal(0, 1, (3, 10)) * np.array([100.0, *[1.0] * 9])


def clips(count, shift=0.0):
    return [(RNG.normal(shift, 1, (20, 3)) @ MIXING + 7).astype(np.float16) for _ in range(count)]


def test_what_comes_out_is_standardised_and_uncorrelated():
    own = clips(50)
    projection = Projection.fit([own], 3)
    standardised = projection.standardised(np.concatenate(own))
    projected = projection(standardised).astype(float)

    assert np.allclose(standardised.mean(axis=0), 0, atol=0.05)
    assert np.allclose(standardised.std(axis=0), 1, atol=0.05)
    assert projected.shape == (1000, 3)
    assert np.allclose(projected.mean(axis=0), 0, atol=0.05)
    assert np.allclose(np.cov(projected.T), np.eye(3), atol=0.05)


def test_the_components_hold_what_varies():
    own = clips(50)
    projection = Projection.fit([own], 3)
    standardised = projection.standardised(np.concatenate(own))
    projected = standardised @ projection.components

    again = projected @ np.linalg.lstsq(projected, standardised, rcond=None)[0]
    assert np.abs(again - standardised).max() < 0.05


def test_a_large_corpus_counts_no_more_than_a_small_one():
    small, large = clips(5, shift=-1.0), clips(200, shift=1.0)
    projection = Projection.fit([small, large], 3)

    means = [np.concatenate(own).astype(float).mean(axis=0) for own in (small, large)]
    assert np.allclose(projection.mean, np.mean(means, axis=0), rtol=0.01, atol=0.05)


def test_the_projection_comes_back_from_its_file(tmp_path):
    projection = Projection.fit([clips(5)], 2)
    projection.write(tmp_path / "projection.npz")

    again, frames = Projection.read(tmp_path / "projection.npz"), clips(1)[0]
    standardised = projection.standardised(frames)
    assert np.array_equal(again.standardised(frames), standardised)
    assert np.array_equal(again(standardised), projection(standardised))
