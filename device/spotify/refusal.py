"""What it means when Spotify's Web API refuses or does not answer, and what can be done."""

import time
from dataclasses import dataclass
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
from device.spotify.session import NonsenseError

SHORT_LIMIT_SECONDS = 10
"""A rate limit up to this long is waited for once."""

_UNSAID_LIMIT_SECONDS = 60
"""Spotify counts over thirty seconds; for when it leaves out how long to wait."""

_QUOTE_CHARACTERS = 120


class AlreadySoError(SpotifyError):
    """Spotify's "Restriction violated": the player mostly is already as it was asked to be."""


class AsleepError(SpeakerError):
    """Spotify's 404: the speaker sleeps, has another id now, or is gone."""


@dataclass(frozen=True)
class Refusal:
    """One failed request.

    Attributes
    ----------
    status : int or None
        HTTP status; None when there was no answer.
    words : str
        What Spotify said.
    reason : str
        Spotify's own keyword, such as ``NO_ACTIVE_DEVICE``.
    retry_after : str
        The header of that name.
    timed_out : bool
        Whether the answer was waited for in vain.
    nonsense : bool
        Whether the answer was none of Spotify's.
    """

    status: int | None
    words: str = ""
    reason: str = ""
    retry_after: str = ""
    timed_out: bool = False
    nonsense: bool = False

    @classmethod
    def of(cls, error: Exception) -> Self:
        """The refusal behind an exception that came out of spotipy."""
        if isinstance(error, spotipy.SpotifyException):
            # spotipy puts the address and a line break before Spotify's words.
            words = str(error.msg).partition(":\n")[2]
            headers = error.headers
            return cls(error.http_status, words, str(error.reason), headers.get("Retry-After", ""))
        if isinstance(error, NonsenseError):
            return cls(None, nonsense=True)
        if isinstance(error, requests.RequestException):
            return cls(None, timed_out=isinstance(error, requests.Timeout))
        return cls._behind_odd_body(error)

    @classmethod
    def _behind_odd_body(cls, error: Exception) -> Self:
        # spotipy trips over an error whose JSON is no object; the answer is still attached.
        response: Any = getattr(error.__context__, "response", None)
        if response is None:
            raise error
        return cls(response.status_code, retry_after=response.headers.get("Retry-After", ""))

    @property
    def needs_fresh_token(self) -> bool:
        return self.status == 401

    @property
    def passing(self) -> bool:
        """Whether the same request may well succeed in a moment."""
        return not self.nonsense and (self.status is None or self.status >= 500)

    @property
    def unanswered(self) -> bool:
        """Whether Spotify may have done what it was asked for."""
        return self.passing or self.nonsense

    @property
    def limit_seconds(self) -> int | None:
        """How long Spotify wants to be left alone, at most a day; None when it does not."""
        if self.status != 429:
            return None
        if self.retry_after.isdecimal():
            return min(int(self.retry_after), LONGEST_LIMIT_SECONDS)
        return LONGEST_LIMIT_SECONDS if self._quota else _UNSAID_LIMIT_SECONDS

    @property
    def short_limit(self) -> bool:
        """Whether that is short enough to be waited for."""
        seconds = self.limit_seconds
        return seconds is not None and seconds <= SHORT_LIMIT_SECONDS and not self._quota

    def error(self, now: float) -> EmotifyError:
        """What to tell the person.

        Parameters
        ----------
        now : float
            Seconds since 1970.
        """
        if self.nonsense:
            return senseless()
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
        if self.passing:
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
        words = self.words.lower()
        if "restriction violated" in words:
            return AlreadySoError(
                "Spotify says that the speaker cannot do that now: play something on it from "
                "Spotify's own app, then try again."
            )
        if "restricted device" in words or self.reason == "DEVICE_NOT_CONTROLLABLE":
            return SpeakerError(
                "The speaker takes no commands from other programs: choose another one; "
                "`emotify speakers` lists them."
            )
        if "premium" in words or self.reason == "PREMIUM_REQUIRED":
            return AccountError(
                "Spotify plays for Premium accounts only: log in with one, `emotify login`."
            )
        if "scope" in words:
            return AccountError(
                "The login does not allow this: run `emotify login` again and agree to everything."
            )
        if "regist" in words:
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
        line = " ".join(self.words.split())
        if not line or line.startswith("<"):
            return ""
        return f', "{line[:_QUOTE_CHARACTERS]}"'


def senseless() -> SpotifyError:
    """The error for an answer that is none of Spotify's."""
    return SpotifyError(
        "Spotify's answer makes no sense: check that no other login page stands between this "
        "network and the internet, and try again."
    )


def limited(now: float, wait_seconds: float) -> SpotifyError:
    """The error while Spotify wants to be left alone."""
    pattern = "at %H:%M" if wait_seconds < LONGEST_LIMIT_SECONDS else "on %d %B at %H:%M"
    when = time.strftime(pattern, time.localtime(now + wait_seconds))
    return SpotifyError(f"Emotify has asked Spotify too often: try again {when}.")
