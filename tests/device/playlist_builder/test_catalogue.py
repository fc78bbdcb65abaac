"""Reading tables of tracks."""

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the training's packages are not installed")

from device.playlist.tracks import Explicit
from device.playlist_builder.catalogue import join, read_catalogue, song_key
from device.playlist_builder.csv_columns import CatalogueError

EXPORTIFY = (
    "Track URI,Track Name,Album Name,Artist Name(s),Release Date,Duration (ms),Popularity,Explicit,"
    "Added By,Added At,Genres,Record Label"
)
SOUND = (
    ",Danceability,Energy,Key,Loudness,Mode,Speechiness,Acousticness,Instrumentalness,Liveness,"
    "Valence,Tempo,Time Signature"
)
LINE = "spotify:track:{:022},Song {},Album,{},2020,200000,60,{},me,2024,{},Label"
SOUNDS = ",0.5,0.6,1,-7,1,0.05,0.1,0,0.1,0.4,120,4"


@pytest.fixture
def exportify(tmp_path):
    def make(*lines, sound=True):
        file = tmp_path / "exportify.csv"
        header = EXPORTIFY + (SOUND if sound else "")
        ending = SOUNDS if sound else ""
        file.write_text("\n".join([header, *(line + ending for line in lines)]), encoding="utf-8")
        return file

    return make


def test_an_exportify_table_is_read(exportify):
    file = exportify(LINE.format(1, "one", "Ann;Bob", "true", '"pop,dance pop"'))
    catalogue = read_catalogue(file)
    assert catalogue.uris == [f"spotify:track:{1:022}"]
    assert catalogue.artists == ["Ann"]
    assert catalogue.genres == [("dance pop", "pop")]
    assert catalogue.explicit.tolist() == [Explicit.YES]
    assert catalogue.year.tolist() == [2020]
    assert catalogue.feature("tempo").tolist() == [120]


def test_a_comma_within_an_artists_name_does_not_part_it(exportify):
    file = exportify(LINE.format(1, "one", '"Tyler, The Creator"', "", ""))
    assert read_catalogue(file).artists == ["Tyler, The Creator"]


def test_a_table_without_features_says_how_to_get_them(exportify):
    file = exportify(LINE.format(1, "one", "Ann", "", ""), sound=False)
    with pytest.raises(CatalogueError, match="--enrich reccobeats"):
        read_catalogue(file)


def test_missing_features_are_filled_and_the_rest_is_named(exportify):
    lines = [LINE.format(number, number, "Ann", "", "") for number in (1, 2, 3)]
    found = {"danceability": 0.1, "energy": 0.2, "valence": 0.3, "tempo": 90, "acousticness": 0,
             "instrumentalness": 0, "loudness": -9, "speechiness": 0.1}  # fmt: skip
    known = {f"{1:022}": found, f"{2:022}": found | {"tempo": 0}}
    catalogue = read_catalogue(exportify(*lines, sound=False), lambda ids: known)
    assert catalogue.uris == [f"spotify:track:{1:022}"]
    assert catalogue.feature("tempo").tolist() == [90]
    assert str(catalogue.row_errors[0]) == "row 3: no tempo"
    assert [row_error.row for row_error in catalogue.row_errors] == [3, 4]


def test_a_song_counts_once_in_its_most_popular_version(tmp_path, song, write):
    rows = [
        song(1, track_name="Hello", track_artist="Her", track_popularity=60),
        song(2, track_name="Hello - Live", track_artist="Her", track_popularity=80),
        song(3, track_name="HELLO (feat. Him)", track_artist="her", track_popularity=70),
        song(4, track_name="Hello", track_artist="Somebody else"),
        song(5, track_name="(Hello) Again", track_artist="Her"),
    ]
    catalogue = read_catalogue(write(tmp_path / "songs.csv", rows))
    assert [uri[-1] for uri in catalogue.uris] == ["2", "4", "5"]
    assert catalogue.merged == 2


def test_a_track_of_several_playlists_has_all_their_genres(tmp_path, song, write):
    rows = [song(1, playlist_genre=genre) for genre in ("rock", "pop", "rap")]
    catalogue = read_catalogue(write(tmp_path / "songs.csv", rows))
    assert catalogue.genres == [("pop", "rap", "rock")]
    assert catalogue.merged == 2


def test_a_track_found_again_brings_the_features_that_it_lacked(tmp_path, song, write):
    file = write(tmp_path / "songs.csv", [song(1, tempo=""), song(1, tempo=99)])
    assert read_catalogue(file).feature("tempo").tolist() == [99]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"tempo": 0}, "tempo 0 is not in"),
        ({"energy": 7}, "energy 7 is not in"),
        ({"valence": "nan"}, "valence nan is not in"),
        ({"valence": "inf"}, "valence inf is not in"),
        ({"duration_ms": -1}, "duration_ms -1 is not in"),
        ({"tempo": ""}, "no tempo"),
        ({"danceability": "0,5"}, "danceability '0,5' is no number"),
        ({"track_name": ""}, "no title"),
        ({"track_name": "NA"}, "no title"),
        ({"track_artist": ""}, "no artist"),
        ({"track_id": "spotify:local:a:b:c:1"}, "is no track of Spotify's"),
        ({"track_id": "7"}, "is no track of Spotify's"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_by_its_number(tmp_path, song, write, wrong, words):
    file = write(tmp_path / "songs.csv", [song(1), song(2, **wrong), song(3)])
    catalogue = read_catalogue(file)
    assert len(catalogue) == 2
    (row_error,) = catalogue.row_errors
    assert row_error.row == 3
    assert words in str(row_error)


def test_a_link_is_as_good_as_a_uri(tmp_path, song, write):
    link = f"https://open.spotify.com/track/{1:022}?si=abc"
    assert read_catalogue(write(tmp_path / "a.csv", [song(1, track_id=link)])).uris == [
        f"spotify:track:{1:022}"
    ]


@pytest.mark.parametrize(
    ("content", "row_error"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"<html><body>Not found</body></html>", "web page"),
        (b"\n<!DOCTYPE html>", "empty"),
        (b"track_id;track_name;valence;energy\n1;a;0.5;0.5\n", "separated by semicolons"),
        (b"track_id\ttrack_name\n1\ta\n", "separated by tabs"),
        (b"track_id,valence,energy\n1,0.5,0.5\n", "it lacks title, artist"),
        ("caf\u00e9,id".encode("latin-1"), "not UTF-8"),
        ("uri,title".encode("utf-16"), "not UTF-8"),
        (b"uri,title,artist\n" + b'"' + b"x" * 200_000, "not a CSV|lacks"),
    ],
)
def test_what_is_no_table_gets_one_clear_error(tmp_path, content, row_error):
    file = tmp_path / "songs.csv"
    file.write_bytes(content)
    with pytest.raises(CatalogueError, match=row_error) as refused:
        read_catalogue(file)
    assert str(file) in str(refused.value)


def test_a_huge_file_is_refused_without_being_read(tmp_path):
    file = tmp_path / "huge.csv"
    with file.open("wb") as empty:
        empty.truncate(200_000_000)
    with pytest.raises(CatalogueError, match="200 MB is too large"):
        read_catalogue(file)


def test_a_missing_table_is_named(tmp_path):
    with pytest.raises(CatalogueError, match=r"none\.csv: cannot be read"):
        read_catalogue(tmp_path / "none.csv")


def test_the_starter_table_is_read_with_its_oddities_named(data):
    catalogue = read_catalogue(data / "tracks" / "spotify_songs.csv")
    assert len(catalogue) > 20_000
    assert "row 11365: tempo 0 is not in" in "; ".join(map(str, catalogue.row_errors))
    assert np.isfinite(catalogue.features).all()


@pytest.mark.parametrize(
    ("word", "explicit"),
    [
        ("true", Explicit.YES),
        ("FALSE", Explicit.NO),
        ("", Explicit.UNKNOWN),
        ("?", Explicit.UNKNOWN),
    ],
)
def test_what_a_table_says_of_explicit_lyrics(exportify, word, explicit):
    found = read_catalogue(exportify(LINE.format(1, "one", "Ann", word, "")))
    assert found.explicit.tolist() == [explicit]


@pytest.mark.parametrize(
    ("title", "artist"),
    [
        ("Yesterday - Remastered 2009", "The Beatles"),
        ("Yesterday (Live)", "Beatles"),
        ("YESTERDAY", "The Beatles feat. Somebody"),
    ],
)
def test_versions_of_a_song_are_one_song_in_every_table(title, artist):
    assert song_key(title, artist) == song_key("Yesterday", "The Beatles")
    assert song_key(title, artist) != song_key("Today", "The Beatles")


def test_versions_share_the_earliest_year_and_what_is_known_of_explicit_lyrics(exportify):
    lines = [
        LINE.format(1, "Hello - Remastered", "Ann", "", "").replace(",2020,", ",2009-05-01,"),
        LINE.format(2, "Hello", "Ann", "true", "")
        .replace(",2020,", ",1965,")
        .replace(",60,", ",1,"),
    ]
    found = read_catalogue(exportify(*lines))
    assert found.titles == ["Song Hello - Remastered"]
    assert found.year.tolist() == [1965]
    assert found.explicit.tolist() == [Explicit.YES]


def test_a_remix_comes_after_an_equally_popular_song(exportify):
    lines = [
        LINE.format(1, "Hello - Somebody's Remix", "Ann", "", ""),
        LINE.format(2, "Hello", "Ann", "", ""),
    ]
    assert read_catalogue(exportify(*lines)).titles == ["Song Hello"]


def test_tables_are_joined_without_repeating_a_track(exportify, tmp_path):
    one = read_catalogue(exportify(LINE.format(1, "One", "Ann", "", "")))
    other = read_catalogue(
        exportify(LINE.format(1, "One again", "Bob", "", ""), LINE.format(2, "Two", "Ann", "", ""))
    )
    assert join([one, other]).titles == ["Song One", "Song Two"]
