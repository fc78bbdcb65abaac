"""The accounts service: authorisation with PKCE, tokens, and their expiry."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from device.clock import Clock
from device.simulation.spotify.answer import Answer, refused

CODE_SECONDS = 600
_LOOPBACK = ("127.0.0.1", "::1")


@dataclass(frozen=True)
class _Code:
    """The request of an authorisation code."""

    redirect_uri: str
    challenge: str
    scope: str
    expires_at: float


@dataclass(frozen=True)
class _Access:
    """The validity of a token."""

    scope: str
    expires_at: float


class Accounts:
    """One person, one app.

    Attributes
    ----------
    agrees : bool
        Whether the person presses Agree; otherwise Cancel.
    token_seconds : float
        Validity of an access token.
    login_seconds : float
        Validity of a login; refreshing does not extend it.
    secrets : list of str
        All codes and tokens that were ever issued, and all verifiers that were received.
    """

    def __init__(self, client_id: str, redirect_uri: str, clock: Clock):
        self.client_id = client_id
        self.redirect_uri = redirect_uri
        self.agrees = True
        self.token_seconds = 3600
        self.login_seconds = 182 * 24 * 3600
        self.secrets: list[str] = []
        self._clock = clock
        self._codes: dict[str, _Code] = {}
        self._access: dict[str, _Access] = {}
        self._refresh: dict[str, _Access] = {}

    def authorize(self, query: Mapping[str, str]) -> Answer:
        """Redirect the browser, as after the person has pressed Agree or Cancel."""
        if query.get("client_id") != self.client_id:
            return Answer(400, "INVALID_CLIENT: Invalid client")
        redirect_uri = query.get("redirect_uri", "")
        if not self._is_registered(redirect_uri):
            return Answer(400, "INVALID_CLIENT: Insecure or unknown redirect URI")
        if query.get("response_type") != "code":
            return Answer(400, "response_type must be code")
        if query.get("code_challenge_method") != "S256" or not query.get("code_challenge"):
            return Answer(400, "code_challenge_method must be S256")
        back = {"state": query["state"]} if "state" in query else {}
        if not self.agrees:
            back = {"error": "access_denied"} | back
        else:
            back = {"code": self._new_code(query)} | back
        return Answer(302, headers={"Location": f"{redirect_uri}?{urlencode(back)}"})

    def token(self, form: Mapping[str, str]) -> Answer:
        """Issue a token for a code, or for a refresh token."""
        if form.get("client_id") != self.client_id:
            return _oauth_error("invalid_client", "Invalid client")
        match form.get("grant_type"):
            case "authorization_code":
                return self._redeem(form)
            case "refresh_token":
                return self._renew(form)
            case _:
                return _oauth_error("unsupported_grant_type", "grant_type parameter is missing")

    def check(self, authorization: str | None, scopes: tuple[str, ...]) -> None:
        """Refuse a request to the Web API without a valid token for any of ``scopes``."""
        if not authorization:
            raise refused(401, "No token provided")
        access = self._access.get(authorization.removeprefix("Bearer "))
        if access is None or not authorization.startswith("Bearer "):
            raise refused(401, "Invalid access token")
        if access.expires_at <= self._clock.time():
            raise refused(401, "The access token expired")
        if scopes and not set(scopes) & set(access.scope.split()):
            raise refused(403, "Insufficient client scope")

    def expire_access_tokens(self) -> None:
        """Invalidate all access tokens, as after an hour."""
        self._access.clear()

    def end_logins(self) -> None:
        """Invalidate all logins, as after six months."""
        self._access.clear()
        self._refresh.clear()

    def _is_registered(self, redirect_uri: str) -> bool:
        asked, known = urlsplit(redirect_uri), urlsplit(self.redirect_uri)
        if asked.scheme == "http" and asked.hostname not in _LOOPBACK:
            return False
        if known.hostname in _LOOPBACK and known.port is None:
            return (asked.hostname, asked.path) == (known.hostname, known.path)
        return redirect_uri == self.redirect_uri

    def _new_code(self, query: Mapping[str, str]) -> str:
        code = self._secret()
        self._codes[code] = _Code(
            query["redirect_uri"],
            query["code_challenge"],
            query.get("scope", ""),
            self._clock.time() + CODE_SECONDS,
        )
        return code

    def _redeem(self, form: Mapping[str, str]) -> Answer:
        code = self._codes.pop(form.get("code", ""), None)
        if code is None or code.expires_at <= self._clock.time():
            return _oauth_error("invalid_grant", "Invalid authorization code")
        if form.get("redirect_uri") != code.redirect_uri:
            return _oauth_error("invalid_grant", "Invalid redirect URI")
        if _challenge(form.get("code_verifier", "")) != code.challenge:
            return _oauth_error("invalid_grant", "code_verifier was incorrect")
        self.secrets.append(form["code_verifier"])
        refresh_token = self._secret()
        ends_at = self._clock.time() + self.login_seconds
        self._refresh[refresh_token] = _Access(code.scope, ends_at)
        return self._grant(code.scope, {"refresh_token": refresh_token})

    def _renew(self, form: Mapping[str, str]) -> Answer:
        login = self._refresh.get(form.get("refresh_token", ""))
        if login is None or login.expires_at <= self._clock.time():
            return _oauth_error("invalid_grant", "Refresh token revoked")
        return self._grant(login.scope, {})

    def _secret(self) -> str:
        self.secrets.append(secrets.token_urlsafe(48))
        return self.secrets[-1]

    def _grant(self, scope: str, more: Mapping[str, str]) -> Answer:
        token = self._secret()
        self._access[token] = _Access(scope, self._clock.time() + self.token_seconds)
        grant = {"access_token": token, "token_type": "Bearer", "scope": scope, **more}
        return Answer(200, {**grant, "expires_in": self.token_seconds})


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _oauth_error(error: str, description: str) -> Answer:
    return Answer(400, {"error": error, "error_description": description})
