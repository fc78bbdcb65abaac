"""The playlists in a person's Spotify account."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import requests
import spotipy

from device.clock import Clock
from device.errors import AccountError, SpotifyError
from device.spotify.account import Account
from device.spotify.refusal import Refusal
from device.spotify.request_budget import RequestBudget
from device.spotify.web_api import WebApi

SCOPE = "playlist-read-private playlist-modify-private"
"""The scopes besides those for playing."""

MAX_ITEMS = 100
"""In one request."""

_PAGE_ITEMS = 50
_REQUESTS = 100
"""More than in a round, because nobody waits for the music."""


class PlaylistLibrary(WebApi):
    """Finds, creates and fills playlists.

    Every call raises AccountError, NetworkError or SpotifyError.

    Parameters
    ----------
    account : Account
    clock : Clock

    Raises
    ------
    AccountError
        When nobody is logged in, or the login lacks the scopes.
    """

    def __init__(self, account: Account, clock: Clock):
        super().__init__(account, clock, RequestBudget(clock, requests=_REQUESTS))
        if not account.allows(SCOPE):
            raise AccountError(
                "The login does not allow Emotify to create playlists: run "
                "`emotify login --playlists` once."
            )

    def names(self) -> dict[str, str]:
        """The names of the person's playlists by their ids."""
        found: dict[str, str] = {}
        offset = 0
        while True:
            page = self._send(partial(self._client.current_user_playlists, _PAGE_ITEMS, offset))
            try:
                found |= {item["id"]: item["name"] for item in page["items"] if item}
                if not page.get("next"):
                    return found
            except (AttributeError, KeyError, TypeError):
                raise _invalid_answer() from None
            offset += _PAGE_ITEMS

    def create(self, name: str, description: str) -> str:
        """Create a private playlist; returns its id."""
        body = {"name": name, "public": False, "description": description}
        answer = self._post("me/playlists", body)
        try:
            return answer["id"]
        except (KeyError, TypeError):
            raise _invalid_answer() from None

    def fill(self, playlist_id: str, uris: Sequence[str]) -> None:
        """Replace the tracks of a playlist."""
        path = f"playlists/{playlist_id}/items"
        first = {"uris": list(uris[:MAX_ITEMS])}
        self._send(lambda: self._client._put(path, payload=first))
        for start in range(MAX_ITEMS, len(uris), MAX_ITEMS):
            self._post(path, {"uris": list(uris[start : start + MAX_ITEMS])})

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        # A POST is only sent again when Spotify has answered that it did nothing.
        for attempt in (1, 2):
            try:
                return self._client._post(path, payload=body)
            except (spotipy.SpotifyException, requests.RequestException, AttributeError) as error:
                refusal = Refusal.of(error)
            if attempt == 2 or not (refusal.short_limit and self._wait(refusal.limit_seconds or 0)):
                break
        raise self._final(refusal)


def _invalid_answer() -> SpotifyError:
    return SpotifyError("Spotify's answer about the playlists is invalid: try again later.")
