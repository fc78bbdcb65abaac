"""The batches for training."""

import subprocess
import sys

import numpy as np
import pytest

from training.emotion.household import HEARD

# TensorFlow and tflite-runtime cannot share a process.
MAKE = """
import sys
from dataclasses import replace
import numpy as np
from device.mood import Emotion
from training.emotion.fitting import Batches, Sentence
from training.emotion.settings import Settings
HAPPY, SAD = Emotion.HAPPY, Emotion.SAD
corpora = {"ravdess": ((1, HAPPY, 5), (2, SAD, 5)), "large": ((3, HAPPY, 90), (4, SAD, 10)),
           "small": ((5, HAPPY, 1),)}
sentences = [
    Sentence(corpus, emotion, SAD if value == 3 else None, [np.full((60 - value, 2), value, "f2")],
             [np.full(4, 10 * value, "f2")], f"{emotion} {number}")
    for corpus, kinds in corpora.items() for value, emotion, count in kinds
    for number in range(count)
]
origin = np.full(4, 0.5)
plain = replace(Settings(), ravdess_clips=8, other_clips=12, mixup=0.0, time_masks=0, steps=60)
made = {}
changes = {"plain": {}, "listeners": {"listeners": 0.5}, "mixup": {"mixup": 0.3},
           "masks": {"time_masks": 3}}
for name, change in changes.items():
    settings = replace(plain, **change)
    batches = Batches(sentences, origin, settings, seed=0)
    each = [batches[i] for i in range(len(batches))]
    made[name] = np.stack([frames for (frames, _, _), _ in each])
    made[name + "_mask"] = np.stack([mask for (_, mask, _), _ in each])
    made[name + "_statistics"] = np.stack([rows for (_, _, rows), _ in each])
    targets = np.stack([targets for _, targets in each])
    assert targets.shape[2] == 3 and np.ptp(targets, axis=2).max() == 0
    made[name + "_targets"] = targets[:, :, 0]
again = Batches(sentences, origin, plain, seed=0)
made["again"] = again[0][0][0]
again.on_epoch_end()
made["next_epoch"] = again[0][0][0]
family = [
    Sentence("ravdess", HAPPY, None, [np.full((60, 2), 4, "f2")], [np.full(4, 4, "f2")], "a")
    for _ in range(100)
]
batches = Batches(family, origin, plain, seed=0)
each = [batches[i] for i in range(len(batches))]
made["known"] = np.stack([frames for (frames, _, _), _ in each])
made["known_statistics"] = np.stack([rows for (_, _, rows), _ in each])
np.savez(sys.argv[1], **made)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("batches") / "made.npz"
    subprocess.run([sys.executable, "-c", MAKE, path], check=True)
    with np.load(path) as kept:
        return dict(kept)


def test_corpora_and_their_emotions_are_balanced(made):
    values = made["plain"][:, :, 0, 0]

    assert values.shape == (60, 20)
    assert np.isin(values[:, :8], (1, 2)).all()
    counts = [np.mean(values[:, 8:] == value) for value in (3, 4, 5)]
    assert counts == pytest.approx([0.25, 0.25, 0.5], abs=0.06)


def test_what_is_too_long_is_cut_and_all_of_it_is_there(made):
    assert made["plain"].shape[2] == 48
    assert made["plain_mask"].min() == 1


def test_the_statistics_are_of_the_same_sentence_and_mixed_with_it(made):
    assert np.array_equal(made["plain_statistics"][..., 0], 10 * made["plain"][:, :, 0, 0])
    assert np.allclose(made["mixup_statistics"][..., 2], 10 * made["mixup"][:, :, 0, 0], atol=0.01)


def test_the_target_is_what_was_acted(made):
    happy = made["plain_targets"][made["plain"][:, :, 0, 0] == 3]

    assert np.array_equal(np.unique(happy, axis=0), [[0, 0, 1, 0, 0, 0, 0, 0]])


def test_listeners_count_where_they_were_asked(made):
    values = made["listeners"][:, :, 0, 0]

    asked, others = (made["listeners_targets"][values == value] for value in (3, 5))
    assert np.array_equal(np.unique(asked, axis=0), [[0, 0, 0.5, 0.5, 0, 0, 0, 0]])
    assert np.array_equal(np.unique(others, axis=0), [[0, 0, 1, 0, 0, 0, 0, 0]])


def test_mixup_mixes_sounds_and_targets(made):
    assert np.allclose(made["mixup_targets"].sum(axis=2), 1)
    mixed = (made["mixup_targets"] > 0).sum(axis=2) > 1
    assert mixed.any()
    whole = np.isin(made["mixup"][:, :, 0, 0], (1, 2, 3, 4, 5))
    assert not whole[mixed & (made["mixup_targets"].max(axis=2) < 0.9)].all()


def test_masks_are_gaps_of_nothing(made):
    gaps = (made["masks"][..., 0] == 0).mean()

    assert 0.02 < gaps < 0.4


def test_a_batch_is_the_same_again_and_another_in_the_next_epoch(made):
    assert np.array_equal(made["again"], made["plain"][0])
    assert not np.array_equal(made["next_epoch"], made["plain"][0])


def test_what_was_heard_of_the_speaker_before_is_subtracted_from_frames_and_means(made):
    """All sentences of the speaker are alike, so what is left tells how many were heard."""
    left = made["known"][:, :, 0, 0] / 4
    expected = sorted({7 / (7 + count) for count in HEARD})
    assert np.unique(np.round(left, 3)) == pytest.approx(expected, abs=1e-3)
    means = made["known_statistics"][..., :2]
    assert np.allclose(means, (4 - 0.5) * left[..., None] + 0.5, atol=0.01)
    assert (made["known_statistics"][..., 2:] == 4).all()
