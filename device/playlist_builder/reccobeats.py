"""ReccoBeats, a free service that has the audio features of tracks on Spotify.

Requests are for 40 tracks each, with a pause between them. Answers are cached, so a build that is
interrupted, or has to wait, continues where it stopped.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import requests

from device.clock import Clock
from device.playlist_builder.catalogue import FEATURES
from device.playlist_builder.csv_columns import CatalogueError

MAX_IDS = 40
"""Of one call."""

_PAUSE_SECONDS = 0.2
_TIMEOUT_SECONDS = 20
_LONGEST_WAIT_SECONDS = 120
_ATTEMPTS = 4
_LATER = "What was found is kept: run the same command again later."
_TRACK = re.compile(r"/track/([0-9A-Za-z]{22})")


class ReccoBeats:
    """Finds the audio features of tracks.

    Parameters
    ----------
    url : str
    cache : Path
        A line of JSON for each track that was asked for.
    clock : Clock
    on_progress : callable
        Is called with a line about the progress.
    """

    def __init__(
        self, url: str, cache: Path, clock: Clock, on_progress: Callable[[str], None] = print
    ):
        self._url = url.rstrip("/")
        self._cache = cache
        self._clock = clock
        self._on_progress = on_progress

    def __call__(self, ids: list[str]) -> Mapping[str, Mapping[str, float]]:
        """The features of the tracks that ReccoBeats has, by their Spotify ids.

        Raises
        ------
        CatalogueError
            When it does not answer, or asks for a wait that is too long for a command.
        """
        known = self._kept()
        missing = [key for key in dict.fromkeys(ids) if key not in known]
        try:
            self._cache.parent.mkdir(parents=True, exist_ok=True)
            with requests.Session() as session, self._cache.open("a", encoding="utf-8") as cache:
                for start in range(0, len(missing), MAX_IDS):
                    if start:
                        self._clock.sleep(_PAUSE_SECONDS)
                    asked = missing[start : start + MAX_IDS]
                    found = self._ask(session, asked)
                    for key in asked:
                        known[key] = found.get(key)
                        cache.write(json.dumps({"id": key, "features": known[key]}) + "\n")
                    cache.flush()
                    self._on_progress(
                        f"ReccoBeats: asked for {start + len(asked)} of {len(missing)}"
                    )
        except OSError as error:
            raise CatalogueError(f"{self._cache}: cannot be written ({error.strerror}).") from None
        return {key: features for key in ids if (features := known[key])}

    def _kept(self) -> dict[str, dict[str, float] | None]:
        try:
            lines = self._cache.read_text(encoding="utf-8").splitlines()
        except OSError:
            return {}
        return dict(_entries(lines))

    def _ask(self, session: requests.Session, ids: list[str]) -> dict[str, dict[str, float]]:
        address = f"{self._url}/v1/audio-features"
        for attempt in range(_ATTEMPTS):
            try:
                answer = session.get(
                    address, params={"ids": ",".join(ids)}, timeout=_TIMEOUT_SECONDS
                )
            except requests.RequestException:
                self._clock.sleep(2**attempt)
                continue
            if answer.status_code == 200:
                return _features(answer)
            if answer.status_code == 429:
                self._wait(answer.headers.get("Retry-After", ""))
            elif answer.status_code >= 500:
                self._clock.sleep(2**attempt)
            else:
                raise CatalogueError(
                    f"ReccoBeats refused (HTTP {answer.status_code}): check [playlists] "
                    f"reccobeats_url. {_LATER}"
                )
        raise CatalogueError(f"ReccoBeats does not answer. {_LATER}")

    def _wait(self, retry_after: str) -> None:
        seconds = int(retry_after) if retry_after.isdecimal() else 30
        if seconds > _LONGEST_WAIT_SECONDS:
            raise CatalogueError(f"ReccoBeats asks to wait for {seconds} s. {_LATER}")
        self._on_progress(f"ReccoBeats asks to wait for {seconds} s.")
        self._clock.sleep(seconds)


def _entries(lines: list[str]) -> Iterator[tuple[str, dict[str, float] | None]]:
    for line in lines:
        try:
            entry = json.loads(line)
            yield entry["id"], entry["features"]
        except (ValueError, KeyError, TypeError):
            # The last line of a run that was cut short.
            continue


def _features(answer: requests.Response) -> dict[str, dict[str, float]]:
    try:
        return {_id(item): _numbers(item) for item in answer.json()["content"]}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CatalogueError(f"ReccoBeats' answer is invalid. {_LATER}") from None


def _id(item: dict[str, Any]) -> str:
    match = _TRACK.search(item["href"])
    return match[1] if match else item["id"]


def _numbers(item: dict[str, Any]) -> dict[str, float]:
    wanted = {"duration_ms": "durationMs"}
    values = {name: item.get(name, item.get(wanted.get(name, ""))) for name in FEATURES}
    return {n: float(v) for n, v in values.items() if isinstance(v, int | float)}
