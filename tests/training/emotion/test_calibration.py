"""Temperature and threshold."""

from dataclasses import replace

import numpy as np
import pytest

from training.emotion.calibration import (
    NEVER_SURE,
    PRIOR,
    SURE_FACTOR,
    Calibration,
    calibration,
    calibrations,
    for_device,
    is_right,
)


def exaggerated(table, power):
    powers = table.probabilities**power
    return replace(table, probabilities=powers / powers.sum(axis=1, keepdims=True))


@pytest.mark.parametrize("power", [0.5, 2.0])
def test_the_temperature_undoes_an_exaggeration(left_out, power):
    plain = calibration([left_out]).temperature

    assert calibration([exaggerated(left_out, power)]).temperature == pytest.approx(
        plain * power, rel=0.1
    )


def test_sure_answers_are_right_as_much_oftener_as_was_asked(left_out):
    found = calibration([left_out])

    given = found.apply(left_out.probabilities)
    right = is_right(left_out, given.argmax(axis=1))
    sure = given.max(axis=1) >= found.threshold
    assert right[sure].mean() >= SURE_FACTOR * right.mean()
    assert sure.mean() > 0.1


def test_where_no_few_answers_are_so_often_right_nothing_is_sure(left_out):
    surest = left_out.where(np.arange(len(left_out.clips)) < 4)
    given = np.eye(8)[surest.emotions]
    given[0] = np.roll(given[0], 1)

    assert calibration([replace(surest, probabilities=given)]).threshold == 1.0


def test_a_corpus_has_no_part_in_its_own_calibration(table, left_out):
    own = left_out.corpora == "cremad"
    worse = replace(left_out, probabilities=np.where(own[:, None], 1 / 8, left_out.probabilities))

    before, after = calibrations(left_out, table), calibrations(worse, table)

    assert after["cremad"] == before["cremad"]
    assert after["emovo"] != before["emovo"]
    assert after["ravdess"] != before["ravdess"]


def test_ravdess_has_no_part_in_its_own_calibration_but_its_rooms_have_one_in_the_device(
    table, left_out
):
    lost = replace(table, probabilities=np.full_like(table.probabilities, 1 / 8))

    assert calibrations(left_out, lost)["ravdess"] == calibrations(left_out, table)["ravdess"]
    assert for_device(left_out, lost) != for_device(left_out, table)


def test_calm_is_as_good_as_neutral_where_only_neutral_is_acted(table, left_out):
    calm = np.ones(len(left_out.clips), int)

    assert (is_right(left_out, calm) == (left_out.emotions == 0)).all()
    assert (is_right(table, np.ones(len(table.clips), int)) == (table.emotions == 1)).all()


def test_the_prior_tilts_the_answer_towards_ordinary_speech():
    flat = Calibration(1.0, 0.5).apply(np.full((1, 8), 1 / 8))[0]

    assert flat.sum() == pytest.approx(1)
    assert flat == pytest.approx(np.array(list(PRIOR.values())) / sum(PRIOR.values()))


def test_without_voices_that_were_left_out_nothing_is_sure(left_out):
    unheard = replace(left_out, probabilities=np.full_like(left_out.probabilities, np.nan))

    assert calibration([unheard]) == calibration([]) == NEVER_SURE
