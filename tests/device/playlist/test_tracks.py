"""The file of tracks: its content, and the errors of bad files."""

import json
from pathlib import Path

import playlists_file
import pytest
from playlists_file import line, uri

from device.errors import PlaylistsError
from device.playlist.tracks import COLUMNS, Explicit, TrackTable

pytestmark = pytest.mark.usefixtures("no_collector")

COMMITTED = Path(__file__).parents[3] / "models" / "playlists.json"


def document():
    values = {"valence": 0.1, "arousal": 0.2, "tempo": 90.5, "explicit": 1, "pleasant": 1}
    return playlists_file.document(line(1, **values))


def refusal(file, text):
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PlaylistsError) as refused:
        TrackTable.load(file)
    return str(refused.value)


def test_what_stands_in_the_file_is_there():
    music = TrackTable.parse(document())
    assert music.tracks[0].title == "A song"
    assert music.affect.tolist() == [[pytest.approx(0.1), pytest.approx(0.2)]]
    assert (music.tempo[0], music.seconds[0], music.year[0]) == (90.5, 200, 1987)
    assert music.is_pleasant[0]
    assert music.explicit[0] == Explicit.YES
    assert (music.style[0], music.language[0]) == ("rock", "english")
    assert music.labels == ("slow, dark",)


def test_capitals_do_not_make_another_artist():
    found = document()
    found["tracks"].append(line(2, artist="SOMEBODY"))
    assert len(set(TrackTable.parse(found).artist.tolist())) == 1


def test_the_music_of_the_repository_is_enough_and_small():
    music = TrackTable.load(COMMITTED)
    assert 2000 <= len({track.uri for track in music.tracks}) == len(music.tracks)
    assert COMMITTED.stat().st_size <= 2_000_000
    assert all(track.title and track.artist for track in music.tracks)
    lines = COMMITTED.read_text(encoding="utf-8").splitlines()
    assert all(line.count("spotify:track:") <= 1 for line in lines)


def test_the_sources_of_the_music_are_named():
    source = json.loads(COMMITTED.read_text(encoding="utf-8"))["source"]
    assert "TidyTuesday" in source["tracks"]
    assert "Deezer" in source["affect_model"]


def test_a_missing_file_is_named_with_what_to_do(tmp_path):
    with pytest.raises(PlaylistsError, match="cannot be read") as refused:
        TrackTable.load(tmp_path / "playlists.json")
    assert str(tmp_path / "playlists.json") in str(refused.value)
    assert "emotify playlists build" in str(refused.value)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_a_file_that_was_cut_short_is_refused(tmp_path, share):
    text = json.dumps(document())
    assert "cut short" in refusal(tmp_path / "cut.json", text[: int(share * len(text))])


@pytest.mark.parametrize("text", ["<!doctype html>", "[" * 100_000])
def test_a_file_that_is_not_json_is_refused(tmp_path, text):
    assert "not JSON" in refusal(tmp_path / "page.json", text)


def test_bytes_that_are_no_text_are_refused(tmp_path):
    (tmp_path / "noise.json").write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(PlaylistsError, match="not JSON"):
        TrackTable.load(tmp_path / "noise.json")


@pytest.mark.parametrize("version", [0, 3, "4", None])
def test_a_file_of_another_version_is_refused(tmp_path, version):
    text = json.dumps(document() | {"format": version})
    assert "reads format 4" in refusal(tmp_path / "other.json", text)


@pytest.mark.parametrize("text", ["[]", "7", "null", "{}", '{"format": 4}'])
def test_json_that_holds_no_music_is_refused(tmp_path, text):
    assert "has no entry" in refusal(tmp_path / "else.json", text)


@pytest.mark.parametrize("name", ["tracks", "clusters"])
@pytest.mark.parametrize("value", [[], {}, "music", None])
def test_a_file_without_tracks_or_clusters_is_refused(tmp_path, name, value):
    text = json.dumps(document() | {name: value})
    assert f"has no {name}" in refusal(tmp_path / "empty.json", text)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("uri", "https://example.org/track"),
        ("uri", uri(1) + "1"),
        ("uri", uri(1) + "\n"),
        ("title", 7),
        ("artist", None),
        ("style", 1),
        ("language", None),
        ("cluster", 1),
        ("cluster", -1),
        ("cluster", 0.5),
        ("valence", 1.1),
        ("arousal", "much"),
        ("kind_valence", -0.1),
        ("kind_arousal", 2),
        ("tempo", 0),
        ("energy", None),
        ("seconds", 0),
        ("explicit", 3),
        ("year", -1),
        ("pleasant", [1]),
        ("happy", 1.5),
        ("hopeless", None),
    ],
)
def test_what_is_no_track_is_refused(tmp_path, column, value):
    wrong = document()
    wrong["tracks"].append([*wrong["tracks"][0]])
    wrong["tracks"][1][COLUMNS.index(column)] = value
    assert "track" in refusal(tmp_path / "wrong.json", json.dumps(wrong))


@pytest.mark.parametrize("line", [[], "spotify:track:1", 7, None, {}])
def test_a_line_of_another_shape_is_refused(tmp_path, line):
    wrong = document()
    wrong["tracks"].append(line)
    assert "is no track" in refusal(tmp_path / "wrong.json", json.dumps(wrong))


@pytest.mark.parametrize(
    ("values", "explicit"),
    [
        ({"explicit": 0, "style": "rap"}, Explicit.NO),
        ({"explicit": 1}, Explicit.YES),
        ({"explicit": 2}, Explicit.UNKNOWN),
        ({"explicit": 2, "style": "rap"}, Explicit.PROBABLY),
        ({"explicit": 2, "title": "Fuck You"}, Explicit.PROBABLY),
        ({"explicit": 0, "title": "Fuck You"}, Explicit.NO),
    ],
)
def test_where_no_table_says_so_a_rule_tells_what_is_explicit(values, explicit):
    music = TrackTable.parse(playlists_file.document(line(1, **values)))
    assert music.explicit[0] == explicit


def test_how_long_ago_tracks_were_played():
    music = TrackTable.parse(playlists_file.document(*(line(n) for n in range(4))))
    played = [uri(0), uri(1), "spotify:track:unknown", uri(0), uri(3)]
    assert music.tracks_ago(played).tolist() == [2, 4, 0, 1]
    assert music.tracks_ago([]).tolist() == [0, 0, 0, 0]
