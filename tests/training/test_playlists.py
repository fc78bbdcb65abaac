"""``emotify-train playlists`` on a small made-up table."""

import argparse
import csv
import random
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the training's packages are not installed")

from training.catalogue import FEATURES, CatalogueError, read_catalogue
from training.circumplex import place, ranks, target
from training.clusters import cluster, describe, fold_tempo

from device.errors import PlaylistsError
from device.mood import Emotion, Mood
from device.playlist import Playlists
from training import playlists

COLUMNS = ["track_id", "track_name", "track_artist", "track_popularity", "playlist_genre"]
GENRES = ("rock", "pop", "rap")


def song(number: int, **values: object) -> dict[str, object]:
    """A row of a table; whatever is not given is the same for every song."""
    features = dict.fromkeys(FEATURES, 0.5) | {"tempo": 100, "loudness": -8}
    labels = dict(
        zip(COLUMNS, [f"{number:022d}", f"Song {number}", f"By {number}", 60, "pop"], strict=True)
    )
    return labels | features | values


def songs(count: int, seed: int = 0) -> list[dict[str, object]]:
    """Songs whose sound goes with their genre."""
    chance = random.Random(seed)
    rows = []
    for number in range(count):
        calm = chance.random()
        sound = {name: chance.random() for name in FEATURES}
        sound |= {"energy": 1 - calm, "acousticness": calm, "loudness": -4 - 20 * calm}
        sound["tempo"] = chance.uniform(60, 180)
        rows.append(song(number, playlist_genre=GENRES[int(3 * calm)], **sound))
    return rows


def write(file: Path, rows: list[dict[str, object]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, [*COLUMNS, *FEATURES])
        writer.writeheader()
        writer.writerows(rows)
    return file


def run(*arguments: object) -> int:
    parser = argparse.ArgumentParser()
    playlists.add_parser(parser.add_subparsers(required=True))
    args = parser.parse_args(["playlists", *map(str, arguments)])
    return args.run(args)


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    return write(tmp_path_factory.mktemp("tracks") / "songs.csv", songs(1500))


@pytest.fixture(scope="module")
def made(table):
    output = table.parent / "playlists.json"
    assert run("--tracks", table, "--output", output) == 0
    return output


def test_the_device_reads_what_the_command_makes(made, table):
    known = {entry.track for entry in read_catalogue(table).entries}
    for emotion, playlist in Playlists.load(made).choices.items():
        assert len(set(playlist.tracks)) == len(playlist.tracks) >= 100, emotion
        assert set(playlist.tracks) <= known


def test_the_same_table_gives_the_same_bytes(made, table, tmp_path):
    again = tmp_path / "again.json"
    run("--tracks", table, "--output", again)
    assert again.read_bytes() == made.read_bytes()


def test_another_table_gives_other_clusters(tmp_path, made):
    other = write(tmp_path / "other.csv", songs(1500, seed=1))
    run("--tracks", other, "--output", tmp_path / "other.json")
    assert (tmp_path / "other.json").read_bytes() != made.read_bytes()


def test_the_table_is_found_in_the_folder_of_the_data(table, tmp_path):
    (tmp_path / "tracks").mkdir()
    (tmp_path / "tracks" / "spotify_songs.csv").write_bytes(table.read_bytes())
    assert run("--data", tmp_path, "--output", tmp_path / "playlists.json") == 0


def test_each_emotion_gets_music_from_its_side_of_the_plane(made, table):
    catalogue = read_catalogue(table)
    lies = dict(zip((entry.track for entry in catalogue.entries), place(catalogue), strict=True))
    music = {
        emotion: np.mean([lies[track] for track in playlist.tracks], axis=0)
        for emotion, playlist in Playlists.load(made).choices.items()
    }
    assert music[Emotion.HAPPY][0] > music[Emotion.SAD][0]
    for loud in (Emotion.HAPPY, Emotion.SURPRISED, Emotion.ANGRY, Emotion.FEARFUL):
        assert music[loud][1] > 0.5 > max(music[Emotion.SAD][1], music[Emotion.CALM][1])


def test_the_words_tell_how_a_playlist_sounds(made):
    calm = Playlists.load(made).choose(Mood({e: float(e is Emotion.CALM) for e in Emotion}))
    assert "acoustic" in calm.name
    assert "gentle" in calm.name


@pytest.mark.parametrize("emotion", Emotion)
def test_every_emotion_stands_in_the_plane_and_only_neutral_in_its_centre(emotion):
    away = np.linalg.norm(target(emotion) - 0.5)
    assert away == pytest.approx(0 if emotion is Emotion.NEUTRAL else 0.4)


def test_double_and_half_tempo_are_one_tempo():
    folded = fold_tempo(np.array([45.0, 90.0, 180.0]))
    assert folded == pytest.approx(folded[0])
    assert 0 <= folded[0] < 1


def test_equal_values_have_equal_ranks():
    assert ranks(np.array([3.0, 1.0, 3.0, 0.0])) == pytest.approx([0.75, 0.375, 0.75, 0.125])


def test_music_that_differs_from_the_rest_in_nothing_is_said_to_be_of_everything(table):
    catalogue = read_catalogue(table)
    everybody = np.arange(len(catalogue.entries))
    assert describe(catalogue, everybody) == "a little of everything"


def test_genre_separates_tracks_that_sound_alike(tmp_path):
    rows = songs(300)
    for row, genre in zip(rows, GENRES * 100, strict=True):
        row["playlist_genre"] = genre
    catalogue = read_catalogue(write(tmp_path / "songs.csv", rows))
    labels = cluster(catalogue).labels
    genres = np.array([min(entry.genres) for entry in catalogue.entries])
    purity = [np.unique(genres[labels == k], return_counts=True)[1].max() for k in set(labels)]
    assert sum(purity) / len(genres) > 0.6


def test_a_song_counts_once_in_its_most_popular_version(tmp_path):
    rows = [
        song(1, track_name="Hello", track_artist="Her", track_popularity=60),
        song(2, track_name="Hello - Live", track_artist="Her", track_popularity=80),
        song(3, track_name="HELLO (feat. Him)", track_artist="her", track_popularity=70),
        song(4, track_name="Hello", track_artist="Somebody else"),
        song(5, track_name="(Hello) Again", track_artist="Her"),
    ]
    catalogue = read_catalogue(write(tmp_path / "songs.csv", rows))
    uris = [entry.track.uri[-1] for entry in catalogue.entries]
    assert uris == ["2", "4", "5"]


def test_a_track_of_several_playlists_has_all_their_genres(tmp_path):
    rows = [song(1, playlist_genre=genre) for genre in GENRES]
    catalogue = read_catalogue(write(tmp_path / "songs.csv", rows))
    assert [entry.genres for entry in catalogue.entries] == [set(GENRES)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"tempo": 0},
        {"tempo": ""},
        {"energy": 7},
        {"valence": "nan"},
        {"valence": "inf"},
        {"danceability": "much"},
        {"track_name": ""},
        {"track_name": "NA"},
        {"track_popularity": ""},
    ],
)
def test_a_row_with_an_impossible_value_is_left_out_and_counted(tmp_path, wrong):
    catalogue = read_catalogue(write(tmp_path / "songs.csv", [song(1), song(2, **wrong)]))
    assert len(catalogue.entries) == 1
    assert catalogue.left_out == 1


def test_little_known_songs_are_passed_over(tmp_path):
    rows = [song(1, track_popularity=49), song(2, track_popularity=50)]
    catalogue = read_catalogue(write(tmp_path / "songs.csv", rows), least_popularity=50)
    assert [entry.popularity for entry in catalogue.entries] == [50]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "not a table of tracks"),
        (b"<html><body>Not found</body></html>", "not a table of tracks"),
        (b"track_id;valence;energy\n1;0.5;0.5\n", "not a table of tracks"),
        (b"track_id,valence,energy\n1,0.5,0.5\n", "it lacks track_name, track_artist"),
        ("caf\u00e9".encode("latin-1"), "not a CSV in UTF-8"),
        (b'"' + b"x" * 200_000, "not a CSV in UTF-8"),
    ],
)
def test_what_is_no_table_is_refused_and_the_playlists_stay(tmp_path, made, content, complaint):
    table, output = tmp_path / "songs.csv", tmp_path / "playlists.json"
    table.write_bytes(content)
    output.write_bytes(made.read_bytes())
    with pytest.raises(CatalogueError, match=complaint) as refused:
        run("--tracks", table, "--output", output)
    assert str(table) in str(refused.value)
    assert output.read_bytes() == made.read_bytes()


def test_a_missing_table_is_named(tmp_path):
    with pytest.raises(CatalogueError, match="Name the table with --tracks"):
        run("--tracks", tmp_path / "none.csv", "--output", tmp_path / "playlists.json")


@pytest.mark.parametrize(
    "rows", [[], songs(3), [song(n) for n in range(100)]], ids=["none", "three", "all alike"]
)
def test_too_few_or_equal_tracks_are_refused(tmp_path, rows):
    table = write(tmp_path / "songs.csv", rows)
    with pytest.raises(CatalogueError, match="too few"):
        run("--tracks", table, "--output", tmp_path / "playlists.json")


def test_tracks_of_one_artist_do_not_make_playlists(tmp_path):
    rows = [row | {"track_artist": "The only one"} for row in songs(300)]
    table = write(tmp_path / "songs.csv", rows)
    with pytest.raises(CatalogueError, match="too few"):
        run("--tracks", table, "--output", tmp_path / "playlists.json")


def test_a_place_that_cannot_be_written_is_named(tmp_path, table):
    with pytest.raises(PlaylistsError, match="cannot be written"):
        run("--tracks", table, "--output", tmp_path / "none" / "playlists.json")
