"""The folds: no speaker is in the training set and the test set."""

from collections import defaultdict
from dataclasses import replace

import pytest

from training.emotion.corpora import RAVDESS_ACTORS
from training.emotion.folds import FOLDS, NOBODY, without

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
    assert sorted(actor for fold in FOLDS for actor in fold.test) == sorted(RAVDESS_ACTORS)


@pytest.mark.parametrize("fold", FOLDS, ids=str)
def test_a_clip_has_one_part_in_a_fold_and_its_speakers_other_clips_the_same(fold, synthetic_clips):
    parts = defaultdict(set)
    for clip in synthetic_clips:
        part = (fold.trains_on(clip), fold.validates_on(clip), fold.tests_on(clip))
        assert sum(part) == 1
        parts[clip.speaker].add(part)

    assert all(len(own) == 1 for own in parts.values())
    assert len({part for own in parts.values() for part in own}) == 3


def test_a_fold_of_ravdess_keeps_nobody_out_of_another_corpus(synthetic_clips):
    other = replace(synthetic_clips[0], corpus="cremad")

    assert all(
        fold.trains_on(replace(other, speaker=actor)) for fold in FOLDS for actor in RAVDESS_ACTORS
    )


def test_a_corpus_that_is_left_out_is_left_out_as_a_whole(synthetic_clips):
    fold = without("cremad")

    assert all(fold.trains_on(clip) for clip in synthetic_clips)
    assert all(fold.tests_on(replace(clip, corpus="cremad")) for clip in synthetic_clips)
    assert not any(fold.trains_on(replace(clip, corpus="cremad")) for clip in synthetic_clips)


def test_the_network_that_ships_hears_everybody(synthetic_clips):
    assert all(NOBODY.trains_on(clip) for clip in synthetic_clips)
