"""The metrics, on cases that can be counted by hand."""

import numpy as np
import pytest

from training.emotion import metrics


def numbers(*values: int) -> np.ndarray:
    return np.array(values)


def test_uar_weighs_every_emotion_alike():
    emotions = numbers(0, 0, 0, 0, 1)

    assert metrics.uar(emotions, numbers(0, 0, 0, 0, 0)) == pytest.approx(0.5)
    assert metrics.accuracy(emotions, numbers(0, 0, 0, 0, 0)) == pytest.approx(0.8)


def test_no_answer_is_a_wrong_one():
    assert metrics.uar(numbers(2, 2, 3), numbers(2, -1, 3)) == pytest.approx(0.75)


def test_the_confusion_counts_answers_by_emotion_and_those_without_in_the_last_column():
    matrix = metrics.confusion(numbers(0, 0, 7), numbers(1, -1, 7))

    assert matrix.shape == (8, 9)
    assert matrix[0, 1] == matrix[0, 8] == matrix[7, 7] == 1
    assert matrix.sum() == 3


def test_of_seven_emotions_calm_is_neutral():
    emotions, answers = numbers(0, 1, 2), numbers(1, 0, 3)

    seven = metrics.accuracy(*map(metrics.calm_as_neutral, (emotions, answers)))

    assert seven == pytest.approx(2 / 3)
    assert metrics.calm_as_neutral(numbers(-1))[0] == -1


def test_the_interval_is_a_point_when_all_actors_are_alike_and_wide_when_not():
    emotions, actors = np.tile(numbers(0, 1), 10), np.repeat(np.arange(10), 2)
    alike = np.where(emotions == 0, 0, 2)
    unlike = np.where(actors < 5, emotions, 7)

    assert metrics.speaker_bootstrap(emotions, alike, actors) == (0.5, 0.5)
    low, high = metrics.speaker_bootstrap(emotions, unlike, actors)
    assert low < 0.3
    assert high > 0.7


def test_calibration_error_is_the_gap_between_confidence_and_truth():
    right = np.array([True, True, True, False])

    assert metrics.calibration_error(right, np.full(4, 0.75)) == pytest.approx(0)
    assert metrics.calibration_error(right, np.full(4, 1.0)) == pytest.approx(0.25)


def test_accuracy_at_half_coverage_is_that_of_the_surer_half():
    right = np.array([False, True, True, False])

    assert metrics.accuracy_at(right, np.array([0.3, 0.9, 0.8, 0.4]), 0.5) == 1
    assert metrics.accuracy_at(right, np.array([0.3, 0.9, 0.8, 0.4]), 1.0) == 0.5
