"""Building the file of playlists from a table."""

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the training's packages are not installed")

from device.errors import PlaylistsError
from device.playlist.selection import SelectedTrack
from device.playlist.tracks import MOODS, Style, TrackTable
from device.playlist_builder.affect_model import OUTPUTS
from device.playlist_builder.build import (
    build_own,
    print_row_errors,
    read_document,
    spread,
)
from device.playlist_builder.catalogue import FEATURES, RowError, read_catalogue
from device.playlist_builder.cluster_labels import ClusterLabeller, percentile_ranks
from device.playlist_builder.clusters import COUNTS, cluster, group, memberships
from device.playlist_builder.csv_columns import CatalogueError
from device.playlist_builder.embedding import Embedding, fold_tempo
from device.playlist_builder.plot import draw


@pytest.fixture(scope="module")
def table(tmp_path_factory, songs, write):
    return write(tmp_path_factory.mktemp("tracks") / "songs.csv", songs(1500))


@pytest.fixture(scope="module")
def made(table):
    output = table.parent / "playlists.json"
    build_own(table, output)
    return output


def test_the_device_reads_what_the_command_makes(made, table):
    music = TrackTable.load(made)
    assert {track.uri for track in music.tracks} == set(read_catalogue(table).uris)
    assert len(music.labels) in COUNTS


def test_the_same_table_gives_the_same_bytes(made, table, tmp_path):
    build_own(table, tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == made.read_bytes()


def test_a_line_of_the_file_is_a_track(made):
    lines = made.read_text(encoding="utf-8").splitlines()
    assert sum("spotify:track:" in line for line in lines) == 1500


def test_every_k_is_told_with_its_silhouette_and_its_stability(table, tmp_path, capsys):
    build_own(table, tmp_path / "playlists.json")
    output = capsys.readouterr().out
    assert all(f"{k:2} clusters: silhouette" in output for k in COUNTS)
    assert "adjusted Rand index over seeds" in output


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"track_id;track_name;track_artist\n1;2;3\n", "semicolons"),
        (b"<!doctype html><html></html>", "web page"),
        ("tr\xe4ck_id,track_name,track_artist\n".encode("latin-1"), "not UTF-8"),
        (b"\0" * 200, "not a CSV|not a table|empty"),
        (None, "too large"),
    ],
    ids=["empty", "semicolons", "HTML", "Latin-1", "zeros", "200 MB"],
)
def test_what_is_no_table_leaves_the_playlists_as_they_were(made, tmp_path, content, words):
    output, table = tmp_path / "playlists.json", tmp_path / "songs.csv"
    output.write_bytes(made.read_bytes())
    with table.open("wb") as file:
        file.write(content or b"")
        if content is None:
            file.truncate(200_000_000)
    with pytest.raises(CatalogueError, match=words):
        build_own(table, output)
    assert output.read_bytes() == made.read_bytes()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rows: rows[:3], "too few"),
        (lambda rows: [row | {"track_artist": "The only one"} for row in rows], "1 artist"),
        (lambda rows: [rows[0] | {k: row[k] for k in ("track_id", "track_name")} for row in rows],
         "too much alike"),
    ],
    ids=["three tracks", "one artist", "all equal"],
)  # fmt: skip
def test_too_little_music_is_refused_and_the_playlists_stay(
    made, songs, write, tmp_path, change, words
):
    output = tmp_path / "playlists.json"
    output.write_bytes(made.read_bytes())
    table = write(tmp_path / "songs.csv", change(songs(300)))
    with pytest.raises(CatalogueError, match=words):
        build_own(table, output)
    assert output.read_bytes() == made.read_bytes()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["playlists.json", "songs.csv"]


def angry_of(file):
    """The mean rank of "angry"."""
    music = TrackTable.load(file)
    return music.moods[:, MOODS.index("angry")].mean()


def test_the_genres_or_the_artists_of_ones_own_table_make_a_difference(songs, write, tmp_path):
    """The same sounds by strangers without genres, by strangers of two genres, by two artists."""

    def built(name, **values):
        rows = [row | values for row in songs(300)]
        if values.get("playlist_genre") == "":
            for row in rows:
                del row["playlist_genre"]
        if "track_artist" in values:
            # One artist alone is refused.
            rows[:20] = songs(20)
        build_own(write(tmp_path / f"{name}.csv", rows), tmp_path / f"{name}.json")
        return angry_of(tmp_path / f"{name}.json")

    without = built("without", playlist_genre="")
    metal, soul = (
        built(genre.replace(" ", "-"), playlist_genre=genre)
        for genre in ("death metal", "quiet storm")
    )
    assert soul < without < metal
    assert metal - soul > 0.2
    metallica, norah = (
        built(artist, track_artist=artist, playlist_genre="pop")
        for artist in ("Metallica", "Norah Jones")
    )
    assert metallica - norah > 0.3


def test_a_file_that_cannot_be_written_is_named(table, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(PlaylistsError, match="cannot be written"):
        build_own(table, tmp_path / "file" / "playlists.json")


def test_as_many_clusters_are_found_as_there_are():
    random = np.random.default_rng(0)
    centres = random.normal(0, 20, (14, 6))
    points = np.repeat(centres, 60, axis=0) + random.normal(0, 1, (840, 6))
    clusters = cluster(points)
    assert len(clusters.centroids) == 14
    assert clusters.trials[14].stability == pytest.approx(1, abs=0.01)


def test_batches_find_much_the_same_clusters():
    random = np.random.default_rng(0)
    centres = random.normal(0, 20, (8, 4))
    points = (np.repeat(centres, 5000, axis=0) + random.normal(0, 1, (40_000, 4))).astype("f4")
    found = group(points, 8)[1]
    assert all(np.linalg.norm(found - centre, axis=1).min() < 1 for centre in centres)


def outputs_of(catalogue):
    """What the affect model might say: the same of all tracks."""
    return np.full((len(catalogue), len(OUTPUTS)), 0.5)


def test_style_moves_apart_tracks_that_sound_alike(table):
    catalogue = read_catalogue(table)
    outputs = outputs_of(catalogue)
    embedding = Embedding.fit(outputs, catalogue.features)
    alike = np.repeat(catalogue.features[:1], 2, axis=0)
    rock, rap = embedding.transform(outputs[:2], alike, [Style.ROCK, Style.RAP])
    assert np.linalg.norm(rock - rap) > 1


def test_an_embedding_survives_its_file(table):
    catalogue = read_catalogue(table)
    outputs = outputs_of(catalogue)
    embedding = Embedding.fit(outputs, catalogue.features)
    arguments = (outputs, catalogue.features, [Style.POP] * len(catalogue))
    again = Embedding.from_dict(embedding.to_dict()).transform(*arguments)
    assert again == pytest.approx(embedding.transform(*arguments), abs=1e-2)
    with pytest.raises(CatalogueError, match="damaged"):
        Embedding.from_dict({})


def test_a_track_between_two_clusters_belongs_to_both():
    centroids = np.array([[0.0, 0.0], [6.0, 0.0]])
    found = memberships(np.array([[0.0, 0.0], [3.0, 0.0], [100.0, 0.0]]), centroids)
    assert found.sum(axis=1) == pytest.approx(1)
    assert found[1] == pytest.approx(0.5)
    assert found[0, 0] > 0.95
    assert found[2, 1] == pytest.approx(1)


def test_double_and_half_tempo_are_one_tempo():
    slow, usual, fast = fold_tempo(np.array([45.0, 90.0, 180.0]))
    assert slow == pytest.approx(usual)
    assert fast == pytest.approx(usual)


def test_tempos_on_both_sides_of_the_octave_s_seam_are_near_each_other(table):
    below, above, far = fold_tempo(np.array([139.0, 141.0, 99.0]))
    assert np.linalg.norm(below - above) < 0.15
    assert np.linalg.norm(below - far) > 1.9
    catalogue = read_catalogue(table)
    outputs = outputs_of(catalogue)
    embedding = Embedding.fit(outputs, catalogue.features)
    alike = np.repeat(catalogue.features[:1], 3, axis=0)
    alike[:, FEATURES.index("tempo")] = 139, 141, 99
    one, other, third = embedding.transform(outputs[:3], alike, [Style.ROCK] * 3)
    assert np.linalg.norm(one - other) < 0.1 * np.linalg.norm(one - third)


@pytest.mark.parametrize(
    ("tempos", "word"), [((75, 88), "slow"), ((112, 128), "fast"), ((135, 145), "")]
)
def test_the_word_for_a_tempo_knows_the_seam(table, tempos, word):
    catalogue = read_catalogue(table)
    tempo = catalogue.features[:, FEATURES.index("tempo")]
    tempo[:] = np.geomspace(70, 140, len(tempo))
    tempo[:20] = np.linspace(*tempos, 20)
    found = ClusterLabeller(catalogue, np.full((len(catalogue), 2), 0.5)).label(np.arange(20))
    assert ({"slow", "fast"} & set(found.split(", "))) == ({word} if word else set())


def test_tracks_are_kept_from_everywhere_in_the_plane_the_popular_ones_first():
    affect = np.vstack((np.full((500, 2), 0.55), np.full((20, 2), 0.05)))
    popularity = np.concatenate((np.arange(500.0), np.zeros(20)))
    kept = spread(affect, popularity, 100)
    assert set(range(500, 520)) < set(kept.tolist())
    assert set(kept[kept < 500].tolist()) == set(range(420, 500))


def test_words_tell_what_sets_a_group_apart(table):
    catalogue = read_catalogue(table)
    affect = np.stack((catalogue.feature("valence"), catalogue.feature("energy")), axis=1)
    labeller = ClusterLabeller(catalogue, affect)
    quiet = np.flatnonzero(catalogue.feature("energy") < 0.2)
    assert {"gentle", "acoustic"} <= set(labeller.label(quiet).split(", "))
    assert labeller.label(np.arange(len(catalogue))) == "a little of everything"


def test_equal_values_have_equal_ranks():
    assert percentile_ranks(np.array([3.0, 1.0, 3.0, 0.0])) == pytest.approx(
        [0.75, 0.375, 0.75, 0.125]
    )


def test_a_picture_is_drawn(made, tmp_path):
    picture = tmp_path / "plane.png"
    targets = [(np.array([0.2, 0.2]), 5), (np.array([0.8, 0.4]), 9)]
    selected = [SelectedTrack(index, target, 0.0) for target, index in targets]
    draw(TrackTable.load(made), selected, "sad", picture)
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_each_row_that_is_left_out_has_its_reason(capsys):
    errors = [RowError(row, "no tempo" if row % 2 else "no energy") for row in range(2, 52)]

    print_row_errors(errors)

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "50 rows are left out:"
    assert lines[1] == "  row 2: no energy"
    assert lines[-2].startswith("  and 15: no energy (row 22, 24, 26,")
    assert lines[-1].startswith("  and 15: no tempo (row 23, 25, 27,")
    assert len(lines) == 1 + 20 + 2


def test_a_file_that_does_not_exist_cannot_be_read(tmp_path):
    with pytest.raises(PlaylistsError):
        read_document(tmp_path / "none.json")
