import numpy as np
import pytest

from device.emotion.household import MAX_REFUSAL
from training.emotion.calibration import Calibration
from training.emotion.owner import TENDENCIES, by_tendencies, live_with
from training.emotion.predictions import Predictions

PLAIN = Calibration(1.0, 0.5)
HAPPY, DISGUST = 2, 6


@pytest.fixture
def biased(left_out):
    """Answers that prefer disgust to happiness, and know the rest."""
    answers = left_out.by_corpus()["cremad"]
    given = np.eye(8)[answers.emotions] * 0.9 + 0.0125
    given[answers.emotions == HAPPY] = 0.0125
    given[answers.emotions == HAPPY, HAPPY] = 0.43
    given[answers.emotions == HAPPY, DISGUST] = 0.495
    values = {**vars(answers), "probabilities": given}
    return Predictions(**values)


def test_an_owner_who_is_never_disgusted_teaches_the_box_that(biased):
    never = tuple(0.0 if emotion == DISGUST else 1.0 for emotion in range(8))
    evening = live_with(biased, PLAIN, never, seed=0)
    assert evening.right > evening.without + 0.1


@pytest.mark.parametrize("tendencies", TENDENCIES.values())
def test_nothing_runs_away(left_out, tendencies):
    answers = left_out.by_corpus()["emovo"]
    evening = live_with(answers, PLAIN, tendencies, seed=0)
    assert evening.lowest > np.exp(-MAX_REFUSAL)
    assert evening.right > evening.without - 0.05


def test_who_is_always_understood_refuses_nothing(left_out):
    answers = left_out.by_corpus()["emovo"]
    right = Predictions(**{**vars(answers), "probabilities": np.eye(8)[answers.emotions]})
    evening = live_with(right, PLAIN, TENDENCIES["even"], seed=0)
    assert (evening.without, evening.right, evening.lowest) == (1, 1, 1)


def test_the_table_has_a_row_for_each_kind_of_owner(table, left_out):
    text = by_tendencies(table, table, left_out)
    assert len(text.splitlines()) == 2 + len(TENDENCIES)
