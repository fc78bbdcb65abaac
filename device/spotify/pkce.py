"""spotipy's login without a secret (PKCE), made fit for a device without a keyboard."""

import logging
import threading
from collections.abc import Callable
from typing import Any, Never
from urllib.parse import urlsplit

import requests
import spotipy
from spotipy.cache_handler import CacheHandler

from device.errors import AccountError, NetworkError, SpotifyError

DASHBOARD = "https://developer.spotify.com/dashboard"
NOBODY = "Nobody is logged in: run `emotify login`."
SCOPE = "user-read-playback-state user-modify-playback-state"

_ENDED = "The login has ended: run `emotify login` again."
_CODE_SPENT = (
    "The code in that address is no longer good: open the address above once more and paste the "
    "one that follows within a few minutes."
)
_LOOPBACK = ("127.0.0.1", "::1")
_JUNK = (
    requests.JSONDecodeError,
    AttributeError,
    KeyError,
    RecursionError,
    TypeError,
    ValueError,
)

# spotipy writes tokens, codes and verifiers into its log; its failures reach us as exceptions.
for _name in ("spotipy.client", "spotipy.oauth2"):
    logging.getLogger(_name).addFilter(lambda record: False)


def session(address: str) -> requests.Session:
    """A session that sends every request once: spotipy's own sends a POST up to four times."""
    plain = requests.Session()
    # No proxy can reach this machine's own loopback.
    plain.trust_env = urlsplit(address).hostname not in _LOOPBACK
    return plain


class Pkce(spotipy.SpotifyPKCE):
    """Gets and refreshes tokens; every failure is an :class:`~device.errors.EmotifyError`.

    Parameters
    ----------
    client_id, redirect_uri : str
        As in Spotify's dashboard.
    accounts_url : str
        Spotify's accounts service, without a slash at the end.
    timeout_seconds : float > 0
    cache : CacheHandler
        Keeps the token.
    refreshing : threading.Lock
        Held while a token is read and refreshed, so that two threads do not refresh one token.
    also : str
        Scopes to ask for besides :data:`SCOPE`.
    """

    def __init__(
        self,
        client_id: str,
        redirect_uri: str,
        accounts_url: str,
        timeout_seconds: float,
        cache: CacheHandler,
        refreshing: threading.Lock,
        also: str = "",
    ):
        super().__init__(
            client_id=client_id,
            redirect_uri=redirect_uri,
            scope=f"{SCOPE} {also}".strip(),
            requests_session=session(accounts_url),
            requests_timeout=timeout_seconds,
            open_browser=False,
            cache_handler=cache,
        )
        self.OAUTH_AUTHORIZE_URL = f"{accounts_url}/authorize"
        self.OAUTH_TOKEN_URL = f"{accounts_url}/api/token"
        self._refreshing = refreshing

    def get_authorization_code(self, response: str | None = None) -> Never:
        """Where spotipy would ask a person for input."""
        raise AccountError(NOBODY)

    def get_access_token(self, code: str | None = None, check_cache: bool = True) -> str:
        """The access token, refreshed when it is about to expire."""
        with self._refreshing:
            return self._ask(
                lambda: super(Pkce, self).get_access_token(code, check_cache),
                when_invalid=_CODE_SPENT if code else _ENDED,
            )

    def renew(self) -> None:
        """Refresh the token, though it should still be good."""
        with self._refreshing:
            token = self.cache_handler.get_cached_token()
            if token is None:
                raise AccountError(NOBODY)
            self._ask(
                lambda: self.refresh_access_token(token["refresh_token"]), when_invalid=_ENDED
            )

    def exchange(self, code: str) -> dict[str, Any]:
        """The token for the code of a login."""
        self.get_access_token(code, check_cache=False)
        token = {"scope": self.scope} | self.cache_handler.get_cached_token()
        if not self._is_scope_subset(self.scope, token["scope"]):
            raise AccountError(
                "Emotify was not allowed to see the speakers and to play on them: open the "
                "address above once more and agree to everything."
            )
        return token

    def _ask(self, request: Callable[[], Any], when_invalid: str) -> Any:
        # `from None`: spotipy's own exceptions may quote what was sent.
        try:
            return request()
        except spotipy.SpotifyOauthError as error:
            raise _refusal(error, when_invalid) from None
        except _JUNK:
            raise junk() from None
        except requests.Timeout:
            raise NetworkError(
                f"Spotify's accounts service did not answer within {self.requests_timeout:g} s: "
                "check the network and try again."
            ) from None
        except requests.RequestException:
            raise NetworkError(
                "Spotify's accounts service cannot be reached: check the network and try again."
            ) from None


def _refusal(error: spotipy.SpotifyOauthError, when_invalid: str) -> AccountError | SpotifyError:
    if error.error == "invalid_grant":
        return AccountError(when_invalid)
    if error.error == "invalid_client":
        return AccountError(
            f"Spotify does not know this client id: compare [spotify] client_id with {DASHBOARD}"
        )
    return SpotifyError("Spotify's accounts service refused: try again in a few minutes.")


def junk() -> SpotifyError:
    """The error for an answer that is none of Spotify's."""
    return SpotifyError(
        "The answer of Spotify's accounts service makes no sense: check that no other login page "
        "stands between this network and the internet, and try again."
    )
