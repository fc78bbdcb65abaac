"""The account: the login to Spotify (PKCE, without a client secret), and its renewal.

    account = Account(client_id, "http://127.0.0.1:8000/callback", Path("token.json"))
    login = account.begin_login()
    print(login.address)                 # the person opens it and presses Agree
    login.finish(input())                # the address that the browser is redirected to
    account.client().devices()

The client is spotipy's, with a token that is renewed in time.
"""

import secrets
import threading
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

import spotipy

from device.clock import Clock, SystemClock
from device.errors import AccountError
from device.spotify.memory import Memory
from device.spotify.pkce import Pkce, invalid_answer
from device.spotify.request_budget import SECONDS, RequestBudget
from device.spotify.session import TimedSession
from device.spotify.token_file import NOBODY, TokenFile

API_URL = "https://api.spotify.com/v1"
ACCOUNTS_URL = "https://accounts.spotify.com"
TIMEOUT_SECONDS = 5.0

LOGIN_SECONDS = 180 * 24 * 3600
"""A login ends after six months; the shortest six months have 181 days."""

_OWN_SHARE = 0.9
"""Of a round's seconds; the end of the previous work may have taken the rest."""

MEMORY_FILE = "spotify.json"


@dataclass(frozen=True)
class LoginStatus:
    """The status of the login, as far as it is known without a request to Spotify.

    Attributes
    ----------
    problem : str or None
        Why nothing can be played, and what to do; None when no problem is known.
    ends_at : float or None
        Seconds since 1970; None when nobody is logged in.
    """

    problem: str | None
    ends_at: float | None = None


class Account:
    """An account with Spotify.

    Parameters
    ----------
    client_id : str
        Client ID of the app in Spotify's dashboard; empty when there is none yet.
    redirect_uri : str
        As in the dashboard.
    token_file : Path
        The file of the login.
    api_url, accounts_url : str
        Addresses of the Web API and of the accounts service.
    timeout_seconds : float > 0
        Timeout of one request.
    round_seconds : float > 0
        Timeout of all requests of a round.
    clock : Clock

    Attributes
    ----------
    memory : Memory
        Its file is in the folder of the login.
    """

    def __init__(
        self,
        client_id: str,
        redirect_uri: str,
        token_file: Path,
        *,
        api_url: str = API_URL,
        accounts_url: str = ACCOUNTS_URL,
        timeout_seconds: float = TIMEOUT_SECONDS,
        round_seconds: float = SECONDS,
        clock: Clock | None = None,
    ):
        self._clock = clock or SystemClock()
        self._client_id = client_id
        self._redirect_uri = redirect_uri
        self._token_file = TokenFile(token_file, self._clock)
        self.memory = Memory(token_file.with_name(MEMORY_FILE), self._clock)
        self._api_url = api_url.rstrip("/") + "/"
        self._accounts_url = accounts_url.rstrip("/")
        self._timeout_seconds = timeout_seconds
        self._round_seconds = round_seconds
        self._refreshing = threading.Lock()

    def begin_login(self, extra_scopes: str = "") -> "Login":
        """Start a login; ``extra_scopes`` are those besides the scopes for playing.

        Raises
        ------
        AccountError
            When there is no client id, or a login could not be stored.
        """
        self._token_file.check_writable()
        # A person may paste a wrong address any number of times.
        budget = RequestBudget(self._clock, requests=1000)
        return Login(self._manager(budget, extra_scopes), self._token_file)

    def log_out(self) -> bool:
        """Delete the login; returns whether there was one.

        Raises
        ------
        AccountError
            When its file cannot be deleted.
        """
        return self._token_file.forget()

    def login_status(self) -> LoginStatus:
        """The status of the login."""
        try:
            token = self._token_file.read()
        except AccountError as error:
            return LoginStatus(str(error))
        if token is None:
            return LoginStatus(NOBODY)
        at = token.get("logged_in_at")
        return LoginStatus(None, at + LOGIN_SECONDS if isinstance(at, int) else None)

    def budget(self) -> RequestBudget:
        """The request budget of a new round."""
        return RequestBudget(self._clock, self._round_seconds * _OWN_SHARE)

    def session(self, budget: RequestBudget) -> TimedSession:
        """A connection to the Web API within a request budget."""
        return TimedSession(self._api_url, budget)

    def client(
        self, budget: RequestBudget | None = None, session: TimedSession | None = None
    ) -> spotipy.Spotify:
        """spotipy's client, with a request budget and a session, which are new ones by default.

        Its calls raise an :class:`~device.errors.EmotifyError` when the token cannot be refreshed.

        Raises
        ------
        AccountError
            When nobody is logged in, or the login has ended.
        """
        budget = budget or self.budget()
        manager = self._manager(budget)
        if self._token_file.read() is None:
            raise AccountError(NOBODY)
        client = spotipy.Spotify(
            auth_manager=manager,
            requests_session=session or self.session(budget),
            requests_timeout=self._timeout_seconds,
        )
        client.prefix = self._api_url
        return client

    def allows(self, scope: str) -> bool:
        """Whether the login includes these scopes.

        Raises
        ------
        AccountError
            When nobody is logged in.
        """
        token = self._token_file.read()
        if token is None:
            raise AccountError(NOBODY)
        return set(scope.split()) <= set(token["scope"].split())

    def renew(self, budget: RequestBudget | None = None) -> None:
        """Request a new access token, although the current one should still be valid.

        Raises
        ------
        AccountError
            When nobody is logged in, or the login has ended.
        NetworkError, SpotifyError
            When the accounts service does not answer, or refuses.
        """
        self._manager(budget or self.budget()).renew()

    def _manager(self, budget: RequestBudget, extra_scopes: str = "") -> Pkce:
        if not self._client_id:
            raise AccountError(
                "Nobody is logged in: run `emotify login`, which also says how to get a client id."
            )
        return Pkce(
            client_id=self._client_id,
            redirect_uri=self._redirect_uri,
            accounts_url=self._accounts_url,
            timeout_seconds=self._timeout_seconds,
            token_file=self._token_file,
            refreshing=self._refreshing,
            budget=budget,
            clock=self._clock,
            extra_scopes=extra_scopes,
        )


class Login:
    """One login, from the address that a person opens to the stored token.

    Attributes
    ----------
    address : str
        The page on which the person gives Emotify access.
    """

    def __init__(self, manager: Pkce, token_file: TokenFile):
        self._manager = manager
        self._token_file = token_file
        self._state = secrets.token_urlsafe(16)
        self.address = manager.get_authorize_url(self._state)

    def finish(self, pasted_url: str) -> None:
        """Store the token for the address that the browser was redirected to.

        After a failure it can be called again with another address.

        Raises
        ------
        AccountError
            When the address is wrong, or the person did not agree.
        NetworkError, SpotifyError
            When the accounts service does not answer, or refuses.
        """
        token = self._manager.exchange(self._code("".join(pasted_url.split()).strip("'\"<>")))
        try:
            self._token_file.save_login(token)
        except ValueError:
            raise invalid_answer() from None

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
