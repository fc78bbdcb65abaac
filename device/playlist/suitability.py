"""Which tracks may be played: not what hurts somebody who is down, nor what is out of season."""

import datetime

import numpy as np

from device.mood import Emotion
from device.playlist.preferences import Preferences, Strategy
from device.playlist.themes import NEVER, Theme, is_christmas
from device.playlist.tracks import MOODS, Explicit, Style, TrackTable

NOT_HARSH = (Emotion.SAD, Emotion.FEARFUL, Emotion.DISGUST)
"""Emotions for which no track is aggressive or hopeless, as far as listeners' tags tell, and no
title erotic or profane."""

QUIET = (Emotion.SAD, Emotion.CALM, Emotion.FEARFUL, Emotion.DISGUST)
"""Emotions whose music is rap or electronic only where listeners' tags support it; so is every
lift."""

_SELDOM_QUIET = (Style.RAP, Style.ELECTRONIC)
_SUPPORTING = ("sad", "calm", "tender")
_SUPPORTED = 0.75
_TOO_MUCH = 0.75
_MIN_TRACKS = 60


def suitable(
    table: TrackTable, emotion: Emotion, preferences: Preferences, day: datetime.date | None
) -> np.ndarray:
    """Which tracks may be played for an emotion [shape=(n,), bool].

    What the style allows gives way where a table has little else; the rest never does.

    Parameters
    ----------
    table : TrackTable
    emotion : Emotion
    preferences : Preferences
    day : date or None
        None for music that is to be played on any day.
    """
    allowed = ~_is(table, NEVER)
    if day is None or not is_christmas(day):
        allowed &= ~_is(table, Theme.CHRISTMAS)
    if not preferences.explicit:
        allowed &= np.isin(table.explicit, (Explicit.NO, Explicit.UNKNOWN))
    if emotion is not Emotion.ANGRY:
        allowed &= ~_is(table, Theme.GRIM)
    is_angry = _mood(table, "angry") > _TOO_MUCH
    if emotion in NOT_HARSH:
        allowed &= ~is_angry & (_mood(table, "hopeless") <= _TOO_MUCH)
        allowed &= ~_is(table, Theme.EROTIC | Theme.PROFANE)
    if emotion in QUIET or preferences.strategies[emotion] is Strategy.LIFT:
        supported = np.max([_mood(table, mood) for mood in _SUPPORTING], axis=0) > _SUPPORTED
        supported &= ~is_angry
        fitting = allowed & (supported | ~np.isin(table.style, _SELDOM_QUIET))
        if fitting.sum() >= _MIN_TRACKS:
            allowed = fitting
    return allowed


def wished(table: TrackTable, preferences: Preferences) -> np.ndarray:
    """Which tracks are of the decades and languages that the person prefers [shape=(n,), bool].

    Tracks of an unknown decade count as wished.
    """
    found = np.ones(len(table.tracks), bool)
    if preferences.decades:
        found &= np.isin(table.year // 10 * 10, preferences.decades) | (table.year == 0)
    if preferences.languages:
        found &= np.isin(table.language, preferences.languages)
    return found


def _is(table: TrackTable, theme: Theme) -> np.ndarray:
    return (table.theme & theme.value) != 0


def _mood(table: TrackTable, mood: str) -> np.ndarray:
    return table.moods[:, MOODS.index(mood)]
