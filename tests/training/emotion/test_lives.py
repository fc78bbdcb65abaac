import numpy as np
import pytest

from device.emotion.household import MEMORY_SENTENCES, weight_of
from device.emotion.model import Standard
from training.emotion.lives import (
    CALM,
    CHOICE_HEARD,
    EVEN,
    HEARD,
    MIXES,
    NAMES,
    ONE_MEAN,
    ONE_MOOD,
    ORDINARY,
    OTHER_PRIORS,
    OTHER_VARIANCES,
    OWN_MEAN,
    Lives,
    drawn,
    mixed,
    shared,
    varied,
    weighted,
)
from training.emotion.predictions import number

UNHEARD = 5


class MeanOfFrames:
    """A network whose first answer is the mean of its frames; so everything is neutral."""

    def __call__(self, values):
        return np.array([[values.mean(), *[0.0] * 7]])


@pytest.fixture(scope="module")
def clips(synthetic_clips):
    return [clip for clip in synthetic_clips if clip.speaker in ("03", "11", "12", "21")]


@pytest.fixture(scope="module")
def voices(clips):
    """Each speaker has one voice, nearly."""
    near = np.random.default_rng(0).uniform(0, 1e-6, len(clips))
    return np.array([int(clip.speaker) / 100 for clip in clips]) + near


@pytest.fixture(scope="module")
def answers(clips, voices):
    frames = [np.full((3, 1), 10 + 2 * voice, np.float32) for voice in voices]
    frames[UNHEARD] = np.empty((0, 1), np.float32)
    standard = Standard(np.array([10.0], np.float32), np.array([2.0], np.float32))
    return Lives(clips, frames, MeanOfFrames(), standard).answers()


def test_every_clip_with_speech_is_asked_once_in_every_life(answers, clips):
    assert set(answers) == set(NAMES)
    for table in answers.values():
        assert np.flatnonzero(np.isnan(table).any(axis=1)).tolist() == [UNHEARD]


def weight(heard):
    """The weight of the mean of so many sentences that are all recognised as one emotion."""
    remembered = sum((1 - 1 / MEMORY_SENTENCES) ** later for later in range(heard))
    return weight_of(np.array([remembered, *[0.0] * 7]))


def without_speech(table):
    return np.delete(table[:, 0], UNHEARD)


@pytest.mark.parametrize("mix", MIXES)
@pytest.mark.parametrize("heard", HEARD)
def test_what_the_speaker_sounds_like_is_subtracted(answers, voices, mix, heard):
    rest = np.delete(voices, UNHEARD) * (1 - weight(heard))
    assert without_speech(answers[mixed(mix, heard)]) == pytest.approx(10 + 2 * rest, abs=1e-4)


def test_other_prior_weights_subtract_more_or_less(answers):
    low, lower, high = (answers[weighted(EVEN, prior)][0, 0] for prior in OTHER_PRIORS)
    assert low < lower < answers[mixed(EVEN, CHOICE_HEARD)][0, 0] < high


def test_other_variances_of_moods_subtract_more_or_less(answers):
    none, low, high = (answers[varied(EVEN, variance)][0, 0] for variance in OTHER_VARIANCES)
    assert none < low < answers[mixed(EVEN, CHOICE_HEARD)][0, 0] < high


def test_a_box_for_several_people_subtracts_something_between_them(answers, voices):
    own = without_speech(answers[shared(OWN_MEAN, 2)])
    assert np.all(own < 10 + 2 * np.delete(voices, UNHEARD))
    assert not np.allclose(without_speech(answers[shared(ONE_MEAN, 4)]), own, atol=0.01)


def test_a_clip_is_not_among_those_heard_before_it(synthetic_clips):
    """A speaker who says one thing that is like no other."""
    clips = [clip for clip in synthetic_clips if clip.speaker in ("01", "02")]
    rng = np.random.default_rng(0)
    frames = [np.full((2, 1), 0.01 + 1e-6 * rng.random(), np.float32) for _ in clips]
    frames[0] = np.full((2, 1), 0.4, np.float32)
    standard = Standard(np.zeros(1, np.float32), np.ones(1, np.float32))
    table = Lives(clips, frames, MeanOfFrames(), standard).answers()[mixed(EVEN, 40)]
    assert table[0, 0] == pytest.approx(0.4 - weight(40) * 0.01, abs=1e-5)


@pytest.mark.parametrize(
    ("mix", "share"), [(EVEN, 0.25), (ORDINARY, 0.65), (ONE_MOOD, 0.6), (CALM, 1)]
)
def test_the_moods_are_mixed_as_they_are_called(synthetic_clips, mix, share):
    emotions = np.array([number(clip.emotion) for clip in synthetic_clips[:16]])
    rows = drawn(emotions, mix, 4000, np.random.default_rng(0))
    counts = np.bincount(emotions[rows], minlength=8) / 4000
    found = counts.max() if mix == ONE_MOOD else counts[:2].sum()
    assert found == pytest.approx(share, abs=0.03)
    assert (counts > 0).sum() == (2 if mix == CALM else 8)


@pytest.mark.parametrize("mix", MIXES)
def test_where_there_is_one_emotion_only_it_is_drawn(mix):
    rows = drawn(np.array([4, 4]), mix, 10, np.random.default_rng(0))
    assert set(rows) <= {0, 1}
