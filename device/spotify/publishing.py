"""Publishing: a private playlist for each emotion in the person's account."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from device import files
from device.clock import Clock
from device.errors import PlaylistsError
from device.mood import Emotion
from device.playlist.playlist import Playlists
from device.spotify.account import Account
from device.spotify.library import PlaylistLibrary

PUBLISHED_TRACKS = 120
"""About seven hours, so that the songs do not repeat soon in the app either."""

_DESCRIPTION = "Made by Emotify. It is replaced when the playlists are built again."


def publish(playlists: Playlists, account: Account, clock: Clock, memory: Path) -> Iterator[str]:
    """Create or update the eight playlists; unchanged ones are left alone.

    Parameters
    ----------
    playlists : Playlists
    account : Account
    clock : Clock
    memory : Path
        The file of the playlists' ids and of digests of their tracks: Spotify does not reliably
        return the tracks.

    Yields
    ------
    str
        What was done for each emotion.

    Raises
    ------
    AccountError, NetworkError, SpotifyError
    PlaylistsError
        When there is no music, or the file cannot be written.
    """
    library = PlaylistLibrary(account, clock)
    names = library.names()
    published = read_memory(memory)
    for emotion in Emotion:
        uris = [track.uri for track in playlists.collection(emotion, PUBLISHED_TRACKS)]
        name = f"Emotify - {emotion}"
        before = published.get(emotion, {})
        there = before.get("id") in names
        if there and before.get("digest") == _digest(uris):
            yield f"{name}: as it was"
            continue
        by_name = next((key for key, given in names.items() if given == name), None)
        key = before["id"] if there else by_name
        done = "updated" if key else "made"
        key = key or library.create(name, _DESCRIPTION)
        library.fill(key, uris)
        published[emotion] = {"id": key, "digest": _digest(uris)}
        _write(memory, published)
        yield f"{name}: {done}, {len(uris)} tracks"


def _digest(uris: list[str]) -> str:
    return hashlib.sha256("\n".join(uris).encode()).hexdigest()


def read_memory(memory: Path) -> dict[str, dict[str, str]]:
    try:
        found = files.parse_json(memory.read_bytes())
    except (OSError, ValueError):
        return {}
    entries = found.items() if isinstance(found, dict) else ()
    return {emotion: entry for emotion, entry in entries if isinstance(entry, dict)}


def _write(memory: Path, published: dict[str, dict[str, str]]) -> None:
    try:
        files.replace(memory, json.dumps(published).encode())
    except OSError as error:
        raise PlaylistsError(f"{memory}: cannot be written ({error.strerror}).") from None
