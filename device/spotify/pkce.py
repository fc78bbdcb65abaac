"""spotipy's login without a client secret (PKCE), for a device without a keyboard."""

import logging
import threading
from collections.abc import Callable
from typing import Any, Never

import requests
import spotipy
from spotipy.cache_handler import MemoryCacheHandler

from device.clock import Clock
from device.errors import AccountError, NetworkError, SpotifyError
from device.spotify.request_budget import RequestBudget
from device.spotify.session import InvalidAnswerError, TimedSession
from device.spotify.token_file import ENDED, NOBODY, TokenFile

DASHBOARD = "https://developer.spotify.com/dashboard"
SCOPE = "user-read-playback-state user-modify-playback-state"

_EARLY_SECONDS = 60
"""A token is refreshed this long before it expires."""

_CODE_SPENT = (
    "The code in that address is no longer good: open the address above once more and paste the "
    "one that follows within a few minutes."
)
_INVALID_ANSWERS = (
    requests.JSONDecodeError,
    AttributeError,
    KeyError,
    InvalidAnswerError,
    RecursionError,
    TypeError,
    ValueError,
)

# spotipy logs tokens, codes and verifiers; its errors are raised as exceptions as well.
for _name in ("spotipy.client", "spotipy.oauth2"):
    logging.getLogger(_name).addFilter(lambda record: False)


class Pkce(spotipy.SpotifyPKCE):
    """Gets and refreshes tokens; every failure is an :class:`~device.errors.EmotifyError`.

    Parameters
    ----------
    client_id, redirect_uri : str
        As in Spotify's dashboard.
    accounts_url : str
        Spotify's accounts service, without a trailing slash.
    timeout_seconds : float > 0
    token_file : TokenFile
    refreshing : threading.Lock
        Held while a token is read and refreshed, so that two threads do not refresh one token.
    budget : RequestBudget
    clock : Clock
    extra_scopes : str
        Scopes to request besides :data:`SCOPE`.
    """

    def __init__(
        self,
        *,
        client_id: str,
        redirect_uri: str,
        accounts_url: str,
        timeout_seconds: float,
        token_file: TokenFile,
        refreshing: threading.Lock,
        budget: RequestBudget,
        clock: Clock,
        extra_scopes: str = "",
    ):
        super().__init__(
            client_id=client_id,
            redirect_uri=redirect_uri,
            scope=f"{SCOPE} {extra_scopes}".strip(),
            requests_session=TimedSession(accounts_url, budget),
            requests_timeout=timeout_seconds,
            open_browser=False,
            # spotipy must not write the token file: it could overwrite a new login.
            cache_handler=MemoryCacheHandler(),
        )
        self.OAUTH_AUTHORIZE_URL = f"{accounts_url}/authorize"
        self.OAUTH_TOKEN_URL = f"{accounts_url}/api/token"
        self._token_file = token_file
        self._refreshing = refreshing
        self._budget = budget
        self._clock = clock

    def get_authorization_code(self, response: str | None = None) -> Never:
        """spotipy would ask a person for input here."""
        raise AccountError(NOBODY)

    def get_access_token(self, code: str | None = None, check_cache: bool = True) -> str:
        """The access token, refreshed when it is about to expire."""
        with self._refreshing:
            token = self._stored()
            if not self._is_scope_subset(self.scope, token["scope"]):
                raise AccountError(NOBODY)
            if token["expires_at"] - self._clock.time() < _EARLY_SECONDS:
                return self._refresh(token["refresh_token"])
            return token["access_token"]

    def renew(self) -> None:
        """Refresh the token, although it should still be valid."""
        with self._refreshing:
            self._refresh(self._stored()["refresh_token"])

    def exchange(self, code: str) -> dict[str, Any]:
        """The token for the code of a login."""
        self._request(
            lambda: super(Pkce, self).get_access_token(code, check_cache=False), _CODE_SPENT
        )
        token = {"scope": self.scope} | self.cache_handler.get_cached_token()
        if not self._is_scope_subset(self.scope, token["scope"]):
            raise AccountError(
                "Emotify was not allowed to see the speakers and to play on them: open the "
                "address above once more and agree to everything."
            )
        return token

    def _stored(self) -> dict[str, Any]:
        token = self._token_file.read()
        if token is None:
            raise AccountError(NOBODY)
        return token

    def _refresh(self, refresh_token: str) -> str:
        self._budget.renewed = self._budget.token_refused = True
        try:
            token = self._request(lambda: self.refresh_access_token(refresh_token), ENDED)
            self._budget.token_refused = False
            return self._token_file.save_refreshed(token, refresh_token)
        except LoginEndedError:
            self._token_file.put_aside(refresh_token)
            raise
        except ValueError:
            raise invalid_answer() from None

    def _add_custom_values_to_token_info(self, token_info: dict[str, Any]) -> dict[str, Any]:
        # spotipy's implementation uses the system's clock.
        expires_at = int(self._clock.time()) + token_info["expires_in"]
        return token_info | {"expires_at": expires_at}

    def _request(self, request: Callable[[], Any], when_invalid: str) -> Any:
        # `from None`: spotipy's exceptions may contain what was sent.
        try:
            return request()
        except spotipy.SpotifyOauthError as error:
            raise _error(error, when_invalid) from None
        except _INVALID_ANSWERS:
            raise invalid_answer() from None
        except requests.Timeout:
            raise NetworkError(
                f"Spotify's accounts service did not answer within {self.requests_timeout:g} s: "
                "check the network and try again."
            ) from None
        except requests.RequestException:
            raise NetworkError(
                "Spotify's accounts service cannot be reached: check the network and try again."
            ) from None


class LoginEndedError(AccountError):
    """The login has ended for good."""


def _error(error: spotipy.SpotifyOauthError, when_invalid: str) -> AccountError | SpotifyError:
    if error.error == "invalid_grant":
        return LoginEndedError(when_invalid)
    if error.error == "invalid_client":
        return AccountError(
            f"Spotify does not know this client id: compare [spotify] client_id with {DASHBOARD}"
        )
    return SpotifyError("Spotify's accounts service refused: try again in a few minutes.")


def invalid_answer() -> SpotifyError:
    """The error for an answer that is not from Spotify."""
    return SpotifyError(
        "The answer of Spotify's accounts service is invalid: check that this network does not "
        "require a login of its own (as in hotels), and try again."
    )
