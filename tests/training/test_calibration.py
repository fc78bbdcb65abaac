"""Temperature and threshold."""

import numpy as np
import pytest

from training.calibration import COVERAGE, best_temperature, tempered, threshold_for

RNG = np.random.default_rng(5)
LOGITS = RNG.normal(0, 1.5, (4000, 8))
TRUE = np.exp(LOGITS) / np.exp(LOGITS).sum(axis=1, keepdims=True)
EMOTIONS = np.array([RNG.choice(8, p=row) for row in TRUE])


@pytest.mark.parametrize("exaggeration", [0.5, 1.0, 2.0])
def test_the_temperature_undoes_an_exaggeration(exaggeration):
    said = TRUE**exaggeration / (TRUE**exaggeration).sum(axis=1, keepdims=True)

    assert best_temperature(said, EMOTIONS) == pytest.approx(exaggeration, rel=0.1)


def test_tempered_probabilities_sum_to_one_and_keep_their_order():
    warm = tempered(TRUE, 3.0)

    assert np.allclose(warm.sum(axis=1), 1)
    assert (warm.argmax(axis=1) == TRUE.argmax(axis=1)).all()


def test_the_threshold_lets_the_wanted_share_pass():
    threshold = threshold_for(TRUE, 1.3)

    passed = (tempered(TRUE, 1.3).max(axis=1) >= threshold).mean()
    assert passed == pytest.approx(COVERAGE, abs=0.01)
