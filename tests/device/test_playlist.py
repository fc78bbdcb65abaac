"""The playlist: what is chosen for a mood, and what a bad file says."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.errors import PlaylistsError
from device.mood import Emotion, Mood
from device.playlist import LENGTH_TRACKS, Playlist, Playlists, Track

COMMITTED = Path(__file__).parents[2] / "models" / "playlists.json"


def mood(emotion: Emotion) -> Mood:
    return Mood({each: float(each is emotion) for each in Emotion})


def uri(number: int) -> str:
    return f"spotify:track:{number:022d}"


def playlists_by(artists: list[int]) -> Playlists:
    tracks = tuple(
        Track(uri(number), f"Song {number}", f"Artist {artist}")
        for number, artist in enumerate(artists)
    )
    return Playlists({emotion: Playlist(emotion, f"{emotion}: any", tracks) for emotion in Emotion})


def document() -> dict:
    track = [uri(1), "A song", "Somebody"]
    return {
        "format": 1,
        "playlists": {emotion: {"words": "slow, dark", "tracks": [track]} for emotion in Emotion},
    }


def refusal(file: Path, text: str) -> str:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PlaylistsError) as refused:
        Playlists.load(file)
    return str(refused.value)


def test_a_playlist_is_named_by_its_emotion_and_its_words(tmp_path):
    file = tmp_path / "playlists.json"
    file.write_text(json.dumps(document()))
    chosen = Playlists.load(file).choose(mood(Emotion.SAD))
    assert chosen == Playlist(
        Emotion.SAD, "sad: slow, dark", (Track(uri(1), "A song", "Somebody"),)
    )


@given(st.lists(st.integers(0, 30), min_size=1, max_size=80), st.integers())
def test_a_choice_is_full_and_repeats_no_track(artists, seed):
    playlists = playlists_by(artists)
    chosen = playlists.choose(mood(Emotion.HAPPY), seed).tracks
    assert len(chosen) == min(LENGTH_TRACKS, len(artists))
    assert len({track.uri for track in chosen}) == len(chosen)
    assert set(chosen) <= set(playlists.choices[Emotion.HAPPY].tracks)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=80), st.integers())
def test_an_artist_comes_again_within_ten_only_when_nobody_else_is_left(artists, seed):
    playlists = playlists_by(artists)
    chosen = playlists.choose(mood(Emotion.CALM), seed).tracks
    for position, track in enumerate(chosen):
        recent = {other.artist for other in chosen[max(0, position - 9) : position]}
        if track.artist in recent:
            left = set(playlists.choices[Emotion.CALM].tracks) - set(chosen[:position])
            assert {other.artist for other in left} <= recent


@given(st.integers())
def test_the_same_seed_gives_the_same_playlist(seed):
    playlists = playlists_by(list(range(40)))
    angry = mood(Emotion.ANGRY)
    assert playlists.choose(angry, seed) == playlists.choose(angry, seed)


def test_without_a_seed_every_press_gives_another_playlist():
    playlists = playlists_by(list(range(100)))
    assert len({playlists.choose(mood(Emotion.SAD)).tracks for _ in range(5)}) == 5


@pytest.mark.parametrize("emotion", Emotion)
def test_the_playlists_of_the_repository_hold_enough_music(emotion):
    everything = Playlists.load(COMMITTED).choices[emotion]
    assert len({track.uri for track in everything.tracks}) == len(everything.tracks) >= 100
    assert all(track.title and track.artist for track in everything.tracks)
    assert everything.name.removeprefix(f"{emotion}: ")


def test_no_two_emotions_of_the_repository_sound_the_same():
    choices = Playlists.load(COMMITTED).choices.values()
    assert len({frozenset(playlist.tracks) for playlist in choices}) == len(Emotion)


def test_the_file_of_the_repository_is_small_and_has_a_line_for_each_track():
    text = COMMITTED.read_text(encoding="utf-8")
    assert len(text) < 1_500_000
    assert all(line.count("spotify:track:") <= 1 for line in text.splitlines())


def test_a_missing_file_is_named_with_what_to_do(tmp_path):
    file = tmp_path / "playlists.json"
    with pytest.raises(PlaylistsError, match="cannot be read") as refused:
        Playlists.load(file)
    assert str(file) in str(refused.value)
    assert "emotify-train playlists" in str(refused.value)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_a_file_that_was_cut_short_is_refused(tmp_path, share):
    text = json.dumps(document())
    assert "cut short" in refusal(tmp_path / "cut.json", text[: int(share * len(text))])


@pytest.mark.parametrize("text", ["<!doctype html>", "[" * 100_000])
def test_a_file_that_is_not_json_is_refused(tmp_path, text):
    assert "not JSON" in refusal(tmp_path / "page.json", text)


def test_bytes_that_are_no_text_are_refused(tmp_path):
    file = tmp_path / "noise.json"
    file.write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(PlaylistsError, match="not JSON"):
        Playlists.load(file)


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path):
    with pytest.raises(PlaylistsError, match="cannot be read"):
        Playlists.load(tmp_path)


@pytest.mark.parametrize("version", [0, 2, "1", None])
def test_a_file_of_another_version_is_refused(tmp_path, version):
    text = json.dumps(document() | {"format": version})
    assert "reads format 1" in refusal(tmp_path / "other.json", text)


@pytest.mark.parametrize("text", ["[]", "7", "null", "{}", '{"format": 1}'])
def test_json_that_holds_no_playlists_is_refused(tmp_path, text):
    assert "has no entry" in refusal(tmp_path / "else.json", text)


@pytest.mark.parametrize("emotion", Emotion)
def test_a_file_without_an_emotion_is_refused(tmp_path, emotion):
    lacking = document()
    del lacking["playlists"][emotion]
    assert f"has no entry '{emotion}'" in refusal(tmp_path / "lacking.json", json.dumps(lacking))


@pytest.mark.parametrize("tracks", [[], {}, "music", None])
def test_an_emotion_without_tracks_is_refused(tmp_path, tracks):
    empty = document()
    empty["playlists"]["calm"]["tracks"] = tracks
    assert "has no tracks for calm" in refusal(tmp_path / "empty.json", json.dumps(empty))


@pytest.mark.parametrize(
    "track",
    [
        ["https://example.org/track", "A song", "Somebody"],
        ["spotify:album:0000000000000000000001", "A song", "Somebody"],
        [uri(1) + "1", "A song", "Somebody"],
        [uri(1) + "\n", "A song", "Somebody"],
        [uri(1), "A song"],
        [uri(1), "A song", None],
        "spotify:track:0000000000000000000001",
        7,
    ],
)
def test_what_is_no_track_is_refused(tmp_path, track):
    wrong = document()
    wrong["playlists"]["fearful"]["tracks"].append(track)
    assert "track" in refusal(tmp_path / "wrong.json", json.dumps(wrong))
