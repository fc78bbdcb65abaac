"""What the code computes for one sound is what it did when the model was shipped."""

from dataclasses import replace

import numpy as np
import pytest

from device.config import Config
from device.emotion import EmotionModel
from training import golden
from training.corpora import DataError

MODELS = Config().models_folder


@pytest.fixture
def kept():
    with np.load(MODELS / golden.GOLDEN_FILE) as file:
        return dict(file)


@pytest.fixture
def front_end():
    return EmotionModel.load(MODELS).description.front_end


def test_the_shipped_model_is_what_it_was():
    golden.check(MODELS)


def test_the_features_are_not_trivial(kept):
    assert kept["features"].std() > 0.3
    assert kept["probabilities"].sum() == pytest.approx(1)


def test_the_features_do_not_depend_on_the_level(kept, front_end):
    assert np.allclose(front_end.features(4 * golden.sound()), kept["features"], atol=0.02)


@pytest.mark.parametrize(
    "change",
    [{"pre_emphasis": 0.0}, {"delta_frames": 1}, {"filters": 79}, {"floor": 1e-4}],
    ids=str,
)
def test_another_front_end_is_noticed(kept, front_end, change):
    other = replace(front_end, **change)
    assert np.abs(other.features(golden.sound()) - kept["features"]).max() > 0.02


def test_a_folder_without_golden_vectors_is_told(tmp_path):
    with pytest.raises(DataError, match="emotify-train all"):
        golden.check(tmp_path)
