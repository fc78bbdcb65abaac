"""The account: logging in to Spotify without a secret, and staying logged in.

    account = Account(client_id, "http://127.0.0.1:8000/callback", Path("token.json"))
    login = account.begin_login()
    print(login.address)                 # the person opens it and presses Agree
    login.finish(input())                # the address that the browser was sent to
    account.client().devices()

The client is spotipy's own, with a token that is always fresh.
"""

import secrets
import threading
from pathlib import Path
from urllib.parse import parse_qs

import spotipy
from spotipy.cache_handler import CacheHandler, MemoryCacheHandler

from device.errors import AccountError
from device.spotify.pkce import DASHBOARD, NOBODY, Pkce, junk, session
from device.spotify.token_file import TokenFile

API_URL = "https://api.spotify.com/v1"
ACCOUNTS_URL = "https://accounts.spotify.com"
TIMEOUT_SECONDS = 5.0


class Account:
    """A person's account with Spotify.

    Parameters
    ----------
    client_id : str
        Of the app in Spotify's dashboard; empty when there is none yet.
    redirect_uri : str
        As it stands in the dashboard.
    token_file : Path
        Where the login is kept.
    api_url, accounts_url : str
        Spotify's Web API and its accounts service.
    timeout_seconds : float > 0
        Longest wait for a connection and for each piece of an answer.
    """

    def __init__(
        self,
        client_id: str,
        redirect_uri: str,
        token_file: Path,
        api_url: str = API_URL,
        accounts_url: str = ACCOUNTS_URL,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ):
        self._client_id = client_id
        self._redirect_uri = redirect_uri
        self._token_file = TokenFile(token_file)
        self._api_url = api_url.rstrip("/") + "/"
        self._accounts_url = accounts_url.rstrip("/")
        self._timeout_seconds = timeout_seconds
        self._refreshing = threading.Lock()

    def begin_login(self, also: str = "") -> "Login":
        """Prepare a login; ``also`` names scopes besides those for playing.

        Raises
        ------
        AccountError
            When there is no client id.
        """
        return Login(self._manager(MemoryCacheHandler(), also), self._token_file)

    def client(self) -> spotipy.Spotify:
        """spotipy on a fresh connection.

        Its calls raise an :class:`~device.errors.EmotifyError` when the token cannot be refreshed.

        Raises
        ------
        AccountError
            When nobody is logged in.
        """
        manager = self._manager(self._token_file)
        if self._token_file.get_cached_token() is None:
            raise AccountError(NOBODY)
        client = spotipy.Spotify(
            auth_manager=manager,
            requests_session=session(self._api_url),
            requests_timeout=self._timeout_seconds,
        )
        client.prefix = self._api_url
        return client

    def allows(self, scope: str) -> bool:
        """Whether the login allows all that ``scope`` names.

        Raises
        ------
        AccountError
            When nobody is logged in.
        """
        token = self._token_file.get_cached_token()
        if token is None:
            raise AccountError(NOBODY)
        return set(scope.split()) <= set(token["scope"].split())

    def renew(self) -> None:
        """Get a new access token, though the present one should still be good.

        Raises
        ------
        AccountError
            When nobody is logged in, or the login has ended.
        NetworkError, SpotifyError
            When the accounts service does not answer, or refuses.
        """
        self._manager(self._token_file).renew()

    def _manager(self, cache: CacheHandler, also: str = "") -> Pkce:
        if not self._client_id:
            raise AccountError(
                f"There is no client id: create an app at {DASHBOARD} and put its Client ID "
                "into [spotify] client_id."
            )
        return Pkce(
            self._client_id,
            self._redirect_uri,
            self._accounts_url,
            self._timeout_seconds,
            cache,
            self._refreshing,
            also,
        )


class Login:
    """One login, from the address that a person opens to the token in the file.

    Attributes
    ----------
    address : str
        Where the person allows Emotify to play music.
    """

    def __init__(self, manager: Pkce, token_file: TokenFile):
        self._manager = manager
        self._token_file = token_file
        self._state = secrets.token_urlsafe(16)
        self.address = manager.get_authorize_url(self._state)

    def finish(self, pasted_url: str) -> None:
        """Take the address that the browser was sent to, and store the token.

        After a failure it may be called again with another address.

        Raises
        ------
        AccountError
            When the address is not the right one, or the person did not agree.
        NetworkError, SpotifyError
            When the accounts service does not answer, or refuses.
        """
        token = self._manager.exchange(self._code("".join(pasted_url.split()).strip("'\"<>")))
        try:
            self._token_file.save_login(token)
        except ValueError:
            raise junk() from None

    def _code(self, pasted: str) -> str:
        redirect_uri = self._manager.redirect_uri
        address, _, query = pasted.partition("?")
        if not pasted:
            raise AccountError(
                "Nothing was pasted: paste the address that the browser shows after Agree; it "
                f"begins with {redirect_uri}"
            )
        if address.rstrip("/") != redirect_uri.rstrip("/"):
            raise AccountError(
                "That is not the address that the browser shows after Agree: paste the one that "
                f"begins with {redirect_uri}"
            )
        answer = parse_qs(query.partition("#")[0])
        if answer.get("state") != [self._state]:
            raise AccountError(
                "That address belongs to another login, or a part of it is missing: open the "
                "address above once more and paste the whole of the one that follows."
            )
        if answer.get("error") == ["access_denied"]:
            raise AccountError(
                "Access was declined in the browser: open the address above once more and "
                "press Agree."
            )
        if "code" not in answer:
            raise AccountError(
                "There is no code in that address: open the address above once more and paste "
                "the whole of the one that follows."
            )
        return answer["code"][0]
