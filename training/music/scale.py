"""Time and memory of building playlists from many synthetic tracks."""

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from device.playlist_builder.build import build_own
from device.playlist_builder.catalogue import RANGES

_GENRES = ("rock", "pop", "rap", "edm", "latin", "r&b", "jazz", "folk")
_TRACKS_PER_ARTIST = 8
_CHUNK_TRACKS = 10_000


@dataclass(frozen=True)
class Cost:
    """The cost of one build.

    Attributes
    ----------
    tracks : int
    seconds : float
        Of the processor.
    megabytes : float
        Peak memory.
    """

    tracks: int
    seconds: float
    megabytes: float


def synthesise(file: Path, tracks: int) -> None:
    """Write a table of random tracks, eight of each artist."""
    random = np.random.default_rng(0)
    with file.open("w", encoding="utf-8") as out:
        out.write(f"uri,title,artist,genre,{','.join(RANGES)}\n")
        for start in range(0, tracks, _CHUNK_TRACKS):
            count = min(_CHUNK_TRACKS, tracks - start)
            columns = [
                random.uniform(low, high, count) if name != "duration_ms"
                else random.uniform(120_000, 300_000, count)
                for name, (low, high) in RANGES.items()
            ]  # fmt: skip
            genres = random.integers(0, len(_GENRES), count)
            for number, values in enumerate(np.stack(columns, axis=1), start):
                numbers = ",".join(f"{value:.3f}" for value in values)
                artist = number // _TRACKS_PER_ARTIST
                genre = _GENRES[genres[number - start]]
                out.write(f"{number:022},Song {number},Artist {artist},{genre},{numbers}\n")


def measure(table: Path, tracks: int, output: Path) -> Cost:
    """Build playlists from a table in a process of its own, of one thread."""
    command = [sys.executable, "-m", "training.music.scale", table, output]
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    started = time.monotonic()
    quiet = os.open(os.devnull, os.O_WRONLY)
    process = os.posix_spawn(
        sys.executable,
        [str(word) for word in command],
        os.environ | threads,
        file_actions=[(os.POSIX_SPAWN_DUP2, quiet, 1)],
    )
    _, status, used = os.wait4(process, 0)
    os.close(quiet)
    if status:
        raise RuntimeError(f"building from {tracks} tracks ended with {status}")
    seconds = used.ru_utime + used.ru_stime
    return Cost(tracks, min(seconds, time.monotonic() - started), used.ru_maxrss / 1024)


if __name__ == "__main__":
    build_own(Path(sys.argv[1]), Path(sys.argv[2]))
