"""The tracks that Emotify comes with."""

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the training's packages are not installed")

from device.playlist.themes import NEVER, Themes
from device.playlist.tracks import Style
from device.playlist_builder.build import released_affect_model
from training.music.affect_training import read_listeners
from training.music.starter import TRACKS, starter


@pytest.fixture(scope="module")
def selected(data):
    model, folder = released_affect_model(), data / "tracks"
    catalogue, labels = starter(folder, model, read_listeners(folder))
    return catalogue, labels, model.find(catalogue.artists, catalogue.genres)


def test_there_are_enough_tracks_and_each_once(selected):
    catalogue, _, _ = selected
    assert len(set(catalogue.uris)) == len(catalogue) == TRACKS


def test_the_decades_are_even(selected):
    decades = np.clip(selected[0].year // 10 * 10, 1960, 2010)
    counts = np.unique(decades, return_counts=True)[1]
    assert len(counts) == 6
    assert counts.max() - counts.min() <= 10


def test_the_styles_are_mixed(selected):
    """Of jazz, soundtracks and classical music the tables have no tenth."""
    styles = [artist.style for artist in selected[2]]
    share = {style: styles.count(style) / len(styles) for style in Style}
    assert share[Style.RAP] <= 1 / 8
    assert min(share[Style.SOUL], share[Style.ROCK], share[Style.FOLK]) >= 0.1
    assert share[Style.JAZZ] >= 0.06


def test_nothing_harmful_and_no_tribute_is_among_them(selected):
    themes = Themes()
    catalogue = selected[0]
    for title, artist in zip(catalogue.titles, catalogue.artists, strict=True):
        assert not themes.of(title, artist) & NEVER
        assert "karaoke" not in f"{title} {artist}".casefold()


def test_labels_are_those_of_listeners(selected):
    _, labels, _ = selected
    known = labels[~np.isnan(labels[:, 0])]
    assert len(known) > 300
    assert ((known >= 0) & (known <= 1)).all()
