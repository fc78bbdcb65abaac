"""Failed requests to Spotify's Web API: what they mean, and which error a person gets."""

import time
from dataclasses import KW_ONLY, dataclass
from typing import Any, Self

import requests
import spotipy

from device.errors import (
    AccountError,
    EmotifyError,
    NetworkError,
    SpeakerError,
    SpotifyError,
)
from device.spotify.memory import LONGEST_LIMIT_SECONDS
from device.spotify.pkce import DASHBOARD
from device.spotify.session import InvalidAnswerError

SHORT_LIMIT_SECONDS = 10
"""A rate limit up to this long is waited for, once."""

_DEFAULT_LIMIT_SECONDS = 60
"""For an answer without Retry-After; Spotify counts over thirty seconds."""

_QUOTE_CHARACTERS = 120


class AlreadySoError(SpotifyError):
    """Spotify's "Restriction violated": usually the player is in the requested state already."""


class AsleepError(SpeakerError):
    """Spotify's 404: the speaker sleeps, has another id now, or is gone."""


@dataclass(frozen=True)
class Refusal:
    """One failed request.

    Attributes
    ----------
    status : int or None
        HTTP status; None when there was no answer.
    message : str
        Spotify's message.
    reason : str
        Spotify's keyword, such as ``NO_ACTIVE_DEVICE``.
    retry_after : str
        The header of that name.
    timed_out : bool
        Whether the answer did not come in time.
    invalid : bool
        Whether the answer was not from Spotify.
    """

    status: int | None
    message: str = ""
    reason: str = ""
    retry_after: str = ""
    _: KW_ONLY
    timed_out: bool = False
    invalid: bool = False

    @classmethod
    def of(cls, error: Exception) -> Self:
        """The refusal for an exception from spotipy."""
        if isinstance(error, spotipy.SpotifyException):
            # spotipy puts the address and a line break before Spotify's message.
            message = str(error.msg).partition(":\n")[2]
            headers = error.headers
            return cls(
                error.http_status, message, str(error.reason), headers.get("Retry-After", "")
            )
        if isinstance(error, InvalidAnswerError):
            return cls(None, invalid=True)
        if isinstance(error, requests.RequestException):
            return cls(None, timed_out=isinstance(error, requests.Timeout))
        return cls._of_other_body(error)

    @classmethod
    def _of_other_body(cls, error: Exception) -> Self:
        # spotipy fails on an error whose JSON is not an object; the answer is still attached.
        response: Any = getattr(error.__context__, "response", None)
        if response is None:
            raise error
        return cls(response.status_code, retry_after=response.headers.get("Retry-After", ""))

    @property
    def needs_fresh_token(self) -> bool:
        return self.status == 401

    @property
    def is_temporary(self) -> bool:
        """Whether the same request may succeed in a moment."""
        return not self.invalid and (self.status is None or self.status >= 500)

    @property
    def unanswered(self) -> bool:
        """Whether Spotify may have executed the request."""
        return self.is_temporary or self.invalid

    @property
    def limit_seconds(self) -> int | None:
        """The rate limit, at most a day; None when it is none."""
        if self.status != 429:
            return None
        if self.retry_after.isdecimal():
            return min(int(self.retry_after), LONGEST_LIMIT_SECONDS)
        return LONGEST_LIMIT_SECONDS if self._quota else _DEFAULT_LIMIT_SECONDS

    @property
    def short_limit(self) -> bool:
        """Whether the rate limit is short enough to wait."""
        seconds = self.limit_seconds
        return seconds is not None and seconds <= SHORT_LIMIT_SECONDS and not self._quota

    def error(self, now: float) -> EmotifyError:
        """The error for the person.

        Parameters
        ----------
        now : float
            Seconds since 1970.
        """
        if self.invalid:
            return invalid_answer()
        match self.status:
            case None:
                return self._no_answer()
            case 401:
                return AccountError("Spotify refuses the login: run `emotify login` again.")
            case 403:
                return self._forbidden()
            case 404:
                return AsleepError(
                    "Spotify cannot reach the speaker. Wake it up (open Spotify on it once) and "
                    "try again."
                )
            case 429:
                return limited(now, self.limit_seconds or 0)
        if self.is_temporary:
            return SpotifyError(
                f"Spotify is out of order (HTTP {self.status}): try again in a few minutes."
            )
        return SpotifyError(
            f"Spotify refused (HTTP {self.status}{self._quote}): try again; if it stays so, "
            "report it as a mistake of Emotify's."
        )

    def _no_answer(self) -> NetworkError:
        happened = "did not answer in time" if self.timed_out else "cannot be reached"
        return NetworkError(f"Spotify {happened}: check the network and try again.")

    def _forbidden(self) -> EmotifyError:
        message = self.message.lower()
        if "restriction violated" in message:
            return AlreadySoError(
                "Spotify says that the speaker cannot do that now: play something on it from "
                "Spotify's own app, then try again."
            )
        if "restricted device" in message or self.reason == "DEVICE_NOT_CONTROLLABLE":
            return SpeakerError(
                "The speaker takes no commands from other programs: choose another one; "
                "`emotify speakers` lists them."
            )
        if "premium" in message or self.reason == "PREMIUM_REQUIRED":
            return AccountError(
                "Spotify plays for Premium accounts only: log in with one, `emotify login`."
            )
        if "scope" in message:
            return AccountError(
                "The login does not allow this: run `emotify login` again and agree to everything."
            )
        if "regist" in message:
            return AccountError(
                "Spotify does not let this person use the app: add the account to the app's "
                f"users at {DASHBOARD}"
            )
        return SpotifyError(
            f"Spotify refused (HTTP 403{self._quote}): check that the account has Premium and "
            f"is among the app's users at {DASHBOARD}"
        )

    @property
    def _quota(self) -> bool:
        return self.reason == "QUOTA_EXCEEDED"

    @property
    def _quote(self) -> str:
        line = " ".join(self.message.split())
        if not line or line.startswith("<"):
            return ""
        return f', "{line[:_QUOTE_CHARACTERS]}"'


def invalid_answer() -> SpotifyError:
    """The error for an answer that is not from Spotify."""
    return SpotifyError(
        "Spotify's answer is invalid: check that this network does not require a login of its own "
        "(as in hotels), and try again."
    )


def limited(now: float, wait_seconds: float) -> SpotifyError:
    """The error during a rate limit."""
    today, then = time.localtime(now), time.localtime(now + wait_seconds)
    day = "" if then.tm_yday == today.tm_yday else "tomorrow "
    when = day + time.strftime("at %H:%M", then)
    return SpotifyError(f"Emotify has asked Spotify too often: try again {when}.")
