"""The playlist: music that fits a mood, different at every press.

The tracks stand in ``models/playlists.json``, which ``emotify-train playlists`` makes.

    playlists = Playlists.load(Path("models/playlists.json"))
    playlist = playlists.choose(mood)
    playlist.name            # "sad: slow, acoustic, dark"
    playlist.tracks[0].uri   # "spotify:track:..."
"""

import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from device.errors import PlaylistsError
from device.mood import Emotion, Mood

FORMAT = 1
"""Version of the file's layout."""

LENGTH_TRACKS = 25
ARTIST_PAUSE_TRACKS = 10
"""An artist is heard once in so many neighbouring tracks."""

_TRACK_URI = re.compile(r"spotify:track:[0-9A-Za-z]{22}")
_REMEDY = "Make it anew with `emotify-train playlists`, or install Emotify again."


@dataclass(frozen=True)
class Track:
    """A piece of music on Spotify; ``uri`` reads ``spotify:track:`` and 22 letters or digits."""

    uri: str
    title: str
    artist: str


@dataclass(frozen=True)
class Playlist:
    """Tracks for one emotion; ``name`` tells the person how they sound."""

    emotion: Emotion
    name: str
    tracks: tuple[Track, ...]


@dataclass(frozen=True)
class Playlists:
    """All the music that there is for each emotion.

    Attributes
    ----------
    choices : mapping of each :class:`Emotion` to a :class:`Playlist`
        Its tracks are what :meth:`choose` picks from.
    """

    choices: Mapping[Emotion, Playlist]

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read a file of playlists.

        Raises
        ------
        PlaylistsError
            When the file is missing, damaged, of another version, or leaves out an emotion.
        """
        try:
            document = json.loads(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise PlaylistsError(f"{file}: cannot be read ({error.strerror}). {_REMEDY}") from None
        except (ValueError, RecursionError):
            raise PlaylistsError(f"{file}: not JSON, perhaps cut short. {_REMEDY}") from None
        try:
            return cls(_choices(document))
        except ValueError as error:
            raise PlaylistsError(f"{file}: {error}. {_REMEDY}") from None

    def choose(self, mood: Mood, seed: int | None = None) -> Playlist:
        """Tracks for a mood, in a new order each time.

        Parameters
        ----------
        mood : Mood
        seed : int, optional
            The same seed gives the same tracks; without one they differ at every call.

        Returns
        -------
        Playlist
            25 different tracks, or all that there are if fewer. An artist comes again within ten
            tracks only when nobody else is left.
        """
        everything = self.choices[mood.emotion]
        shuffled = list(everything.tracks)
        random.Random(seed).shuffle(shuffled)
        return replace(everything, tracks=_spread_artists(shuffled))


def _spread_artists(tracks: list[Track]) -> tuple[Track, ...]:
    left, chosen = list(tracks), []
    while left and len(chosen) < LENGTH_TRACKS:
        recent = [_artist(track) for track in chosen[-(ARTIST_PAUSE_TRACKS - 1) :]]
        # index() finds the artist who was heard longest ago, if none is new.
        track = min(
            left,
            key=lambda track: recent.index(_artist(track)) + 1 if _artist(track) in recent else 0,
        )
        left.remove(track)
        chosen.append(track)
    return tuple(chosen)


def _artist(track: Track) -> str:
    return track.artist.casefold()


def _choices(document: object) -> dict[Emotion, Playlist]:
    version = _entry(document, "format")
    if version != FORMAT:
        raise ValueError(f"is of format {version!r}, and this Emotify reads format {FORMAT}")
    playlists = _entry(document, "playlists")
    return {emotion: _playlist(emotion, _entry(playlists, emotion)) for emotion in Emotion}


def _playlist(emotion: Emotion, entry: object) -> Playlist:
    words, tracks = _entry(entry, "words"), _entry(entry, "tracks")
    if not isinstance(words, str) or not isinstance(tracks, list) or not tracks:
        raise ValueError(f"has no tracks for {emotion}")
    return Playlist(emotion, f"{emotion}: {words}", tuple(map(_track, tracks)))


def _track(entry: object) -> Track:
    if not isinstance(entry, list) or [type(text) for text in entry] != [str] * 3:
        raise ValueError(f"{entry!r} is no track")
    if not _TRACK_URI.fullmatch(entry[0]):
        raise ValueError(f"{entry[0]!r} is no address of a Spotify track")
    return Track(*entry)


def _entry(document: object, name: str) -> object:
    if not isinstance(document, dict) or name not in document:
        raise ValueError(f"has no entry {str(name)!r}")
    return document[name]
