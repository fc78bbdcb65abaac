"""Playlists for moods, from the built-in tracks."""

import datetime
import json
import os
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from playlists_file import document, line

from device.errors import PlaylistsError
from device.mood import Emotion, Mood
from device.playlist.circumplex import MATCHES
from device.playlist.history import History
from device.playlist.playlist import Playlists
from device.playlist.preferences import Preferences, Strategy, default_strategies
from device.playlist.themes import NEVER, Theme, Themes
from device.playlist.tracks import MOODS
from device.simulation.clock import SimulatedClock

COMMITTED = Path(__file__).parents[3] / "models" / "playlists.json"
LINK = "spotify:album:0000000000000000000001"


def mood(emotion, chance=1.0):
    rest = (1 - chance) / 7
    return Mood({each: chance if each is emotion else rest for each in Emotion})


@pytest.fixture
def playlists(tmp_path):
    def make(file=COMMITTED, **preferences):
        return Playlists((file,), History(tmp_path / "history.json"), Preferences(**preferences))

    return make


@pytest.fixture
def own(tmp_path):
    """A file with one track of a name."""

    def write(title, **values):
        file = tmp_path / "own.json"
        draft = tmp_path / "draft.json"
        draft.write_text(json.dumps(document(line(1, title=title, **values))))
        os.replace(draft, file)
        return file

    return write


def affect_of(selection):
    return selection.table.affect[[each.index for each in selection.tracks]]


@pytest.mark.parametrize("emotion", Emotion)
@pytest.mark.parametrize("strategy", Strategy)
def test_every_emotion_gets_a_list_with_both_strategies(playlists, emotion, strategy):
    playlist = playlists(strategies=dict.fromkeys(Emotion, strategy)).for_mood(mood(emotion))
    assert 20 <= len(playlist.tracks) <= 30
    assert len({track.uri for track in playlist.tracks}) == len(playlist.tracks)
    assert playlist.name.startswith(f"{emotion}: ")


@pytest.mark.parametrize("emotion", Emotion)
def test_to_match_is_music_near_the_emotion(playlists, emotion):
    everything = playlists(strategies=dict.fromkeys(Emotion, Strategy.MATCH))
    found = affect_of(everything.select(mood(emotion), seed=1)).mean(axis=0)
    place = MATCHES[emotion]
    assert np.linalg.norm(found - [place.valence, place.arousal]) < 0.15


def test_unpleasant_moods_are_lifted_and_pleasant_ones_matched():
    lifted = {
        emotion for emotion, strategy in default_strategies().items() if strategy is Strategy.LIFT
    }
    assert lifted == {Emotion.SAD, Emotion.ANGRY, Emotion.FEARFUL, Emotion.DISGUST}


def test_a_lift_is_named_by_where_it_begins_and_ends(playlists):
    name = playlists().for_mood(mood(Emotion.SAD), seed=1).name
    assert name.startswith("sad: like the mood at first, pleasant within half an hour; from ")
    begin, end = name.partition("from ")[2].split(" to ")
    assert "dark" in begin
    assert "dark" not in end


def test_a_doubtful_mood_begins_nearer_to_the_middle(playlists):
    everything = playlists()
    sure = everything.select(mood(Emotion.SAD), seed=1).tracks[0].target
    doubtful = everything.select(mood(Emotion.SAD, 0.5), seed=1).tracks[0].target
    assert np.linalg.norm(doubtful - 0.5) < np.linalg.norm(sure - 0.5)


@pytest.mark.parametrize("emotion", Emotion)
@pytest.mark.parametrize("seed", range(3))
def test_a_lift_never_lowers_the_valence_and_arrives_within_half_an_hour(playlists, emotion, seed):
    everything = playlists(strategies=dict.fromkeys(Emotion, Strategy.LIFT))
    selection = everything.select(mood(emotion), seed)
    valence = affect_of(selection)[:, 0]
    seconds = np.cumsum(selection.table.seconds[[each.index for each in selection.tracks]])
    targets = np.array([each.target for each in selection.tracks])
    arrived = int(np.argmax((targets == targets[-1]).all(axis=1)))
    assert (np.diff(valence[: arrived + 1]) >= 0).all()
    assert arrived == 0 or seconds[arrived - 1] < 30 * 60
    assert (targets[arrived:] == targets[-1]).all()
    assert valence[arrived:].mean() > 0.7
    if emotion in (Emotion.HAPPY, Emotion.SURPRISED):
        assert valence[-5:].mean() > valence[:5].mean() - 0.1


@pytest.mark.parametrize("emotion", [Emotion.SAD, Emotion.FEARFUL])
@pytest.mark.parametrize("strategy", Strategy)
def test_nothing_aggressive_hopeless_or_grim_is_played_to_somebody_who_is_down(
    playlists, emotion, strategy
):
    everything = playlists(strategies=dict.fromkeys(Emotion, strategy))
    for seed in range(5):
        selection = everything.select(mood(emotion), seed)
        table, found = selection.table, [each.index for each in selection.tracks]
        for name in ("angry", "hopeless"):
            assert table.moods[found, MOODS.index(name)].max() <= 0.75
        assert not (table.theme[found] & (NEVER | Theme.GRIM).value).any()


@pytest.mark.parametrize("emotion", Emotion)
def test_no_list_has_a_harmful_title(playlists, emotion):
    themes = Themes()
    for strategy in Strategy:
        everything = playlists(strategies=dict.fromkeys(Emotion, strategy))
        for seed in range(5):
            for track in everything.for_mood(mood(emotion), seed).tracks:
                assert not themes.of(track.title, track.artist) & NEVER


def test_the_same_seed_gives_the_same_list(playlists):
    everything = playlists()
    sad = mood(Emotion.SAD)
    assert everything.for_mood(sad, 7) == everything.for_mood(sad, 7) != everything.for_mood(sad, 8)


def test_what_was_played_lately_hardly_comes_again(playlists):
    everything, lists = playlists(), []
    for seed in range(8):
        playlist = everything.for_mood(mood(Emotion.HAPPY), seed)
        everything.add_to_history(playlist)
        lists.append({track.uri for track in playlist.tracks})
    assert not lists[-1] & lists[-2]
    assert max(len(a & b) / len(a) for a, b in combinations(lists, 2)) < 0.1


@pytest.mark.parametrize(("minutes", "least", "most"), [(30, 20, 20), (180, 30, 30), (90, 21, 29)])
def test_the_length_is_about_what_was_asked_for(playlists, minutes, least, most):
    tracks = playlists(minutes=minutes).for_mood(mood(Emotion.CALM)).tracks
    assert least <= len(tracks) <= most


def test_a_link_plays_in_the_place_of_a_list(playlists):
    playlist = playlists(links={Emotion.SAD: LINK}).for_mood(mood(Emotion.SAD))
    assert (playlist.context_uri, playlist.tracks) == (LINK, ())
    assert playlists(links={Emotion.SAD: LINK}).for_mood(mood(Emotion.HAPPY)).context_uri is None


def test_a_new_file_is_taken_at_the_next_choice(playlists, own):
    everything = playlists(own("Old"))
    assert everything.for_mood(mood(Emotion.SAD)).tracks[0].title == "Old"
    own("New")
    assert everything.for_mood(mood(Emotion.SAD)).tracks[0].title == "New"


def test_ones_own_music_goes_before_the_built_in(tmp_path, own):
    files = (tmp_path / "own.json", COMMITTED)
    everything = Playlists(files, History(tmp_path / "history.json"))
    assert len(everything.table().tracks) > 1
    own("Mine")
    assert everything.for_mood(mood(Emotion.SAD)).tracks[0].title == "Mine"


def test_where_none_of_ones_own_music_may_be_played_emotifys_is(tmp_path, own):
    """Somebody who has nothing but angry music is sad."""
    files = (own("Mine", angry=0.95), COMMITTED)
    everything = Playlists(files, History(tmp_path / "history.json"))
    assert [t.title for t in everything.for_mood(mood(Emotion.ANGRY)).tracks] == ["Mine"]
    assert len(everything.for_mood(mood(Emotion.SAD)).tracks) >= 20


def test_a_damaged_new_file_leaves_the_music_as_it_was(playlists, own, caplog):
    everything = playlists(own("Old"))
    own("New").write_text("{")
    assert everything.for_mood(mood(Emotion.SAD)).tracks[0].title == "Old"
    assert "Other music is played until then" in caplog.text


def test_without_any_good_file_there_are_no_playlists(playlists, tmp_path):
    with pytest.raises(PlaylistsError, match="cannot be read"):
        playlists(tmp_path / "none.json")


def test_explicit_tracks_are_left_out_if_so_wished(playlists, own):
    file = own("Rude", explicit=1)
    assert playlists(file).for_mood(mood(Emotion.SAD)).tracks[0].title == "Rude"
    with pytest.raises(PlaylistsError, match="explicit"):
        playlists(file, explicit=False).for_mood(mood(Emotion.SAD))


def test_titles_can_be_avoided_and_allowed(playlists, own):
    file = own("Boris the Spider")
    with pytest.raises(PlaylistsError, match="No track may be played"):
        playlists(file, avoided="spider").for_mood(mood(Emotion.HAPPY))
    file = own("Miss Murder")
    with pytest.raises(PlaylistsError, match="No track may be played"):
        playlists(file).for_mood(mood(Emotion.HAPPY))
    assert playlists(file, allowed="miss murder").for_mood(mood(Emotion.HAPPY)).tracks


@pytest.mark.parametrize(("day", "plays"), [("2026-12-24", True), ("2026-07-24", False)])
def test_christmas_songs_have_their_season(tmp_path, own, day, plays):
    clock = SimulatedClock(datetime.datetime.fromisoformat(f"{day}T12:00").timestamp())
    everything = Playlists(
        (own("White Christmas"),), History(tmp_path / "history.json"), clock=clock
    )
    if plays:
        assert everything.for_mood(mood(Emotion.HAPPY)).tracks
    else:
        with pytest.raises(PlaylistsError):
            everything.for_mood(mood(Emotion.HAPPY))


def test_a_collection_has_no_season(tmp_path, own):
    clock = SimulatedClock(datetime.datetime(2026, 12, 24, 12).timestamp())
    everything = Playlists(
        (own("White Christmas"),), History(tmp_path / "history.json"), clock=clock
    )
    with pytest.raises(PlaylistsError):
        everything.collection(Emotion.HAPPY, 10)


def test_decades_and_languages_are_preferred(playlists):
    everything = playlists(decades=(1960, 1970), languages=("english",))
    selection = everything.select(mood(Emotion.HAPPY), seed=1)
    found = [each.index for each in selection.tracks]
    assert np.isin(selection.table.year[found] // 10, (196, 197)).mean() > 0.9
    assert (selection.table.language[found] == "english").all()


def test_a_file_of_an_older_version_does_not_silence_the_box(tmp_path, caplog):
    (tmp_path / "own.json").write_text(json.dumps({"format": 3}))
    everything = Playlists((tmp_path / "own.json", COMMITTED), History(tmp_path / "history.json"))
    assert everything.for_mood(mood(Emotion.SAD)).tracks
    assert "Build it again" in caplog.text
    assert len([record for record in caplog.records if "own.json" in record.message]) == 1


class Replacing(History):
    """Replaces the file of the music while something is chosen from it."""

    def __init__(self, file, write):
        super().__init__(file)
        self._write = write

    def uris(self):
        self._write("New")
        return super().uris()


def test_a_file_that_is_replaced_in_mid_choice_is_not_mixed_with_the_old(own, tmp_path):
    history = Replacing(tmp_path / "history.json", own)
    selection = Playlists((own("Old"),), history).select(mood(Emotion.SAD))
    assert selection.playlist.tracks[0].title == "Old"
    found = [selection.table.tracks[each.index] for each in selection.tracks]
    assert tuple(found) == selection.playlist.tracks
