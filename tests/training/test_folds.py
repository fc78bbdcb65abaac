"""The folds: nobody is heard in training and judged afterwards."""

import pytest

from training.folds import ACTORS, FOLDS, of_speakers

PUBLISHED = [
    ({2, 5, 14, 15, 16}, {3, 6}),
    ({3, 6, 7, 13, 18}, {10, 11}),
    ({10, 11, 12, 19, 20}, {8, 17}),
    ({8, 17, 21, 23, 24}, {1, 14}),
    ({1, 4, 9, 22}, {2, 5}),
]


def test_the_folds_are_the_published_ones():
    assert [
        (set(map(int, fold.test)), set(map(int, fold.validation))) for fold in FOLDS
    ] == PUBLISHED


def test_every_actor_is_tested_exactly_once():
    assert sorted(actor for fold in FOLDS for actor in fold.test) == sorted(ACTORS)


@pytest.mark.parametrize("fold", FOLDS)
def test_no_actor_has_two_parts_in_a_fold(fold):
    assert not fold.train & fold.test
    assert not fold.train & fold.validation
    assert not fold.validation & fold.test
    assert fold.train | fold.validation | fold.test == ACTORS


@pytest.mark.parametrize("fold", FOLDS)
def test_no_clip_is_both_trained_and_tested(fold, synthetic_clips):
    trained = of_speakers(synthetic_clips, fold.train)
    tested = of_speakers(synthetic_clips, fold.test)

    assert trained
    assert tested
    assert not {clip.speaker for clip in trained} & {clip.speaker for clip in tested}
