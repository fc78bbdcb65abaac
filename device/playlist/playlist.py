"""The playlist: music that fits a mood or lifts it, different at every press.

playlists = Playlists((Path("models/playlists.json"),), Lately(Path("lately.json")))
playlist = playlists.choose(mood)
playlist.name            # "sad: from slow, acoustic, dark to bright, danceable"
playlist.tracks[0].uri   # "spotify:track:..."
playlists.remember(playlist)
"""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from device.errors import PlaylistsError
from device.files import may_exist
from device.mood import Emotion, Mood
from device.playlist.circumplex import Walk, Way, walk
from device.playlist.history import Lately
from device.playlist.selection import Choice, choose
from device.playlist.tracks import Music, Track

__all__ = ["Playlist", "Playlists", "Selection", "Track", "Wishes"]

_log = logging.getLogger(__name__)

FEWEST_TRACKS = 20
MOST_TRACKS = 30
_MINUTE_SECONDS = 60
_UNPLEASANT = (Emotion.SAD, Emotion.ANGRY, Emotion.FEARFUL, Emotion.DISGUST)


def usual_ways() -> dict[Emotion, Way]:
    """Lift those who feel bad, and stay with those who feel well."""
    return {e: Way.LIFT if e in _UNPLEASANT else Way.MATCH for e in Emotion}


@dataclass(frozen=True)
class Wishes:
    """What a person wants of the playlists.

    Attributes
    ----------
    ways : mapping of each Emotion to a Way
    links : mapping of Emotion to str
        ``spotify:playlist:...`` or ``spotify:album:...``, played as it is for that emotion.
    minutes : float > 0
        Length of a playlist; it has 20 to 30 tracks all the same.
    explicit : bool
        Whether tracks with explicit words may be among them.
    settled : tuple of float
        Valence and arousal in 0..1 of the place that a lift leads to.
    """

    ways: Mapping[Emotion, Way] = field(default_factory=usual_ways)
    links: Mapping[Emotion, str] = field(default_factory=dict)
    minutes: float = 90.0
    explicit: bool = True
    settled: tuple[float, float] = (0.8, 0.4)


@dataclass(frozen=True)
class Playlist:
    """Music for one emotion; ``name`` tells the person how it sounds.

    Attributes
    ----------
    emotion : Emotion
    name : str
    tracks : tuple of Track
        Empty when there is a ``context_uri``.
    context_uri : str or None
        A playlist or an album of Spotify's, to be played as it is.
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
    music : Music or None
        What it was chosen from; None when it is a playlist of Spotify's.
    choices : tuple of Choice
        One for each track; the positions are those in ``music``.
    """

    playlist: Playlist
    music: Music | None
    choices: tuple[Choice, ...]


class Playlists:
    """Makes playlists from a file of music; a file that changes is read anew.

    Parameters
    ----------
    files : sequence of Path
        The first of them that exists is taken: one's own music, then Emotify's.
    lately : Lately
    wishes : Wishes
    """

    def __init__(self, files: Sequence[Path], lately: Lately, wishes: Wishes | None = None):
        self._files = files
        self._lately = lately
        self._wishes = wishes or Wishes()
        self._music: Music | None = None
        self._version: object = None
        self.music()

    def file(self) -> Path:
        """Where the music stands now."""
        return next((file for file in self._files if may_exist(file)), self._files[-1])

    def music(self) -> Music:
        """The music as the file has it now.

        Raises
        ------
        PlaylistsError
            When there is no good file, and never was one.
        """
        file = self.file()
        version = _version(file)
        if self._music is None or version != self._version:
            try:
                self._music = Music.load(file)
            except PlaylistsError as error:
                if self._music is None:
                    raise
                _log.warning("%s The music stays as it was.", error)
            self._version = version
        return self._music

    def choose(self, mood: Mood, seed: int | None = None) -> Playlist:
        """Music for a mood, other than lately.

        Parameters
        ----------
        mood : Mood
        seed : int, optional
            With the same seed and the same memory come the same tracks; without one they differ
            at every call.

        Raises
        ------
        PlaylistsError
            When there is no good file, and never was one.
        """
        return self.selection(mood, seed).playlist

    def selection(self, mood: Mood, seed: int | None = None) -> "Selection":
        """What :meth:`choose` returns, and why."""
        if link := self._wishes.links.get(mood.emotion):
            linked = Playlist(mood.emotion, f"{mood.emotion}: the music at {link}", (), link)
            return Selection(linked, None, ())
        # Read once: the file may be replaced at any moment.
        music, allowed = self._allowed()
        choices = self._choices(music, allowed, mood, seed)
        tracks = tuple(music.tracks[choice.position] for choice in choices)
        name = _name(mood.emotion, music, choices, self.way(mood))
        return Selection(Playlist(mood.emotion, name, tracks), music, tuple(choices))

    def _choices(
        self, music: Music, allowed: np.ndarray, mood: Mood, seed: int | None
    ) -> list[Choice]:
        length = round(self._wishes.minutes * _MINUTE_SECONDS / music.seconds[allowed].mean())
        return choose(
            music,
            self._walk(mood),
            min(max(length, FEWEST_TRACKS), MOST_TRACKS),
            np.random.default_rng(None if seed is None else abs(seed)),
            music.among(self._lately.uris()),
            allowed,
        )

    def collection(self, emotion: Emotion, length: int) -> tuple[Track, ...]:
        """Tracks for an emotion, the same at every call and whatever was played."""
        music, allowed = self._allowed()
        mood = Mood({each: float(each is emotion) for each in Emotion})
        nothing = np.zeros(len(music.tracks), bool)
        random = np.random.default_rng(0)
        choices = choose(music, self._walk(mood), length, random, nothing, allowed)
        return tuple(music.tracks[choice.position] for choice in choices)

    def _allowed(self) -> tuple[Music, np.ndarray]:
        music = self.music()
        allowed = self._wishes.explicit | ~music.explicit
        if not allowed.any():
            raise PlaylistsError(
                "All tracks have explicit words: allow them with [playlists] explicit = true, or "
                "build the playlists from other music."
            )
        return music, allowed

    def _walk(self, mood: Mood) -> Walk:
        return walk(mood, self.way(mood), np.array(self._wishes.settled))

    def way(self, mood: Mood) -> Way:
        """What the music does with a mood."""
        return self._wishes.ways[mood.emotion]

    def remember(self, playlist: Playlist) -> None:
        """Keep what is played now from coming again too soon."""
        self._lately.remember(track.uri for track in playlist.tracks)


def _version(file: Path) -> object:
    try:
        stat = file.stat()
    except OSError:
        return file
    return file, stat.st_mtime_ns, stat.st_size, stat.st_ino


def _name(emotion: Emotion, music: Music, choices: list[Choice], way: Way) -> str:
    words = [music.words[music.cluster[choice.position]] for choice in choices]
    third = max(len(words) // 3, 1)
    first, last = (Counter(part).most_common(1)[0][0] for part in (words[:third], words[-third:]))
    if way is Way.LIFT and first != last:
        return f"{emotion}: from {first} to {last}"
    return f"{emotion}: {Counter(words).most_common(1)[0][0]}"
