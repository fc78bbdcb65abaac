"""Which tracks may be played for an emotion."""

import datetime

import pytest
from playlists_file import document, line

from device.mood import Emotion
from device.playlist.preferences import Preferences, Strategy
from device.playlist.suitability import suitable, wished
from device.playlist.tracks import TrackTable

SUMMER, CHRISTMAS = datetime.date(2026, 7, 1), datetime.date(2026, 12, 24)
MATCH = dict.fromkeys(Emotion, Strategy.MATCH)
LIFT = dict.fromkeys(Emotion, Strategy.LIFT)


def table(*tracks):
    """The given tracks, and a hundred others that may always be played."""
    others = [line(100 + number) for number in range(100)]
    return TrackTable.parse(document(*(line(n, **t) for n, t in enumerate(tracks)), *others))


def may_play(track, emotion, day=SUMMER, **preferences):
    preferences = Preferences(**{"strategies": MATCH} | preferences)
    return bool(suitable(table(track), emotion, preferences, day)[0])


@pytest.mark.parametrize("emotion", Emotion)
def test_harmful_titles_are_for_nobody(emotion):
    assert not may_play({"title": "Suicidal"}, emotion)
    assert not may_play({"title": "Summer Rain", "artist": "Rain Sounds FX"}, emotion)
    assert may_play({"title": "Yesterday"}, emotion)


@pytest.mark.parametrize("emotion", Emotion)
def test_christmas_songs_have_their_season(emotion):
    assert not may_play({"title": "White Christmas"}, emotion)
    assert may_play({"title": "White Christmas"}, emotion, CHRISTMAS)


@pytest.mark.parametrize(
    ("track", "plays"),
    [
        ({"explicit": 0}, True),
        ({"explicit": 1}, False),
        ({"explicit": 2}, True),
        ({"explicit": 2, "style": "rap"}, False),
        ({"explicit": 0, "style": "rap"}, True),
        ({"explicit": 2, "title": "Fuck You"}, False),
    ],
)
def test_explicit_tracks_can_be_forbidden_by_flag_or_rule(track, plays):
    assert may_play(track, Emotion.HAPPY, explicit=False) is plays
    assert may_play(track, Emotion.HAPPY, explicit=True)


@pytest.mark.parametrize("emotion", Emotion)
@pytest.mark.parametrize("strategies", [MATCH, LIFT])
def test_what_is_harsh_is_kept_from_those_who_are_down(emotion, strategies):
    down = emotion in (Emotion.SAD, Emotion.FEARFUL, Emotion.DISGUST)
    for mood in ("angry", "hopeless"):
        assert may_play({mood: 0.9}, emotion, strategies=strategies) is not down
        assert may_play({mood: 0.5}, emotion, strategies=strategies)
    for title in ("Sexual Healing", "Fuck You"):
        assert may_play({"title": title}, emotion, strategies=strategies) is not down
    grim = may_play({"title": "Graveyard"}, emotion, strategies=strategies)
    assert grim is (emotion is Emotion.ANGRY)


@pytest.mark.parametrize("style", ["rap", "electronic"])
@pytest.mark.parametrize("emotion", Emotion)
def test_rap_and_electronic_music_need_a_tag_for_quiet_moods(style, emotion):
    quiet = emotion in (Emotion.SAD, Emotion.CALM, Emotion.FEARFUL, Emotion.DISGUST)
    assert may_play({"style": style}, emotion) is not quiet
    assert may_play({"style": style, "calm": 0.9}, emotion)
    assert not may_play({"style": style, "calm": 0.9, "angry": 0.9}, emotion) or not quiet
    assert not may_play({"style": style}, emotion, strategies=LIFT)
    assert may_play({"style": "rock"}, emotion)


def test_where_there_is_little_else_rap_may_come():
    rap = TrackTable.parse(document(*(line(number, style="rap") for number in range(80))))
    assert suitable(rap, Emotion.SAD, Preferences(), SUMMER).all()


def test_decades_and_languages_can_be_wished_for():
    found = table(
        {"year": 1975}, {"year": 1985}, {"year": 0}, {"year": 1975, "language": "spanish"}
    )
    assert wished(found, Preferences())[:4].all()
    assert wished(found, Preferences(decades=(1970,)))[:4].tolist() == [True, False, True, True]
    assert wished(found, Preferences(decades=(1970,), languages=("english",)))[:4].tolist() == [
        True, False, True, False,
    ]  # fmt: skip
