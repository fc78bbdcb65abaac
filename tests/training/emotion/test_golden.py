"""The results for the golden sound are those of the released model."""

import shutil

import numpy as np
import pytest

from device.config.config import Config
from device.emotion.encoder import ENCODER_FILE, Encoder
from device.features import log_mel
from training.emotion import golden
from training.emotion.corpora import DataError

MODELS = Config().models_folder


@pytest.fixture
def kept():
    with np.load(MODELS / golden.GOLDEN_FILE) as file:
        return dict(file)


def test_the_shipped_model_is_what_it_was():
    golden.check(MODELS)


def test_the_vectors_are_not_trivial(kept):
    assert kept["log_mel"].std() > 0.1
    assert kept["frames"].std() > 0.2
    assert kept["probabilities"].sum() == pytest.approx(1, abs=1e-3)


def test_the_log_mel_does_not_depend_on_the_level(kept):
    assert np.allclose(log_mel(4 * golden.sound()), kept["log_mel"], atol=1e-5)


def test_another_sound_is_noticed(kept):
    """A sound one tenth faster differs by more than the interpreters do."""
    sound = golden.sound()
    faster = np.interp(np.arange(0, len(sound), 1.1), np.arange(len(sound)), sound)
    frames = Encoder((MODELS / ENCODER_FILE).read_bytes()).encode(faster.astype(np.float32))

    same = kept["frames"][: len(frames)]
    assert np.abs(frames - same).mean() > 4 * golden.TOLERANCES["frames"]


@pytest.mark.parametrize("name", golden.TOLERANCES)
def test_a_change_on_the_way_is_noticed(name, tmp_path):
    shutil.copytree(MODELS, tmp_path, dirs_exist_ok=True)
    with np.load(MODELS / golden.GOLDEN_FILE) as file:
        vectors = dict(file)
    vectors[name] = vectors[name] + 2 * golden.TOLERANCES[name]
    np.savez(tmp_path / golden.GOLDEN_FILE, **vectors)

    with pytest.raises(DataError, match=name):
        golden.check(tmp_path)


def test_a_folder_without_golden_vectors_is_told(tmp_path):
    with pytest.raises(DataError, match="emotify-train all"):
        golden.check(tmp_path)
