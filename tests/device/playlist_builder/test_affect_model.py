"""The affect model that Emotify comes with."""

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the training's packages are not installed")

from device.playlist_builder.affect_model import FOLDS, OUTPUTS, AffectModel
from device.playlist_builder.build import released_affect_model
from device.playlist_builder.csv_columns import CatalogueError

CHEERFUL = [0.8, 0.8, 0.95, 120, 0.1, 0, -5, 0.05, 200_000]
GLOOMY = [0.3, 0.1, 0.05, 80, 0.95, 0.5, -20, 0.04, 300_000]
PLAIN = [0.6, 0.6, 0.5, 110, 0.2, 0, -8, 0.05, 220_000]


@pytest.fixture(scope="module")
def model():
    return released_affect_model()


def said(model, features, name="A Stranger", genres=()):
    found = model.predict(np.array([features]), [model.artists.find(name, genres)])[0]
    return dict(zip(OUTPUTS, found, strict=True))


def test_cheerful_and_gloomy_music_by_strangers_is_told_apart(model):
    cheerful, gloomy = said(model, CHEERFUL), said(model, GLOOMY)
    assert min(cheerful["valence"], cheerful["arousal"], cheerful["happy"]) > 0.6
    assert max(gloomy["valence"], gloomy["arousal"], gloomy["happy"]) < 0.3
    assert gloomy["sad"] > 0.7 > 0.3 > cheerful["sad"]
    assert len(model.without) == FOLDS


def test_genres_of_ones_own_table_change_what_is_said(model):
    metal, soul = (said(model, PLAIN, genres=[g]) for g in ("death metal", "quiet storm"))
    assert metal["angry"] > soul["angry"] + 0.2
    assert soul["calm"] > metal["calm"] + 0.2
    assert metal["valence"] < soul["valence"]


def test_a_stranger_without_genres_is_judged_by_the_sound_alone(model):
    assert said(model, PLAIN) == said(model, PLAIN, genres=["no such genre"])
    assert said(model, PLAIN) != said(model, CHEERFUL)


def test_a_known_artist_is_judged_by_name_whatever_the_table_says(model):
    slayer = said(model, PLAIN, "Metallica", ["smooth jazz"])
    assert slayer["angry"] > said(model, PLAIN, "Norah Jones", ["death metal"])["angry"] + 0.3


def test_the_model_survives_its_file(model):
    again = AffectModel.from_dict(model.to_dict())
    assert said(again, PLAIN, "ABBA") == pytest.approx(said(model, PLAIN, "ABBA"), abs=1e-3)


@pytest.mark.parametrize("numbers", [{}, {"features": []}, {"features": None, "outputs": 3}])
def test_a_damaged_model_is_told(numbers):
    with pytest.raises(CatalogueError, match="damaged"):
        AffectModel.from_dict(numbers)
