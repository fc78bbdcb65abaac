"""Scoring by labelled music."""

import json

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the training's packages are not installed")

from device.playlist_builder.build import BUILT_IN, read_document
from device.playlist_builder.csv_columns import CatalogueError
from training.cli import main
from training.music.labelled import read_labelled
from training.music.playlists import starter
from training.music.score import score


@pytest.fixture(scope="module")
def built_in():
    return read_document(BUILT_IN)


def labelled_rows(song):
    sounds = {
        "Happy": {"valence": 0.95, "energy": 0.8, "acousticness": 0.1, "loudness": -5},
        "Sad": {"valence": 0.1, "energy": 0.15, "acousticness": 0.9, "loudness": -15},
        "Energetic": {"valence": 0.4, "energy": 0.95, "acousticness": 0.01, "loudness": -4},
    }
    return [
        song(10 * number + k, mood=mood, **sound)
        for number in range(20)
        for k, (mood, sound) in enumerate(sounds.items())
    ]


def test_music_that_sounds_as_it_is_labelled_scores_well(tmp_path, song, write, built_in):
    labelled = read_labelled(write(tmp_path / "moods.csv", labelled_rows(song)))
    _, (ours, chance, *_) = score(labelled, built_in, None)
    assert ours.share > 0.9 > chance.share
    assert ours.correlation > 0.4 > chance.correlation


def test_false_labels_score_badly(tmp_path, song, write, built_in):
    swapped = {"Happy": "Sad", "Sad": "Happy", "Energetic": "Calm"}
    rows = [row | {"mood": swapped[row["mood"]]} for row in labelled_rows(song)]
    _, (ours, *_) = score(read_labelled(write(tmp_path / "moods.csv", rows)), built_in, None)
    assert ours.share < 0.1


def test_tracks_without_features_are_scored_by_their_address(tmp_path, built_in):
    lines = sorted(built_in["tracks"], key=lambda line: line[4] + line[5])
    known = [(line[0], "sad") for line in lines[:20]] + [(line[0], "happy") for line in lines[-20:]]
    file = tmp_path / "known.csv"
    unknown = [(f"spotify:track:{n:022}", "sad") for n in range(3)]
    file.write_text("uri,mood\n" + "\n".join(",".join(pair) for pair in known + unknown))
    found, (ours, *_) = score(read_labelled(file), built_in, None)
    assert len(found) == 40
    assert ours.share > 0.9


def test_features_that_a_table_lacks_are_taken_as_average(tmp_path, song, write, built_in):
    rows = labelled_rows(song)
    for row in rows:
        del row["duration_ms"], row["tempo"]
    known, (ours, *_) = score(read_labelled(write(tmp_path / "moods.csv", rows)), built_in, None)
    assert len(known) == len(rows)
    assert ours.share > 0.9


def test_strange_addresses_alone_cannot_be_scored(tmp_path, built_in):
    (tmp_path / "a.csv").write_text(f"uri,mood\nspotify:track:{1:022},sad\n")
    with pytest.raises(CatalogueError, match="know none"):
        score(read_labelled(tmp_path / "a.csv"), built_in, None)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("uri,title\na,b\n", "no labels"),
        ("mood,energy\nsad,0.5\n", "no features and no uri"),
        ("uri,mood\na,sad\n", "none of its 1 rows"),
        (f"uri,mood\nspotify:track:{1:022},bored\n", "none of its 1 rows"),
        (f"uri,valence_label,arousal_label\nspotify:track:{1:022},2,0\n", "none of its 1 rows"),
        ("uri,mood\n", "none of its 0 rows"),
    ],
)
def test_what_is_no_labelled_table_is_told(tmp_path, text, complaint):
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(CatalogueError, match=complaint):
        read_labelled(tmp_path / "a.csv")


@pytest.mark.parametrize("name", ["human_moods", "data_moods"])
def test_the_playlists_beat_chance_plain_neighbours_and_plain_clusters(data, name, built_in):
    catalogue = starter(data)
    labelled = read_labelled(data / "tracks" / f"{name}.csv")
    known, (ours, *others) = score(labelled, built_in, catalogue)
    by_name = {other.name: other for other in others}
    plain = ("random playlists", "nearest in Spotify's valence and energy",
             "K-Means without the affect model")  # fmt: skip
    for other in plain:
        assert ours.share > by_name[other].share, other
        assert ours.correlation > by_name[other].correlation, other
    assert len(known) == len(labelled)


def test_the_score_is_printed(tmp_path, song, write, capsys):
    file = write(tmp_path / "moods.csv", labelled_rows(song))
    assert main(["playlists", "score", str(file), "--data", str(tmp_path)]) == 0
    output = capsys.readouterr().out
    assert "60 labelled tracks scored" in output
    assert "right quadrant" in output
    assert np.isfinite(json.loads(output.split()[-1]))
