"""`emotify playlists`."""

import csv
import json
import random
import subprocess
import sys

import pytest
from reccobeats_stand_in import ReccoBeatsStandIn

from device.playlist.tracks import MOODS, TrackTable

FEATURES = ("Danceability", "Energy", "Loudness", "Speechiness", "Acousticness",
            "Instrumentalness", "Valence", "Tempo")  # fmt: skip
LABELS = ("Track URI", "Track Name", "Artist Name(s)", "Duration (ms)", "Explicit", "Genres")


@pytest.fixture
def config(tmp_path, monkeypatch):
    """A configuration with the state beside it."""
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))
    path = tmp_path / "config.toml"
    path.write_text("[strategies]\nhappy = 'lift'\n")
    return path


def sounds(count):
    chance = random.Random(0)
    for _ in range(count):
        values = [chance.random() for _ in FEATURES]
        values[2], values[-1] = -20 * chance.random(), chance.uniform(60, 180)
        yield [round(value, 3) for value in values]


def exportify(file, count, with_features=True):
    """A table as Exportify makes it."""
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow([*LABELS, *(FEATURES if with_features else ())])
        for number, values in enumerate(sounds(count)):
            label = [f"spotify:track:{number:022}", f"Mine {number}", f"By {number % 50}", 200000]
            writer.writerow([*label, "false", "pop", *(values if with_features else ())])
    return file


def test_show_says_what_would_play_and_why(emotify, config):
    status, out, _ = emotify("playlists", "--config", config, "show", "sad", "--seed", 3)
    assert status == 0
    head, _, *tracks = out.splitlines()
    assert head.startswith("sad: like the mood at first, pleasant within half an hour; from ")
    assert "(lift; again with --seed 3)" in head
    assert 20 <= len(tracks) <= 30


def test_the_seed_that_is_told_gives_the_list_again(emotify, config):
    show = ("playlists", "--config", config, "show", "calm", "--json")
    first = json.loads(emotify(*show)[1])
    assert json.loads(emotify(*show, "--seed", first["seed"])[1]) == first
    assert json.loads(emotify(*show)[1])["tracks"] != first["tracks"]


def test_json_has_the_reasons_of_every_track(emotify, config):
    _, out, _ = emotify("playlists", "--config", config, "show", "happy", "--json")
    shown = json.loads(out)
    assert shown["strategy"] == "lift"
    for track in shown["tracks"]:
        assert {"uri", "title", "artist", "target", "affect", "distance", "cluster"} <= set(track)


def test_a_way_can_be_tried_out(emotify, config):
    _, out, _ = emotify(
        "playlists", "--config", config, "show", "sad", "--strategy", "match", "--json"
    )
    assert json.loads(out)["strategy"] == "match"


def test_a_link_is_shown_as_what_plays(emotify, config):
    link = "https://open.spotify.com/playlist/37i9dQZF1DX3YSRoSdA634?si=1"
    config.write_text(f'[links]\nsad = "{link}"\n')
    _, out, _ = emotify("playlists", "--config", config, "show", "sad", "--json")
    assert json.loads(out)["context_uri"] == "spotify:playlist:37i9dQZF1DX3YSRoSdA634"


def test_showing_is_not_playing(emotify, config, tmp_path):
    emotify("playlists", "--config", config, "show", "sad")
    assert not (tmp_path / "state" / "history.json").exists()


def test_ones_own_music_is_built_and_then_shown_and_drawn(emotify, config, tmp_path):
    pytest.importorskip("sklearn", reason="the training's packages are not installed")
    table = exportify(tmp_path / "my.csv", 400)
    status, out, err = emotify("playlists", "--config", config, "build", table)
    assert (status, err) == (0, "")
    assert "400 songs written" in out
    _, out, _ = emotify("playlists", "--config", config, "show", "sad", "--json")
    assert all(track["title"].startswith("Mine") for track in json.loads(out)["tracks"])
    picture = tmp_path / "plane.png"
    plot = ("playlists", "--config", config, "plot", "sad", "--output", picture)
    assert emotify(*plot)[0] == 0
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_missing_features_come_from_reccobeats(emotify, config, tmp_path):
    pytest.importorskip("sklearn", reason="the training's packages are not installed")
    names = [name.lower() for name in FEATURES]
    known = {
        f"{number:022}": dict(zip(names, values, strict=True))
        for number, values in enumerate(sounds(200))
        if number != 7
    }
    table = exportify(tmp_path / "my.csv", 200, with_features=False)
    with ReccoBeatsStandIn(known) as service:
        config.write_text(f'[playlists]\nreccobeats_url = "{service.url}"\n')
        build = ("playlists", "--config", config, "build", table)
        status, _, err = emotify(*build)
        assert (status, "--enrich reccobeats" in err) == (1, True)
        status, out, err = emotify(*build, "--enrich", "reccobeats")
    assert (status, err) == (0, "")
    assert "row 9: no danceability" in out
    assert len(TrackTable.load(tmp_path / "state" / "playlists.json").tracks) == 199


def test_a_bad_table_is_one_clear_message_and_changes_nothing(emotify, config, tmp_path):
    pytest.importorskip("sklearn", reason="the training's packages are not installed")
    (tmp_path / "page.csv").write_text("<html>")
    status, _, err = emotify("playlists", "--config", config, "build", tmp_path / "page.csv")
    assert status == 1
    assert err.startswith("emotify: ")
    assert "a web page" in err
    assert len(err.splitlines()) == 1
    assert not (tmp_path / "state" / "playlists.json").exists()


def test_playlists_are_published_after_a_login_for_them(emotify, configuration, account, spotify):
    from device.spotify import library

    status, _, err = emotify("playlists", "--config", configuration, "publish")
    assert status == 1
    assert "emotify login --playlists" in err
    login = account.begin_login(library.SCOPE)
    login.finish(spotify.press_agree(login.address))
    status, out, _ = emotify("playlists", "--config", configuration, "publish")
    assert status == 0
    assert "Emotify - calm: made, 120 tracks" in out
    _, out, _ = emotify("playlists", "--config", configuration, "publish")
    assert "Emotify - calm: as it was" in out


def test_the_device_needs_none_of_the_training():
    """Not even for this command, until it builds or draws."""
    code = (
        "import sys, device.cli, device.commands.playlists, device.appliance.daemon;"
        "import device.assembly;"
        "found = {'sklearn', 'matplotlib', 'training', 'tensorflow'} & set(sys.modules);"
        "assert not found, found"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_show_tells_the_moods_and_what_is_explicit(emotify, config):
    out = emotify("playlists", "--config", config, "show", "angry", "--strategy", "match",
                  "--seed", 3)[1]  # fmt: skip
    assert "; angry" in out or ", angry" in out
    tracks = json.loads(
        emotify("playlists", "--config", config, "show", "happy", "--json", "--seed", 3)[1]
    )["tracks"]
    assert all(set(track["moods"]) == set(MOODS) for track in tracks)
    assert {track["explicit"] for track in tracks} <= {"no", "yes", "unknown", "probably"}
