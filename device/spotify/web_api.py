"""Spotify's Web API: each call gives what was asked for, or exactly one of Emotify's errors."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests
import spotipy

from device.clock import Clock
from device.errors import SpotifyError
from device.spotify.account import Account
from device.spotify.refusal import Refusal
from device.spotify.speakers import Speaker

PATIENCE_SECONDS = 10.0
"""No request is sent again later than this after it was sent first."""

_BACKOFF_SECONDS = (0.5, 1.5)


@dataclass(frozen=True)
class Playback:
    """What Spotify says of the player.

    Attributes
    ----------
    speaker_id : str or None
    playing : bool
    uri, title : str
        Of the track; empty when there is none.
    context_uri : str
        The playlist or album that it is played from; empty when there is none.
    """

    speaker_id: str | None
    playing: bool
    uri: str
    title: str
    context_uri: str = ""


class WebApi:
    """The few calls that the player needs, for one round.

    Parameters
    ----------
    account : Account
    clock : Clock

    Raises
    ------
    AccountError
        When nobody is logged in.

    Notes
    -----
    Every call raises AccountError, NetworkError, SpeakerError or SpotifyError. All are GET or PUT:
    Spotify may get one twice without harm. A POST must not go through here.
    """

    def __init__(self, account: Account, clock: Clock):
        self._account = account
        self._client = account.client()
        self._clock = clock

    def speakers(self) -> list[Speaker]:
        """The speakers that Spotify lists at the moment."""
        answer = self._send(self._client.devices)
        try:
            return [_speaker(device) for device in answer["devices"]]
        except (KeyError, TypeError):
            raise _senseless() from None

    def playback(self) -> Playback | None:
        """The state of the player; None when there is none."""
        answer = self._send(self._client.current_playback)
        if answer is None:
            return None
        try:
            return _playback(answer)
        except (AttributeError, KeyError, TypeError):
            raise _senseless() from None

    def play(self, speaker_id: str, uris: list[str], context_uri: str | None = None) -> None:
        """Play tracks, the first one first, or else a playlist or an album."""
        what = {"context_uri": context_uri} if context_uri else {"uris": uris}
        self._send(lambda: self._client.start_playback(speaker_id, **what))

    def pause(self, speaker_id: str) -> None:
        """Pause; raises AlreadySoError when nothing was playing."""
        self._send(lambda: self._client.pause_playback(speaker_id))

    def resume(self, speaker_id: str) -> None:
        """Go on; raises AlreadySoError when it was playing."""
        self._send(lambda: self._client.start_playback(speaker_id))

    def _send(self, request: Callable[[], Any]) -> Any:
        sent_first = self._clock.now()
        backoff = list(_BACKOFF_SECONDS)
        renewed = waited = False
        while True:
            try:
                return request()
            except (spotipy.SpotifyException, requests.RequestException, AttributeError) as error:
                refusal = Refusal.of(error)
            except RecursionError:
                raise _senseless() from None
            if refusal.needs_fresh_token and not renewed:
                renewed = True
                self._account.renew()
            elif refusal.short_limit_seconds is not None and not waited:
                waited = True
                self._clock.sleep(refusal.short_limit_seconds)
            elif refusal.passing and backoff and self._since(sent_first) < PATIENCE_SECONDS:
                self._clock.sleep(backoff.pop(0))
            else:
                raise refusal.error(self._clock.time())

    def _since(self, moment: float) -> float:
        return self._clock.now() - moment


def _speaker(device: dict[str, Any]) -> Speaker:
    if not isinstance(device["name"], str):
        raise TypeError
    return Speaker(
        id=device["id"],
        name=device["name"],
        kind=device["type"],
        active=device["is_active"],
        restricted=device["is_restricted"],
        volume=device.get("volume_percent") if device.get("supports_volume", True) else None,
    )


def _playback(answer: dict[str, Any]) -> Playback:
    item = answer.get("item") or {}
    context = answer.get("context") or {}
    return Playback(
        speaker_id=answer["device"]["id"],
        playing=answer["is_playing"],
        uri=str(item.get("uri", "")),
        title=str(item.get("name", "")),
        context_uri=str(context.get("uri", "")),
    )


def _senseless() -> SpotifyError:
    return SpotifyError(
        "Spotify's answer makes no sense: check that no other login page stands between this "
        "network and the internet, and try again."
    )
