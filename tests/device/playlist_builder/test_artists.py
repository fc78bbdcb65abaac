"""Artists, and what their genres say."""

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the training's packages are not installed")

from device.playlist.tracks import Style
from device.playlist_builder.artists import Artist, Artists, Vocabulary, artist_key, words_of
from device.playlist_builder.styles import language_of, style_of

VOCABULARY = Vocabulary(
    ("metal", "jazz"), np.array([[2.0, -1.0], [-1.0, 1.0]]), np.array([0.1, 0.2])
)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("The Beatles", "beatles"),
        ("Beyoncé", "beyonce"),
        ("Simon & Garfunkel", "simonandgarfunkel"),
        ("Santana (feat. Rob Thomas)", "santana"),
        ("Ke$ha", "kesha"),
        ("$uicideBoy$", "suicideboys"),
        ("久石譲", "久石譲"),
        ("!!!", "!!!"),
    ],
)
def test_names_are_compared_without_what_tables_write_differently(name, key):
    assert artist_key(name) == key


def test_a_genre_counts_as_a_whole_and_in_its_parts():
    words = {"hip hop", "hip", "hop", "dance pop", "dance", "pop"}
    assert set(words_of(["Hip-Hop", "dance pop"])) == words


def test_words_give_scores_and_unknown_words_give_none():
    scores = VOCABULARY.scores({"metal": 1.0, "unheard of": 3.0})
    assert scores == pytest.approx([2.1, -0.8])
    # The row has the length 1, so that more words are no stronger than one.
    both = VOCABULARY.scores({"metal": 1.0, "jazz": 1.0})
    assert both == pytest.approx([0.1 + 1 / np.sqrt(2), 0.2])
    assert VOCABULARY.scores({"unheard of": 1.0}) is None
    assert VOCABULARY.scores({}) is None


def test_a_vocabulary_survives_its_file():
    again = Vocabulary.from_dict(VOCABULARY.to_dict())
    assert again.words == VOCABULARY.words
    assert again.scores({"jazz": 1.0}) == pytest.approx(VOCABULARY.scores({"jazz": 1.0}))


@pytest.mark.parametrize("effects", [np.zeros(2), np.array([0.3, -2.0])])
@pytest.mark.parametrize("scores", [np.array([-1.2, 0.4]), np.zeros(2)])
def test_an_artist_survives_the_file(scores, effects):
    artist = Artist(style=Style.JAZZ, language="french", scores=scores, effects=effects)
    again = Artist.from_text(artist.to_text(), 2)
    assert (again.style, again.language) == (Style.JAZZ, "french")
    assert again.scores == pytest.approx(scores)
    assert again.effects == pytest.approx(effects)


def test_a_known_artist_is_found_by_name_and_an_unknown_one_by_genres():
    known = Artist(style=Style.SOUL, scores=np.array([1.0, 2.0]), effects=np.array([0.5, 0.0]))
    artists = Artists({"somebody": known.to_text()}, VOCABULARY)
    found = artists.find("Somebody (feat. Nobody)", ["metal"])
    assert found.style is Style.SOUL
    assert found.effects == pytest.approx([0.5, 0])
    stranger = artists.find("A Stranger", ["metal"])
    assert stranger.style is Style.ROCK
    assert stranger.scores == pytest.approx([2.1, -0.8])
    assert not stranger.effects.any()
    nothing = artists.find("A Stranger", [])
    assert (nothing.style, nothing.scores) == (Style.OTHER, None)


@pytest.mark.parametrize(
    ("genres", "style"),
    [
        (["rap", "southern hip hop"], Style.RAP),
        (["dance pop", "edm", "electro house"], Style.ELECTRONIC),
        (["dance pop", "post-teen pop"], Style.POP),
        (["motown", "quiet storm"], Style.SOUL),
        (["contemporary country", "folk"], Style.FOLK),
        (["cool jazz", "adult standards"], Style.JAZZ),
        (["alternative metal"], Style.ROCK),
        (["reggaeton", "latin"], Style.LATIN),
        (["bahnhof"], Style.OTHER),
        ([], Style.OTHER),
    ],
)
def test_genres_tell_the_style(genres, style):
    assert style_of(words_of(genres)) is style


@pytest.mark.parametrize(
    ("genres", "language"),
    [
        (["latin", "reggaeton"], "spanish"),
        (["mpb", "samba"], "portuguese"),
        (["chanson"], "french"),
        (["german hip hop"], "german"),
        (["k-pop"], "korean"),
        (["german techno"], "english"),
        (["pop", "rock", "dance pop", "soft rock", "mellow gold", "latin"], "english"),
        ([], "english"),
    ],
)
def test_genres_tell_the_language_where_most_of_them_agree(genres, language):
    assert language_of(words_of(genres)) == language
