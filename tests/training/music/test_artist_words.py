"""The words of artists."""

import math

import pytest

from training.music.artist_words import GENRES_FILE, TAGS_FILE, read_artist_words


@pytest.fixture
def words(tmp_path):
    (tmp_path / GENRES_FILE).write_text(
        "artist,key,genres\nThe Band,band,folk rock; roots-rock\nNobody,nobody,\n", "utf-8"
    )
    (tmp_path / TAGS_FILE).write_text("key,tag,n\nband,rock,7\nband,shit,3\nother,trip-hop,1\n")
    return read_artist_words(tmp_path)


def test_genres_and_tags_become_words(words):
    assert words["band"].genres.keys() == {"folk rock", "folk", "rock", "roots rock", "roots"}
    assert words["band"].tags == {"rock": pytest.approx(math.log(8))}
    assert words["band"].all["rock"] == pytest.approx(math.log(8))
    assert words["band"].all["folk"] == 1
    assert words["other"].all == {"trip hop": pytest.approx(math.log(2))}
    assert words["nobody"].all == {}


def test_genres_together_count_as_much_as_tags_together(words):
    shares = words["band"].shares
    assert sum(shares.values()) == pytest.approx(2)
    assert shares["rock"] == pytest.approx(1 + 1 / 5)
