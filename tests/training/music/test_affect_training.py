"""Fitting the affect model."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the training's packages are not installed")

from device.playlist_builder.affect_model import AffectModel, fold_of
from training.music.affect_training import correlations, fit
from training.music.labelled import read_labelled


def test_the_model_predicts_labels_better_than_spotifys_own_numbers(data):
    labelled = read_labelled(data / "tracks" / "human_moods.csv")
    model = fit(labelled)
    found = correlations(model, labelled)
    assert found["model"][0] > found["raw"][0]
    assert found["model"][1] > found["raw"][1] + 0.05
    again = AffectModel.from_dict(model.to_dict()).predict(labelled.features)
    assert again == pytest.approx(model.predict(labelled.features), abs=1e-3)


def test_a_track_is_scored_without_its_artist(data):
    labelled = read_labelled(data / "tracks" / "human_moods.csv")
    model = fit(labelled)
    artist = labelled.artists[0]
    others = np.array([fold_of(other) != fold_of(artist) for other in labelled.artists])
    unseen = model.without[fold_of(artist)]
    expected = unseen(model.scaled(labelled.features[:1]))
    changed = labelled.labels.copy()
    changed[~others] = 1 - changed[~others]
    again = fit(replace(labelled, labels=changed)).without[fold_of(artist)]
    assert again(model.scaled(labelled.features[:1])) == pytest.approx(expected)
