from collections import Counter
from itertools import cycle

import numpy as np
import pytest

from device.emotion.household import Household
from device.mood import Emotion
from training.emotion.household import HEARD, Earlier, shift, shifted_for_households

SPEAKERS = [0] * 60 + [1] * 60 + [2]


def test_what_was_heard_before_are_other_sentences_of_the_same_speaker():
    earlier, rng = Earlier(SPEAKERS), np.random.default_rng(0)
    counts = Counter()
    for row in range(120):
        drawn = earlier.draw(row, rng)
        assert row not in drawn
        assert len(set(drawn)) == len(drawn)
        assert {SPEAKERS[each] for each in drawn} <= {SPEAKERS[row]}
        counts[len(drawn)] += 1
    assert set(counts) == set(HEARD)
    assert counts[0] / 120 == pytest.approx(HEARD.count(0) / len(HEARD), abs=0.12)


def test_before_the_only_sentence_of_a_speaker_nothing_was_heard():
    earlier, rng = Earlier(SPEAKERS), np.random.default_rng(0)
    assert all(len(earlier.draw(120, rng)) == 0 for _ in range(20))


@pytest.mark.parametrize("count", [0, 8, 16])
def test_the_shift_in_training_is_nearly_that_of_the_device(count):
    """With even moods; and the device forgets."""
    voices = np.full((count, 5), 0.1, np.float32)
    household = Household()
    for voice, emotion in zip(voices, cycle(Emotion), strict=False):
        household = household.with_sentence("USB", voice, emotion, at=0)
    assert shift(voices) == pytest.approx(household.shift("USB") + np.zeros(5), rel=0.05)


def test_means_are_shifted_and_deviations_are_not():
    means = np.array([[2.0] if speaker else [-1.0] for speaker in SPEAKERS])
    statistics = np.concatenate((means, np.full_like(means, 3.0)), axis=1).astype(np.float32)
    shifted = shifted_for_households(statistics, SPEAKERS)
    assert np.all(shifted[:, 1] == 3)
    left = shifted[:, 0] / means[:, 0]
    assert set(np.round(left[:120], 4)) == {round(7 / (7 + count), 4) for count in HEARD}
    assert left[120] == 1
    assert np.array_equal(shifted, shifted_for_households(statistics, SPEAKERS))
