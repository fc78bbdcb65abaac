"""The player: music on a Spotify Connect speaker, and certainty that it plays."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from device.clock import Clock
from device.errors import SpotifyError
from device.playlist import Playlist, Track
from device.spotify.account import Account
from device.spotify.refusal import AlreadySoError
from device.spotify.speakers import Speaker, choose
from device.spotify.web_api import Playback, WebApi

MOST_TRACKS = 100
"""Spotify publishes no limit; beyond about 200 it fails in practice."""

VERIFY_SECONDS = 1.5
"""Time that Spotify gets between accepting a command and being asked whether it plays."""

VERIFY_TIMES = 5

__all__ = ["Player", "Speaker", "SpotifyPlayer"]


class Player(Protocol):
    """What plays the music. Every method raises an :class:`~device.errors.EmotifyError`."""

    def play(self, playlist: Playlist) -> Speaker:
        """Start the music; returns the speaker, once it is certain that it plays there."""

    def pause(self) -> bool:
        """Pause the music that :meth:`play` started.

        Returns whether it was playing, on the same speaker. Anybody else's music is left alone.
        """

    def resume(self) -> None:
        """Go on where :meth:`pause` paused; without a pause nothing happens."""

    def speakers(self) -> list[Speaker]:
        """The speakers that can be seen at the moment."""


@dataclass(frozen=True)
class _Music:
    """Music that Emotify started, and where."""

    speaker: Speaker
    tracks: tuple[Track, ...]
    context_uri: str | None = None

    def plays(self, playback: Playback | None) -> bool:
        return (
            playback is not None
            and playback.playing
            and playback.speaker_id == self.speaker.id
            and self._is(playback)
        )

    def _is(self, playback: Playback) -> bool:
        if self.context_uri:
            return playback.context_uri == self.context_uri
        # Spotify may play a track's twin from another album: another uri, the same title.
        return any(playback.uri == t.uri or playback.title == t.title for t in self.tracks)


class SpotifyPlayer:
    """Plays through Spotify's Web API.

    Parameters
    ----------
    account : Account
    speaker_name : str
        Empty for the active speaker, or else the only one.
    clock : Clock
    """

    def __init__(self, account: Account, speaker_name: str, clock: Clock):
        self._account = account
        self._speaker_name = speaker_name
        self._clock = clock
        self._ours: tuple[_Music, ...] = ()
        self._paused_on: str | None = None

    def play(self, playlist: Playlist) -> Speaker:
        """Start the music; see :meth:`Player.play`.

        Raises
        ------
        AccountError, NetworkError, SpotifyError
        SpeakerError
            When the speaker is not there, cannot be told from another, or takes no commands.
        """
        api = WebApi(self._account, self._clock)
        speaker = choose(api.speakers(), self._speaker_name)
        music = _Music(speaker, playlist.tracks[:MOST_TRACKS], playlist.context_uri)
        # Until the new music is seen, the music before may still play.
        self._ours = (music, *self._ours)
        self._paused_on = None
        # Whether the refusal matters shows in what the player does next.
        with suppress(AlreadySoError):
            api.play(speaker.id, [track.uri for track in music.tracks], music.context_uri)
        self._verify(api, music)
        self._ours = (music,)
        return speaker

    def pause(self) -> bool:
        """Pause the music that :meth:`play` started; see :meth:`Player.pause`."""
        if not self._ours:
            return False
        api = WebApi(self._account, self._clock)
        playback = api.playback()
        if not any(music.plays(playback) for music in self._ours):
            return False
        try:
            api.pause(playback.speaker_id)
        except AlreadySoError:
            return False
        self._paused_on = playback.speaker_id
        return True

    def resume(self) -> None:
        """Go on where :meth:`pause` paused; without a pause nothing happens."""
        if self._paused_on is None:
            return
        speaker_id, self._paused_on = self._paused_on, None
        with suppress(AlreadySoError):
            WebApi(self._account, self._clock).resume(speaker_id)

    def speakers(self) -> list[Speaker]:
        """The speakers that Spotify lists at the moment."""
        return WebApi(self._account, self._clock).speakers()

    def _verify(self, api: WebApi, music: _Music) -> None:
        for _ in range(VERIFY_TIMES):
            self._clock.sleep(VERIFY_SECONDS)
            if music.plays(api.playback()):
                return
        raise SpotifyError(
            f'Spotify accepted the music, but it does not play on "{music.speaker.name}": '
            "look at the speaker and try again."
        )
