"""The player for Spotify Connect speakers; it verifies that the music plays."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace

from device.clock import Clock
from device.errors import EmotifyError, SpotifyError
from device.player import IsAwaited, MusicState, Speaker, never_awaited
from device.playlist.playlist import Playlist, Track
from device.spotify.account import Account
from device.spotify.fade import Fade
from device.spotify.memory import Memory
from device.spotify.refusal import AlreadySoError, AsleepError
from device.spotify.request_budget import CHECKS
from device.spotify.speakers import NotListedError, find_speaker, normalised
from device.spotify.web_api import Playback, WebApi

MAX_TRACKS = 100
"""Spotify publishes no limit; beyond about 200 it fails in practice."""

VERIFY_SECONDS = (1.5,) * CHECKS
"""Waiting times before each check whether the music plays."""

WAKE_SECONDS = 2.0
"""Waiting time for a speaker to wake up."""

LAG_SECONDS = 4.0
"""For so long after a command Spotify may show the state before it."""

RESUME_SECONDS = 600.0
"""Music that was paused longer ago is not resumed."""

_MAX_STARTED = 4
"""Started music, the latest first, any of which may be what plays."""


@dataclass(frozen=True)
class _StartedMusic:
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
class _Unsettled:
    """Music that was just started, before it is settled."""

    api: WebApi
    playback: Playback
    fade: Fade | None


@dataclass(frozen=True)
class _Paused:
    """Music that is to be resumed; ``confirmed`` once Spotify has answered the pause."""

    speaker: Speaker
    at: float
    confirmed: bool


class SpotifyPlayer:
    """Plays through Spotify's Web API.

    ``pause``, ``play`` and ``settle`` of a round share one request budget and one connection.

    The state that Spotify shows may lag behind. So for :data:`LAG_SECONDS` after a command the
    started music counts as playing, and is paused without a check. The started music is stored in
    the account's memory, and survives a restart.

    Parameters
    ----------
    account : Account
    speaker_name : str
        Empty for the active speaker, or the only one.
    clock : Clock
    """

    def __init__(self, account: Account, speaker_name: str, clock: Clock):
        self._account = account
        self._speaker_name = speaker_name
        self._clock = clock
        self._started = _remembered(account.memory)
        # A command may have been sent just before a restart.
        self._commanded_at = clock.now() if self._started else float("-inf")
        self._unsettled: _Unsettled | None = None
        self._paused: _Paused | None = None
        self._known_speaker: Speaker | None = None
        self._api: WebApi | None = None
        self._token_refused = False

    def state(self) -> MusicState:
        """See :meth:`device.player.Player.state`."""
        return MusicState.UNKNOWN if self._started else MusicState.OFF

    def play(self, playlist: Playlist, is_awaited: IsAwaited = never_awaited) -> Speaker:
        """Start the music; see :meth:`device.player.Player.play`.

        Raises
        ------
        AccountError, NetworkError, SpotifyError
        SpeakerError
            When the speaker is not available, is ambiguous, or takes no commands.
        """
        # The pause before has found the speaker already.
        known, self._known_speaker = self._known_speaker, None
        with self._round(is_awaited) as api:
            speaker = known or self._find(api)
            music = _StartedMusic(speaker, playlist.tracks[:MAX_TRACKS], playlist.context_uri)
            try:
                self._start(api, music)
            except AsleepError as error:
                music = self._start_again(api, music, error)
            except AlreadySoError as error:
                self._insist(api, music, error)
        self._paused = None
        self._account.memory.keep_speaker(
            normalised(self._speaker_name), music.speaker.id, music.speaker.name
        )
        return music.speaker

    def settle(self, is_awaited: IsAwaited = never_awaited) -> None:
        """Set the order of the tracks and the volume; see :meth:`device.player.Player.settle`."""
        unsettled, self._unsettled = self._unsettled, None
        if unsettled is None:
            return
        unsettled.api.budget.end_early_when(is_awaited)
        with unsettled.api.budget.running():
            _in_order(unsettled)
            if unsettled.fade:
                unsettled.fade.rise(is_awaited)
        unsettled.api.close()

    def pause(self, is_awaited: IsAwaited = never_awaited) -> bool:
        """Pause the music that :meth:`play` started; see :meth:`device.player.Player.pause`."""
        self.settle(is_awaited=lambda: True)
        self._known_speaker = self._api = None
        if not self._started:
            return False
        if self._paused and self._paused.confirmed and self._lags:
            return True
        with self._round(is_awaited) as api:
            if not self._silence(api):
                self._forget()
        self._api = api
        return self._paused is not None

    def resume(self, is_awaited: IsAwaited = never_awaited) -> MusicState:
        """Resume what :meth:`pause` paused; see :meth:`device.player.Player.resume`."""
        if not self._started:
            return MusicState.OFF
        # A token that was just refused would be refused again.
        refused, self._token_refused = self._token_refused, False
        if self._paused is None or refused:
            return MusicState.UNKNOWN
        paused = self._paused = replace(self._paused, confirmed=False)
        with self._round(is_awaited) as api:
            try:
                with self._command(api):
                    api.resume(paused.speaker.id)
            except AlreadySoError as error:
                # Usually it plays already.
                if not (self._wait_for_lag(api) and self._playing_speaker(api.playback())):
                    raise error
        api.close()
        self._paused = None
        return MusicState.PLAYING

    def stop(self, is_awaited: IsAwaited = never_awaited) -> None:
        """Pause for good: nothing is resumed."""
        try:
            self.pause(is_awaited)
        finally:
            self._paused = self._known_speaker = self._api = None
        self._forget()

    def speakers(self) -> list[Speaker]:
        """The speakers that Spotify lists now."""
        budget = self._account.budget()
        with budget.running(), closing(WebApi(self._account, self._clock, budget)) as api:
            return api.speakers()

    @property
    def _lags(self) -> bool:
        return self._lag_left > 0

    @property
    def _lag_left(self) -> float:
        """Seconds until the state that Spotify shows is reliable."""
        return self._commanded_at + LAG_SECONDS - self._clock.now()

    def _wait_for_lag(self, api: WebApi) -> bool:
        """Wait until the state that Spotify shows is reliable, if the request budget allows it."""
        return api.budget.sleep(max(0.0, self._lag_left))

    @contextmanager
    def _round(self, is_awaited: IsAwaited) -> Iterator[WebApi]:
        """The connection of this round's pause, or a new one; an error closes it."""
        api, self._api = self._api, None
        if api is None:
            api = WebApi(self._account, self._clock, self._account.budget())
        api.budget.end_early_when(is_awaited)
        try:
            with api.budget.running():
                yield api
        except BaseException:
            api.close()
            self._token_refused = api.budget.token_refused
            raise

    def _silence(self, api: WebApi) -> bool:
        """Pause what plays, or may play; returns whether music that was started is paused now."""
        lagged = self._lags
        if not lagged:
            playback = api.playback()
            speaker = self._playing_speaker(playback)
            if speaker is None:
                # Paused without an answer: it can be resumed, unless other music plays.
                waits = playback is not None and not playback.playing
                self._paused = self._paused if waits and self._recently_paused() else None
                return self._paused is not None
        else:
            speaker = self._started[0].speaker
        error = self._order_pause(api, speaker)
        if error is None:
            # The volume of a speaker that was not read now may be outdated.
            self._known_speaker = None if lagged else speaker
            return True
        # Nothing plays there, or not yet, or it cannot be paused.
        if (lagged or api.unanswered) and not self._wait_for_lag(api):
            raise error
        speaker = self._playing_speaker(api.playback())
        if speaker is None:
            return self._paused is not None
        if error := self._order_pause(api, speaker):
            raise error
        return True

    def _may_be_older(self, playback: Playback, music: _StartedMusic) -> bool:
        """Whether older started music, which shares a track with this, may be what is shown."""
        same = (music.tracks, music.context_uri)
        older = [one for one in self._started if (one.tracks, one.context_uri) != same]
        return self._lags and any(other.plays(playback) for other in older)

    def _playing_speaker(self, playback: Playback | None) -> Speaker | None:
        """The speaker on which started music plays."""
        playing = any(music.plays(playback) for music in self._started)
        return playback.speaker if playback and playing else None

    def _recently_paused(self) -> bool:
        return self._paused is not None and self._clock.now() - self._paused.at < RESUME_SECONDS

    def _order_pause(self, api: WebApi, speaker: Speaker) -> AlreadySoError | None:
        """Send a pause; returns Spotify's error if nothing plays."""
        before = self._paused
        # It may be executed but not answered: then this is resumed later.
        paused = self._paused = _Paused(speaker, self._clock.now(), confirmed=False)
        try:
            with self._command(api):
                api.pause(speaker.id)
        except EmotifyError as error:
            if not api.unanswered:
                self._paused = before
            if not isinstance(error, AlreadySoError):
                raise
            return error
        self._paused = replace(paused, confirmed=True)
        return None

    @contextmanager
    def _command(self, api: WebApi) -> Iterator[None]:
        """Note the time of a command, unless Spotify has refused it."""
        try:
            yield
        except EmotifyError:
            if api.unanswered:
                self._commanded_at = self._clock.now()
            raise
        self._commanded_at = self._clock.now()

    def _forget(self) -> None:
        if self._started:
            self._started = ()
            self._account.memory.forget_music()

    def _expect(self, music: _StartedMusic) -> None:
        """Remember that this music may play from now on, and the music before it as well."""
        self._started = (music, *self._started)[:_MAX_STARTED]
        self._paused = self._paused and replace(self._paused, confirmed=False)
        tracks = [(track.uri, track.title) for track in music.tracks]
        self._account.memory.keep_music(
            music.speaker.id, music.speaker.name, tracks, music.context_uri
        )

    def _find(self, api: WebApi) -> Speaker:
        listed = api.speakers()
        try:
            return find_speaker(listed, self._speaker_name)
        except NotListedError:
            known = self._account.memory.speaker(normalised(self._speaker_name))
            if known is None:
                raise
            # An idle speaker is not listed, but sometimes it can be used by its id.
            speaker_id, name = known
            return Speaker(id=speaker_id, name=name)

    def _start(self, api: WebApi, music: _StartedMusic) -> None:
        self._expect(music)
        with self._command(api):
            api.play(music.speaker.id, [track.uri for track in music.tracks], music.context_uri)
        fade = None
        if music.speaker.volume is not None:
            volume = music.speaker.volume
            fade = Fade(api, music.speaker, volume, self._account.memory, self._clock)
            fade.start()
        try:
            self._unsettled = _Unsettled(api, self._verified(api, music), fade)
        except EmotifyError:
            if fade:
                fade.restore()
            raise

    def _start_again(self, api: WebApi, music: _StartedMusic, error: AsleepError) -> _StartedMusic:
        """Try again with the current id of the speaker, or after waking it."""
        again = _StartedMusic(self._find(api), music.tracks, music.context_uri)
        if again.speaker.id == music.speaker.id:
            self._wake(api, again, error)
        self._start(api, again)
        return again

    def _insist(self, api: WebApi, music: _StartedMusic, error: AlreadySoError) -> None:
        """Try again after a refusal, which often means that the music plays already."""
        playback = api.playback()
        if playback and music.plays(playback):
            self._unsettled = _Unsettled(api, playback, fade=None)
            return
        self._wake(api, music, error)
        self._start(api, music)

    def _wake(self, api: WebApi, music: _StartedMusic, error: EmotifyError) -> None:
        api.transfer(music.speaker.id)
        if not api.budget.sleep(WAKE_SECONDS):
            raise error

    def _verified(self, api: WebApi, music: _StartedMusic) -> Playback:
        for seconds in VERIFY_SECONDS:
            if not api.budget.sleep(seconds):
                break
            with api.budget.checking():
                playback = api.playback()
            if playback and music.plays(playback) and not self._may_be_older(playback, music):
                return playback
        raise SpotifyError(
            f'Spotify accepted the music, but it does not play on "{music.speaker.name}": '
            "look at the speaker and try again."
        )


def _remembered(memory: Memory) -> tuple[_StartedMusic, ...]:
    found = memory.music()
    if found is None:
        return ()
    speaker_id, name, tracks, context_uri = found
    speaker = Speaker(id=speaker_id, name=name)
    return (
        _StartedMusic(speaker, tuple(Track(uri, title, "") for uri, title in tracks), context_uri),
    )


def _in_order(unsettled: _Unsettled) -> None:
    """Turn off shuffle and repeat, where the speaker allows it."""
    playback = unsettled.playback
    speaker_id = playback.speaker.id if playback.speaker else None
    if playback.shuffle and "toggling_shuffle" not in playback.disallowed:
        unsettled.api.play_in_order(speaker_id)
    if playback.repeat == "track" and "toggling_repeat_track" not in playback.disallowed:
        unsettled.api.repeat_nothing(speaker_id)
