"""Spotify's Web API: each call returns its result, or raises one of Emotify's errors."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import requests
import spotipy

from device.clock import Clock
from device.errors import EmotifyError, NetworkError
from device.player import Speaker
from device.spotify.account import Account
from device.spotify.refusal import Refusal, invalid_answer, limited
from device.spotify.request_budget import RequestBudget
from device.spotify.speakers import normalised

_BACKOFF_SECONDS = (0.5, 1.5)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Playback:
    """The state of the player on Spotify.

    Attributes
    ----------
    speaker : Speaker or None
    playing : bool
    uri, title : str
        Of the track; empty when there is none.
    context_uri : str
        The playlist or album that is played; empty when there is none.
    shuffle : bool
    repeat : str
        "off", "track" or "context".
    disallowed : frozenset of str
        The actions that are not possible now, such as "toggling_shuffle".
    """

    speaker: Speaker | None
    playing: bool
    uri: str
    title: str
    shuffle: bool
    repeat: str
    disallowed: frozenset[str]
    context_uri: str = ""

    def on(self, speaker: Speaker) -> bool:
        """Whether it is on this speaker; ids may change, names do not."""
        own = self.speaker
        if own is None:
            return False
        same_name = bool(own.name) and normalised(own.name) == normalised(speaker.name)
        return same_name or (own.id is not None and own.id == speaker.id)


class WebApi:
    """The calls that the player needs, for one round.

    Parameters
    ----------
    account : Account
    clock : Clock
    budget : RequestBudget
        Of the round.

    Attributes
    ----------
    unanswered : bool
        Whether a request of the latest call was not answered, and may have been executed.

    Raises
    ------
    AccountError
        When nobody is logged in.

    Notes
    -----
    Every call raises AccountError, NetworkError, SpeakerError or SpotifyError; during a rate limit
    no request is sent. All requests are GET or PUT, which can be repeated safely. A POST must not
    use :meth:`_send`.
    """

    def __init__(self, account: Account, clock: Clock, budget: RequestBudget):
        self._account = account
        self._session = account.session(budget)
        self._client = account.client(budget, self._session)
        self.unanswered = False
        self._clock = clock
        self.budget = budget

    def speakers(self) -> list[Speaker]:
        """The speakers that Spotify lists now."""
        answer = self._send(self._client.devices)
        try:
            listed = answer["devices"]
            found = [one for device in listed if (one := _speaker(device)) and one.name]
        except (KeyError, TypeError):
            raise invalid_answer() from None
        if listed and not found:
            raise invalid_answer()
        return found

    def playback(self) -> Playback | None:
        """The state of the player; None when there is none."""
        answer = self._send(self._client.current_playback)
        if answer is None:
            return None
        try:
            return _playback(answer)
        except (AttributeError, KeyError, TypeError):
            raise invalid_answer() from None

    def play(self, speaker_id: str | None, uris: list[str], context_uri: str | None = None) -> None:
        """Play tracks, or a playlist or album."""
        what = {"context_uri": context_uri} if context_uri else {"uris": uris}
        self._send(lambda: self._client.start_playback(speaker_id, **what))

    def transfer(self, speaker_id: str | None) -> None:
        """Make a speaker the active one, without starting music."""
        self._send(lambda: self._client.transfer_playback(speaker_id, force_play=False))

    def pause(self, speaker_id: str | None) -> None:
        """Pause; raises AlreadySoError when nothing was playing."""
        self._send(lambda: self._client.pause_playback(speaker_id))

    def resume(self, speaker_id: str | None) -> None:
        """Resume; raises AlreadySoError when it was playing."""
        self._send(lambda: self._client.start_playback(speaker_id))

    def play_in_order(self, speaker_id: str | None) -> bool:
        """Turn off shuffle; returns whether it worked, because it is not worth an error."""
        return self._try(lambda: self._client.shuffle(False, speaker_id))

    def repeat_nothing(self, speaker_id: str | None) -> bool:
        """Turn off repeat; returns whether it worked."""
        return self._try(lambda: self._client.repeat("off", speaker_id))

    def volume(self, speaker_id: str | None, percent: int) -> bool:
        """Set the volume; returns whether it worked."""
        return self._try(lambda: self._client.volume(percent, speaker_id))

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def _try(self, request: Callable[[], Any]) -> bool:
        with suppress(EmotifyError):
            self._send(request, tries=1)
            return True
        return False

    def _send(self, request: Callable[[], Any], tries: int = 3) -> Any:
        backoff = list(_BACKOFF_SECONDS[: tries - 1])
        waited = self.unanswered = False
        while True:
            if seconds := self._account.memory.limit_seconds:
                raise limited(self._clock.time(), seconds)
            if self.budget.requests_left <= 0:
                raise _exhausted()
            try:
                return request()
            except (spotipy.SpotifyException, requests.RequestException, AttributeError) as error:
                refusal = Refusal.of(error)
            except RecursionError:
                raise invalid_answer() from None
            _log.debug("Spotify: %s", refusal)
            self.unanswered |= refusal.unanswered
            if refusal.needs_fresh_token and not self.budget.renewed:
                self._account.renew(self.budget)
            elif refusal.short_limit and not waited and self._wait(refusal.limit_seconds or 0):
                waited = True
            elif not (refusal.is_temporary and backoff and self._wait(backoff.pop(0))):
                raise self._final(refusal)

    def _wait(self, seconds: float) -> bool:
        return self.budget.requests_left > 0 and self.budget.sleep(seconds)

    def _final(self, refusal: Refusal) -> EmotifyError:
        if refusal.limit_seconds:
            self._account.memory.keep_limit(refusal.limit_seconds)
        return refusal.error(self._clock.time())


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _speaker(device: object) -> Speaker | None:
    """A device in an answer; None when it has neither name nor id."""
    if not isinstance(device, dict):
        return None
    name, own_id = _text(device.get("name")), _text(device.get("id"))
    if not (name or own_id):
        return None
    volume = device.get("volume_percent") if device.get("supports_volume", True) else None
    known = isinstance(volume, int) and 0 <= volume <= 100
    return Speaker(
        id=own_id or None,
        name=name,
        kind=_text(device.get("type")) or "Unknown",
        active=device.get("is_active") is True,
        restricted=device.get("is_restricted") is True,
        volume=volume if known else None,
    )


def _playback(answer: dict[str, Any]) -> Playback:
    item = answer.get("item") or {}
    if not isinstance(answer["is_playing"], bool):
        raise TypeError
    disallowed = (answer.get("actions") or {}).get("disallows") or {}
    context = answer.get("context") or {}
    return Playback(
        speaker=_speaker(answer["device"]) if answer.get("device") else None,
        playing=answer["is_playing"],
        uri=str(item.get("uri", "")),
        title=str(item.get("name", "")),
        shuffle=answer.get("shuffle_state") is True,
        repeat=str(answer.get("repeat_state", "off")),
        disallowed=frozenset(name for name, is_so in disallowed.items() if is_so),
        context_uri=str(context.get("uri", "")),
    )


def _exhausted() -> NetworkError:
    return NetworkError(
        "Too many requests failed, and Emotify stops before Spotify's rate limit: try again."
    )
