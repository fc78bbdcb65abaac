"""The playlist: music that matches a mood or lifts it, different at every press.

playlists = Playlists((Path("models/playlists.json"),), History(Path("history.json")))
playlist = playlists.for_mood(mood)
playlist.name            # "sad: like the mood at first, pleasant within half an hour; from ..."
playlist.tracks[0].uri   # "spotify:track:..."
playlists.add_to_history(playlist)
"""

import datetime
import logging
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from device import files
from device.clock import Clock, SystemClock
from device.errors import PlaylistsError
from device.mood import Emotion, Mood
from device.playlist.circumplex import WORDS, Trajectory, trajectory
from device.playlist.history import History
from device.playlist.preferences import Preferences, Strategy
from device.playlist.selection import SelectedTrack, Wishes, select
from device.playlist.suitability import suitable, wished
from device.playlist.themes import Themes
from device.playlist.tracks import Track, TrackTable

_log = logging.getLogger(__name__)

PLAYLISTS_FILE = "playlists.json"
MIN_TRACKS = 20
MAX_TRACKS = 30
ARRIVAL_MINUTES = 26
"""A lift is at its end after so many minutes, and stays there: few people listen much longer."""

_FIRST_TRACKS = 3
"""The beginning of a lift, for its name."""

_MINUTE_SECONDS = 60


@dataclass(frozen=True)
class Playlist:
    """Music for one emotion; ``name`` describes it to the person.

    Attributes
    ----------
    emotion : Emotion
    name : str
    tracks : tuple of Track
        Empty when there is a ``context_uri``.
    context_uri : str or None
        A playlist or an album on Spotify, to be played as it is.
    """

    emotion: Emotion
    name: str
    tracks: tuple[Track, ...]
    context_uri: str | None = None


@dataclass(frozen=True)
class Selection:
    """A playlist, and why these tracks are in it.

    Attributes
    ----------
    playlist : Playlist
    table : TrackTable or None
        The tracks that it was selected from; None when it is a playlist on Spotify.
    tracks : tuple of SelectedTrack
        One for each track of the playlist.
    """

    playlist: Playlist
    table: TrackTable | None
    tracks: tuple[SelectedTrack, ...]


class Playlists:
    """Makes playlists from a file of tracks; a file that changes is read again.

    Parameters
    ----------
    files : sequence of Path
        The first of them that exists is used: one's own music, then Emotify's.
    history : History
    preferences : Preferences
    clock : Clock
        Tells the season.
    """

    def __init__(
        self,
        files: Sequence[Path],
        history: History,
        preferences: Preferences | None = None,
        clock: Clock | None = None,
    ):
        self._files = files
        self._history = history
        self._preferences = preferences or Preferences()
        self._themes = Themes(self._preferences.avoided, self._preferences.allowed)
        self._clock = clock or SystemClock()
        self._table: TrackTable | None = None
        self._version: object = None
        self.table()

    def file(self) -> Path:
        """The file that is used now."""
        return next((file for file in self._files if files.may_exist(file)), self._files[-1])

    def table(self) -> TrackTable:
        """The tracks as the file has them now.

        Raises
        ------
        PlaylistsError
            When there is no good file, and never was one.
        """
        file = self.file()
        version = _version(file)
        if self._table is None or version != self._version:
            try:
                self._table = TrackTable.load(file, self._themes)
            except PlaylistsError as error:
                self._table = self._table or self._other_table(file)
                if self._table is None:
                    raise
                _log.warning("%s Other music is played until then.", error)
            self._version = version
        return self._table

    def _other_table(self, damaged: Path) -> TrackTable | None:
        """The tracks of the first good file but one."""
        for file in self._files:
            if file != damaged and files.may_exist(file):
                with suppress(PlaylistsError):
                    return TrackTable.load(file, self._themes)
        return None

    def for_mood(self, mood: Mood, seed: int | None = None) -> Playlist:
        """A playlist for a mood; tracks come the more rarely, the less ago they were played.

        Parameters
        ----------
        mood : Mood
        seed : int, optional
            The same seed and the same history give the same tracks; without a seed they differ at
            every call.

        Raises
        ------
        PlaylistsError
            When there is no good file, and never was one.
        """
        return self.select(mood, seed).playlist

    def select(self, mood: Mood, seed: int | None = None) -> Selection:
        """The playlist of :meth:`for_mood`, and why these tracks are in it."""
        if link := self._preferences.links.get(mood.emotion):
            linked = Playlist(mood.emotion, f"{mood.emotion}: the music at {link}", (), link)
            return Selection(linked, None, ())
        today = datetime.date.fromtimestamp(self._clock.time())
        table, wishes = self._music(mood.emotion, self._history, today)
        selected = select(
            table,
            self._trajectory(mood),
            self._length(table, wishes.allowed),
            np.random.default_rng(None if seed is None else self._seeds(mood, seed)),
            wishes,
        )
        tracks = tuple(table.tracks[each.index] for each in selected)
        name = _name(mood.emotion, table, selected, self.strategy(mood))
        return Selection(Playlist(mood.emotion, name, tracks), table, tuple(selected))

    def collection(self, emotion: Emotion, length: int) -> tuple[Track, ...]:
        """Tracks for an emotion, the same at every call, whatever the history and the season."""
        table, wishes = self._music(emotion, None, None)
        trajectory = self._trajectory(Mood.certain(emotion))
        selected = select(table, trajectory, length, np.random.default_rng(0), wishes)
        return tuple(table.tracks[each.index] for each in selected)

    def strategy(self, mood: Mood) -> Strategy:
        """What the music does with a mood."""
        return self._preferences.strategies[mood.emotion]

    def add_to_history(self, playlist: Playlist) -> None:
        """Keep the tracks of a playlist from coming again too soon."""
        self._history.add(track.uri for track in playlist.tracks)

    def _seeds(self, mood: Mood, seed: int) -> tuple[int, ...]:
        """The same seed gives other chances to other emotions and strategies."""
        lifts = self.strategy(mood) is Strategy.LIFT
        return abs(seed), list(Emotion).index(mood.emotion), int(lifts)

    def _music(
        self, emotion: Emotion, history: History | None, day: datetime.date | None
    ) -> tuple[TrackTable, Wishes]:
        """The tracks to select from: Emotify's, if none of one's own may be played."""
        # Read once: the file may be replaced at any moment.
        table = self.table()
        played = history.uris() if history else []
        allowed = suitable(table, emotion, self._preferences, day)
        if not allowed.any() and (other := self._other_table(self.file())):
            table, allowed = other, suitable(other, emotion, self._preferences, day)
        if not allowed.any():
            raise PlaylistsError(
                f"No track may be played for {emotion}. If that is because they are explicit, set "
                "[playlists] explicit = true; otherwise build the playlists from other music."
            )
        return table, Wishes(
            allowed,
            played=table.tracks_ago(played),
            wished=wished(table, self._preferences),
            arrival=max(round(ARRIVAL_MINUTES * _MINUTE_SECONDS / _seconds(table, allowed)), 2),
        )

    def _length(self, table: TrackTable, allowed: np.ndarray) -> int:
        seconds = self._preferences.minutes * _MINUTE_SECONDS
        return min(max(round(seconds / _seconds(table, allowed)), MIN_TRACKS), MAX_TRACKS)

    def _trajectory(self, mood: Mood) -> Trajectory:
        return trajectory(mood, self.strategy(mood), self._preferences.lift_target)


def _seconds(table: TrackTable, allowed: np.ndarray) -> float:
    """The mean length of a track."""
    return float(table.seconds[allowed].mean())


def _version(file: Path) -> object:
    try:
        return file, files.version(file)
    except OSError:
        return file


def _name(
    emotion: Emotion, table: TrackTable, selected: Sequence[SelectedTrack], strategy: Strategy
) -> str:
    """Such as "sad: like the mood at first, pleasant within half an hour; from dark to bright"."""
    labels = [table.labels[table.cluster[each.index]] for each in selected]
    third = max(len(labels) // 3, 1)
    ends = (labels[:_FIRST_TRACKS], labels[-third:])
    first, last = (Counter(part).most_common(1)[0][0] for part in ends)
    words = WORDS.get((emotion, strategy), "")
    if strategy is Strategy.LIFT and first != last:
        sound = f"from {first} to {last}"
    else:
        sound = Counter(labels).most_common(1)[0][0]
    return f"{emotion}: {words}; {sound}" if words else f"{emotion}: {sound}"
