"""The player: music on a Spotify Connect speaker, and certainty that it plays."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from device.clock import Clock
from device.errors import EmotifyError, SpotifyError
from device.playlist import Playlist, Track
from device.spotify.account import Account
from device.spotify.allowance import Allowance
from device.spotify.fade import Fade
from device.spotify.refusal import AlreadySoError, AsleepError
from device.spotify.speakers import NotListedError, Speaker, choose, plain
from device.spotify.web_api import Playback, WebApi

MOST_TRACKS = 100
"""Spotify publishes no limit; beyond about 200 it fails in practice."""

VERIFY_SECONDS = (1.5, 1.5, 2.0, 2.0, 2.0)
"""Time that Spotify gets between accepting a command and being asked whether it plays."""

WAKE_SECONDS = 2.0
"""Time that a speaker gets to wake up."""

__all__ = ["Player", "Speaker", "SpotifyPlayer"]


class Player(Protocol):
    """What plays the music. Every method raises an :class:`~device.errors.EmotifyError`."""

    def play(self, playlist: Playlist) -> Speaker:
        """Start the music; returns the speaker, once it is certain that it plays there."""

    def settle(self, hurry: Callable[[], bool]) -> None:
        """Do what music needs once it plays (order, volume); quickly when ``hurry`` says so."""

    def pause(self) -> bool:
        """Pause the music that :meth:`play` started.

        Returns whether it was playing, on the same speaker. Anybody else's music is left alone.
        """

    def resume(self) -> None:
        """Go on where :meth:`pause` paused; without a pause nothing happens."""

    def stop(self) -> None:
        """Pause for good."""

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
            and playback.on(self.speaker)
            and self._is(playback)
        )

    def _is(self, playback: Playback) -> bool:
        if self.context_uri:
            return playback.context_uri == self.context_uri
        # Spotify may play a track's twin from another album: another uri, the same title.
        return any(playback.uri == t.uri or playback.title == t.title for t in self.tracks)


@dataclass(frozen=True)
class _Begun:
    """Music that has just begun, before it is settled."""

    api: WebApi
    playback: Playback
    fade: Fade | None


class SpotifyPlayer:
    """Plays through Spotify's Web API.

    A round is what one press leads to: ``pause``, ``play`` and ``settle`` share one allowance of
    requests and seconds, as do ``pause`` and ``resume``.

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
        self._begun: _Begun | None = None
        self._paused_on: Speaker | None = None
        self._allowance: Allowance | None = None

    def play(self, playlist: Playlist) -> Speaker:
        """Start the music; see :meth:`Player.play`.

        Raises
        ------
        AccountError, NetworkError, SpotifyError
        SpeakerError
            When the speaker is not there, cannot be told from another, or takes no commands.
        """
        # The pause a moment ago has seen the speaker: it need not be looked for again.
        at_hand, self._paused_on = self._paused_on, None
        allowance = self._allowance_of_round()
        with allowance.running():
            api = WebApi(self._account, self._clock, allowance)
            speaker = at_hand or self._find(api)
            music = _Music(speaker, playlist.tracks[:MOST_TRACKS], playlist.context_uri)
            # Until the new music is seen, the music before may still play.
            self._ours = (music, *self._ours)
            try:
                self._start(api, music)
            except AsleepError as error:
                music = self._start_again(api, music, error)
            except AlreadySoError as error:
                self._insist(api, music, error)
        self._ours = (music,)
        self._account.memory.keep_speaker(
            plain(self._speaker_name), music.speaker.id, music.speaker.name
        )
        return music.speaker

    def settle(self, hurry: Callable[[], bool]) -> None:
        """Bring the volume up and the tracks into their order; see :meth:`Player.settle`."""
        begun, self._begun = self._begun, None
        if begun is None:
            return
        with begun.api.allowance.running():
            _in_order(begun)
            if begun.fade:
                begun.fade.rise(hurry)

    def pause(self) -> bool:
        """Pause the music that :meth:`play` started; see :meth:`Player.pause`."""
        self.settle(hurry=lambda: True)
        if not self._ours:
            return False
        allowance = self._account.allowance()
        with allowance.running():
            api = WebApi(self._account, self._clock, allowance)
            playback = api.playback()
            playing = any(music.plays(playback) for music in self._ours)
            # It was playing a moment ago: if it cannot be paused, the first of two requests did.
            with suppress(AlreadySoError):
                if playing:
                    api.pause(playback.speaker.id)
        self._paused_on = playback.speaker if playing else None
        self._allowance = allowance
        return playing

    def resume(self) -> None:
        """Go on where :meth:`pause` paused; without a pause nothing happens."""
        if self._paused_on is None:
            return
        speaker, self._paused_on = self._paused_on, None
        allowance = self._allowance_of_round()
        with allowance.running(), suppress(AlreadySoError):
            WebApi(self._account, self._clock, allowance).resume(speaker.id)

    def stop(self) -> None:
        """Pause for good: nothing goes on, and the next round begins afresh."""
        try:
            self.pause()
        finally:
            self._paused_on = self._allowance = None

    def speakers(self) -> list[Speaker]:
        """The speakers that Spotify lists at the moment."""
        allowance = self._account.allowance()
        with allowance.running():
            return WebApi(self._account, self._clock, allowance).speakers()

    def _allowance_of_round(self) -> Allowance:
        begun, self._allowance = self._allowance, None
        return begun or self._account.allowance()

    def _find(self, api: WebApi) -> Speaker:
        listed = api.speakers()
        try:
            return choose(listed, self._speaker_name)
        except NotListedError:
            known = self._account.memory.speaker(plain(self._speaker_name))
            if known is None:
                raise
            # One that idles is not listed, but can sometimes be played on by its id.
            speaker_id, name = known
            return Speaker(speaker_id, name, "Speaker", False, False, volume=None)

    def _start(self, api: WebApi, music: _Music) -> None:
        api.play(music.speaker.id, [track.uri for track in music.tracks], music.context_uri)
        fade = None
        if music.speaker.volume is not None:
            fade = Fade(api, music.speaker, self._account.memory, self._clock)
            fade.begin()
        try:
            self._begun = _Begun(api, self._verified(api, music), fade)
        except EmotifyError:
            if fade:
                fade.end()
            raise

    def _start_again(self, api: WebApi, music: _Music, error: AsleepError) -> _Music:
        """Try once more, with the id that the speaker has by now, or after waking it."""
        again = _Music(self._find(api), music.tracks, music.context_uri)
        self._ours = (again, *self._ours)
        if again.speaker.id == music.speaker.id:
            self._wake(api, again, error)
        self._start(api, again)
        return again

    def _insist(self, api: WebApi, music: _Music, error: AlreadySoError) -> None:
        """Spotify says no, which often means that the music plays already."""
        playback = api.playback()
        if music.plays(playback):
            self._begun = _Begun(api, playback, fade=None)
            return
        self._wake(api, music, error)
        self._start(api, music)

    def _wake(self, api: WebApi, music: _Music, error: EmotifyError) -> None:
        api.transfer(music.speaker.id)
        if not api.allowance.sleep(WAKE_SECONDS):
            raise error

    def _verified(self, api: WebApi, music: _Music) -> Playback:
        for seconds in VERIFY_SECONDS:
            if api.allowance.requests_left <= 0 or not api.allowance.sleep(seconds):
                break
            playback = api.playback()
            if music.plays(playback):
                return playback
        raise SpotifyError(
            f'Spotify accepted the music, but it does not play on "{music.speaker.name}": '
            "look at the speaker and try again."
        )


def _in_order(begun: _Begun) -> None:
    """Play the tracks in the order of the playlist, once each, where the speaker can."""
    playback, speaker_id = begun.playback, begun.playback.speaker.id
    if playback.shuffle and "toggling_shuffle" not in playback.disallowed:
        begun.api.play_in_order(speaker_id)
    if playback.repeat == "track" and "toggling_repeat_track" not in playback.disallowed:
        begun.api.repeat_nothing(speaker_id)
