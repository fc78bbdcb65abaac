"""Fitting the affect model."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the training's packages are not installed")

from device.playlist_builder.affect_model import OUTPUTS, fold_of
from device.playlist_builder.artists import artist_key
from training.music.affect_training import (
    Listeners,
    correlations,
    fit,
    mood_correlations,
    read_listeners,
)
from training.music.artist_words import ArtistWords, read_artist_words
from training.music.labelled import Labelled, read_labelled

ARTISTS = 120


@pytest.fixture(scope="module")
def made_up():
    """Tracks whose valence is that of their genre and, a little, of Spotify's valence."""
    random = np.random.default_rng(0)
    names = [f"Artist {number}" for number in range(ARTISTS)]
    bright = np.arange(ARTISTS) % 2 == 0
    words = {
        artist_key(name): ArtistWords(genres={"polka" if is_bright else "doom": 1.0})
        for name, is_bright in zip(names, bright, strict=True)
    }
    at = np.repeat(np.arange(ARTISTS), 6)
    features = np.column_stack(
        [random.random((len(at), 3)), np.full(len(at), 110.0), random.random((len(at), 2)),
         np.full(len(at), -8.0), np.full(len(at), 0.05), np.full(len(at), 2e5)]
    )  # fmt: skip
    valence = np.clip(0.25 + 0.4 * bright[at] + 0.1 * features[:, 2], 0, 1)
    labels = np.column_stack((valence, 1 - valence))
    titles = [f"Song {number}" for number in range(len(at))]
    labelled = Labelled(
        uris=[""] * len(at),
        titles=titles,
        artists=[names[i] for i in at],
        genres=[()] * len(at),
        features=features,
        signs=np.ones((len(at), 2), int),
        moods=[""] * len(at),
        labels=labels,
        row_errors=(),
    )
    moods = np.column_stack([bright[at], *[~bright[at]] * (len(OUTPUTS) - 3)]).astype(float)
    listeners = Listeners(
        [(title.casefold(), artist_key(names[i])) for title, i in zip(titles, at, strict=True)],
        [artist_key(names[i]) for i in at],
        np.column_stack((labels, moods)),
    )
    return labelled, listeners, words


def test_genres_of_artists_that_it_was_not_fitted_to_are_understood(made_up):
    model = fit(*made_up)
    labelled = made_up[0]
    assert correlations(model, labelled)["model"][0] > 0.9 > correlations(model, labelled)["raw"][0]
    sound = labelled.features[:1]
    polka, doom = (model.artists.find("A Stranger", [genre]) for genre in ("polka", "doom"))
    outputs = model.predict(np.repeat(sound, 2, axis=0), [polka, doom])
    found = dict(zip(OUTPUTS, outputs.T, strict=True))
    assert found["valence"][0] > found["valence"][1] + 0.3
    assert found["happy"][0] > found["happy"][1] + 0.3


def test_a_track_is_scored_without_its_artist(made_up):
    """Other labels of an artist's fold change nothing of what is said unseen of the artist."""
    labelled, listeners, words = made_up
    fold = np.array([fold_of(artist) for artist in labelled.artists])
    inside = fold == fold_of(labelled.artists[0])

    def said(labels):
        changed = replace(labelled, labels=labels[:, :2])
        model = fit(changed, replace(listeners, labels=labels), words)
        artists = model.find(labelled.artists[:1], [()])
        scaled = model.scaled(labelled.features[:1])
        scores = np.array([artists[0].scores])
        return model.without[fold[0]](scaled, scores)[:, :2]

    labels = listeners.labels.copy()
    labels[inside] = 1 - labels[inside]
    # Scores are kept in steps of a tenth of a standard deviation, which differs a little.
    assert said(labels) == pytest.approx(said(listeners.labels), abs=0.02)


def test_other_songs_of_an_artist_count_once_they_are_labelled(made_up):
    labelled, listeners, words = made_up
    labels = listeners.labels.copy()
    odd = np.array([name == artist_key("Artist 7") for name in listeners.artists])
    labels[odd, 0] = 0.95
    model = fit(replace(labelled, labels=labels[:, :2]), replace(listeners, labels=labels), words)
    assert model.artists.find("Artist 7", ()).effects[0] > 1
    assert abs(model.artists.find("Artist 9", ()).effects[0]) < 0.5


@pytest.fixture(scope="module")
def fitted(data):
    folder = data / "tracks"
    labelled = read_labelled(folder / "human_moods.csv")
    return fit(labelled, read_listeners(folder), read_artist_words(folder)), labelled


def test_the_model_predicts_labels_better_than_spotifys_own_numbers(fitted):
    found = correlations(*fitted)
    assert found["model"][0] >= 0.48
    assert found["model"][1] >= 0.44
    assert found["raw"][0] < 0.40
    assert found["raw"][1] < 0.33


def test_moods_of_unseen_artists_go_with_listeners_tags(fitted, data):
    found = mood_correlations(*fitted, read_listeners(data / "tracks"))
    assert min(found["happy"], found["sad"], found["calm"], found["angry"], found["tender"]) > 0.3
    assert found["hopeless"] > 0.15


def test_slurs_of_listeners_are_no_words_of_the_model(fitted):
    words = fitted[0].artists.vocabulary.words
    assert not {"fag", "faggot", "shit", "whore", "bitch"} & set(words)
