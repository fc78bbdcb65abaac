"""The player: music on a Spotify Connect speaker, and certainty that it plays."""

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
"""Time that Spotify gets between accepting a command and being asked whether it plays."""

WAKE_SECONDS = 2.0
"""Time that a speaker gets to wake up."""

LAG_SECONDS = 4.0
"""So long after a command the player may still be shown as it was before."""

RESUME_SECONDS = 600.0
"""What was paused longer ago is not let go on: nobody waits for it any more."""

_MAX_OURS = 4
"""Lists of tracks, the latest first, any of which may be what plays."""


@dataclass(frozen=True)
class _Ours:
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


@dataclass(frozen=True)
class _Paused:
    """Music that is to go on; ``sure`` once Spotify has answered the pause."""

    speaker: Speaker
    at: float
    sure: bool


class SpotifyPlayer:
    """Plays through Spotify's Web API.

    A round is what one press leads to: ``pause``, ``play`` and ``settle`` share one budget of
    requests and seconds and one connection.

    What Spotify shows may lag behind what it does. So for :data:`LAG_SECONDS` after a command the
    music that was commanded counts as playing, and is paused without asking. What may play is
    remembered in the account's memory, over a restart.

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
        self._ours = _remembered(account.memory)
        # A moment ago, before a restart, a command may have been sent.
        self._commanded_at = clock.now() if self._ours else float("-inf")
        self._begun: _Begun | None = None
        self._paused: _Paused | None = None
        self._at_hand: Speaker | None = None
        self._api: WebApi | None = None
        self._token_refused = False

    def state(self) -> MusicState:
        """See :meth:`Player.known`."""
        return MusicState.UNKNOWN if self._ours else MusicState.OFF

    def play(self, playlist: Playlist, is_awaited: IsAwaited = never_awaited) -> Speaker:
        """Start the music; see :meth:`Player.play`.

        Raises
        ------
        AccountError, NetworkError, SpotifyError
        SpeakerError
            When the speaker is not there, cannot be told from another, or takes no commands.
        """
        # The pause a moment ago has seen the speaker: it need not be looked for again.
        at_hand, self._at_hand = self._at_hand, None
        with self._round(is_awaited) as api:
            speaker = at_hand or self._find(api)
            music = _Ours(speaker, playlist.tracks[:MAX_TRACKS], playlist.context_uri)
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
        """Bring the volume up and the tracks into their order; see :meth:`Player.settle`."""
        begun, self._begun = self._begun, None
        if begun is None:
            return
        begun.api.budget.end_early_when(is_awaited)
        with begun.api.budget.running():
            _in_order(begun)
            if begun.fade:
                begun.fade.rise(is_awaited)
        begun.api.close()

    def pause(self, is_awaited: IsAwaited = never_awaited) -> bool:
        """Pause the music that :meth:`play` started; see :meth:`Player.pause`."""
        self.settle(is_awaited=lambda: True)
        self._at_hand = self._api = None
        if not self._ours:
            return False
        if self._paused and self._paused.sure and self._lags:
            return True
        with self._round(is_awaited) as api:
            if not self._silence(api):
                self._forget()
        self._api = api
        return self._paused is not None

    def resume(self, is_awaited: IsAwaited = never_awaited) -> MusicState:
        """Let the music go on where :meth:`pause` paused; see :meth:`Player.resume`."""
        if not self._ours:
            return MusicState.OFF
        # The token that was refused a moment ago would be refused again.
        refused, self._token_refused = self._token_refused, False
        if self._paused is None or refused:
            return MusicState.UNKNOWN
        paused = self._paused = replace(self._paused, sure=False)
        with self._round(is_awaited) as api:
            try:
                with self._commanding(api):
                    api.resume(paused.speaker.id)
            except AlreadySoError as error:
                # Mostly it plays already.
                if not (self._wait_until_shown(api) and self._sounding(api.playback())):
                    raise error
        api.close()
        self._paused = None
        return MusicState.PLAYING

    def stop(self, is_awaited: IsAwaited = never_awaited) -> None:
        """Pause for good: nothing goes on, and the next round begins afresh."""
        try:
            self.pause(is_awaited)
        finally:
            self._paused = self._at_hand = self._api = None
        self._forget()

    def speakers(self) -> list[Speaker]:
        """The speakers that Spotify lists at the moment."""
        budget = self._account.budget()
        with budget.running(), closing(WebApi(self._account, self._clock, budget)) as api:
            return api.speakers()

    @property
    def _lags(self) -> bool:
        return self._until_shown > 0

    @property
    def _until_shown(self) -> float:
        """Seconds until what Spotify shows can be believed."""
        return self._commanded_at + LAG_SECONDS - self._clock.now()

    def _wait_until_shown(self, api: WebApi) -> bool:
        """Wait until what Spotify shows can be believed, if there is the time."""
        return api.budget.sleep(max(0.0, self._until_shown))

    @contextmanager
    def _round(self, is_awaited: IsAwaited) -> Iterator[WebApi]:
        """The Web API as the pause of this round left it, or a new one; an error closes it."""
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
        """Pause what plays, or may play; tells whether anything of ours is paused now."""
        lagged = self._lags
        if not lagged:
            playback = api.playback()
            speaker = self._sounding(playback)
            if speaker is None:
                # Paused, and not answered for: it may be resumed, unless other music plays.
                waits = playback is not None and not playback.playing
                self._paused = self._paused if waits and self._recently_paused() else None
                return self._paused is not None
        else:
            speaker = self._ours[0].speaker
        error = self._order_pause(api, speaker)
        if error is None:
            # Of a speaker that was not read just now, the volume may be an old one.
            self._at_hand = None if lagged else speaker
            return True
        # Nothing plays there, or not yet, or it does not let itself be paused.
        if (lagged or api.unanswered) and not self._wait_until_shown(api):
            raise error
        speaker = self._sounding(api.playback())
        if speaker is None:
            return self._paused is not None
        if error := self._order_pause(api, speaker):
            raise error
        return True

    def _may_be_before(self, playback: Playback, music: _Ours) -> bool:
        """Whether what is shown may be older music of ours that has a track in common."""
        same = (music.tracks, music.context_uri)
        older = [one for one in self._ours if (one.tracks, one.context_uri) != same]
        return self._lags and any(other.plays(playback) for other in older)

    def _sounding(self, playback: Playback | None) -> Speaker | None:
        """The speaker on which music of ours plays."""
        playing = any(music.plays(playback) for music in self._ours)
        return playback.speaker if playback and playing else None

    def _recently_paused(self) -> bool:
        return self._paused is not None and self._clock.now() - self._paused.at < RESUME_SECONDS

    def _order_pause(self, api: WebApi, speaker: Speaker) -> AlreadySoError | None:
        """Send a pause; returns Spotify's refusal, if it says that nothing plays."""
        before = self._paused
        # It may be carried out and never answered: then this is what goes on later.
        paused = self._paused = _Paused(speaker, self._clock.now(), sure=False)
        try:
            with self._commanding(api):
                api.pause(speaker.id)
        except EmotifyError as error:
            if not api.unanswered:
                self._paused = before
            if not isinstance(error, AlreadySoError):
                raise
            return error
        self._paused = replace(paused, sure=True)
        return None

    @contextmanager
    def _commanding(self, api: WebApi) -> Iterator[None]:
        """What Spotify shows cannot be believed for a while, unless it has refused the command."""
        try:
            yield
        except EmotifyError:
            if api.unanswered:
                self._commanded_at = self._clock.now()
            raise
        self._commanded_at = self._clock.now()

    def _forget(self) -> None:
        if self._ours:
            self._ours = ()
            self._account.memory.forget_music()

    def _expect(self, music: _Ours) -> None:
        """This music may play from now on; so may the music before, which may share tracks."""
        self._ours = (music, *self._ours)[:_MAX_OURS]
        self._paused = self._paused and replace(self._paused, sure=False)
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
            # One that idles is not listed, but can sometimes be played on by its id.
            speaker_id, name = known
            return Speaker(id=speaker_id, name=name)

    def _start(self, api: WebApi, music: _Ours) -> None:
        self._expect(music)
        with self._commanding(api):
            api.play(music.speaker.id, [track.uri for track in music.tracks], music.context_uri)
        fade = None
        if music.speaker.volume is not None:
            volume = music.speaker.volume
            fade = Fade(api, music.speaker, volume, self._account.memory, self._clock)
            fade.begin()
        try:
            self._begun = _Begun(api, self._verified(api, music), fade)
        except EmotifyError:
            if fade:
                fade.end()
            raise

    def _start_again(self, api: WebApi, music: _Ours, error: AsleepError) -> _Ours:
        """Try once more, with the id that the speaker has by now, or after waking it."""
        again = _Ours(self._find(api), music.tracks, music.context_uri)
        if again.speaker.id == music.speaker.id:
            self._wake(api, again, error)
        self._start(api, again)
        return again

    def _insist(self, api: WebApi, music: _Ours, error: AlreadySoError) -> None:
        """Spotify says no, which often means that the music plays already."""
        playback = api.playback()
        if playback and music.plays(playback):
            self._begun = _Begun(api, playback, fade=None)
            return
        self._wake(api, music, error)
        self._start(api, music)

    def _wake(self, api: WebApi, music: _Ours, error: EmotifyError) -> None:
        api.transfer(music.speaker.id)
        if not api.budget.sleep(WAKE_SECONDS):
            raise error

    def _verified(self, api: WebApi, music: _Ours) -> Playback:
        for seconds in VERIFY_SECONDS:
            if not api.budget.sleep(seconds):
                break
            with api.budget.checking():
                playback = api.playback()
            if playback and music.plays(playback) and not self._may_be_before(playback, music):
                return playback
        raise SpotifyError(
            f'Spotify accepted the music, but it does not play on "{music.speaker.name}": '
            "look at the speaker and try again."
        )


def _remembered(memory: Memory) -> tuple[_Ours, ...]:
    found = memory.music()
    if found is None:
        return ()
    speaker_id, name, tracks, context_uri = found
    speaker = Speaker(id=speaker_id, name=name)
    return (_Ours(speaker, tuple(Track(uri, title, "") for uri, title in tracks), context_uri),)


def _in_order(begun: _Begun) -> None:
    """Play the tracks in the order of the playlist, once each, where the speaker can."""
    playback = begun.playback
    speaker_id = playback.speaker.id if playback.speaker else None
    if playback.shuffle and "toggling_shuffle" not in playback.disallowed:
        begun.api.play_in_order(speaker_id)
    if playback.repeat == "track" and "toggling_repeat_track" not in playback.disallowed:
        begun.api.repeat_nothing(speaker_id)
