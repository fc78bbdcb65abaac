"""Ridge regressions from words to labels."""

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the training's packages are not installed")

from sklearn.linear_model import Ridge

from training.music.word_training import WordRidge


@pytest.fixture
def made_up():
    random = np.random.default_rng(0)
    rows, artist = random.random((40, 5)), random.integers(0, 40, 300)
    labels = random.random((300, 3))
    labels[random.random(300) < 0.4, 2] = np.nan
    return rows, artist, labels, np.arange(40) % 10


@pytest.mark.parametrize("without", [(), (3,), (3, 7)])
def test_it_is_a_ridge_regression_without_those_folds(made_up, without):
    rows, artist, labels, fold = made_up
    intercept, slopes = WordRidge(*made_up, penalty=2.0).fit(without)
    weights = 1 / np.sqrt(np.bincount(artist)[artist])
    for k in range(3):
        used = ~np.isnan(labels[:, k]) & ~np.isin(fold[artist], without)
        expected = Ridge(2.0).fit(rows[artist[used]], labels[used, k], sample_weight=weights[used])
        assert intercept[k] == pytest.approx(expected.intercept_)
        assert slopes[:, k] == pytest.approx(expected.coef_)
