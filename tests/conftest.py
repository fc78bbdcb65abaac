import csv
import gc
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import settings
from spotify_openapi import OpenApi

from device.simulation.spotify import SpotifyStandIn

# Other work on the machine makes an example slow; that is no failure.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")

CHECKOUT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def sentence(tmp_path_factory):
    """A synthetic sentence of about two seconds, spoken by espeak-ng into a file."""
    if not shutil.which("espeak-ng"):
        pytest.skip("espeak-ng is not installed; ./setup.sh test installs it")
    path = tmp_path_factory.mktemp("sentence") / "sentence.wav"
    words = "The kids are talking by the door."
    subprocess.run(["espeak-ng", "-w", path, words], check=True)
    return path


DATA = Path(os.environ.get("EMOTIFY_DATA", CHECKOUT.parent / "shared" / "data"))
DESCRIPTION = DATA / "spotify-openapi" / "official-spotify-open-api.yml"


@pytest.fixture(scope="session")
def data():
    """The folder of recordings and tables: EMOTIFY_DATA, else the one beside the checkout."""
    if not DATA.is_dir():
        pytest.skip(f"the recordings are not here: {DATA}")
    return DATA


@pytest.fixture(scope="session", autouse=True)
def described():
    """Where Spotify's description is at hand, every stand-in of the suite keeps to it."""
    if DESCRIPTION.is_file():
        SpotifyStandIn.openapi = OpenApi.load(DESCRIPTION)


@pytest.fixture
def description(described):
    """Spotify's description of its Web API."""
    if SpotifyStandIn.openapi is None:
        pytest.skip(f"Spotify's description is not here: {DESCRIPTION}")
    return SpotifyStandIn.openapi


@pytest.fixture
def no_collector():
    """For a text of 100,000 brackets, which is parsed at the limit of recursion: if garbage were
    collected just then, the finalizers of other tests' objects would fail, and pytest the test."""
    gc.disable()
    yield
    gc.enable()


# --- made-up tables of tracks -------------------------------------------------

TIDY = ["track_id", "track_name", "track_artist", "track_popularity", "playlist_genre"]
FEATURES = ["danceability", "energy", "valence", "tempo", "acousticness", "instrumentalness",
            "loudness", "speechiness", "duration_ms"]  # fmt: skip
GENRES = ("rock", "pop", "rap")


def row(number, **values):
    """A row as TidyTuesday's; whatever is not given is the same for every song."""
    labels = [f"{number:022d}", f"Song {number}", f"By {number}", 60, "pop"]
    features = [0.5, 0.5, 0.5, 100, 0.5, 0.5, -8, 0.5, 200_000]
    return dict(zip(TIDY + FEATURES, labels + features, strict=True)) | values


def rows(count, seed=0):
    """Songs whose sound goes with their genre."""
    chance = random.Random(seed)
    for number in range(count):
        calm = chance.random()
        sound = {name: round(chance.random(), 3) for name in FEATURES[:-1]}
        sound |= {"energy": 1 - calm, "acousticness": calm, "loudness": -4 - 20 * calm}
        sound |= {"tempo": chance.uniform(60, 180), "playlist_genre": GENRES[int(3 * calm)]}
        yield row(number, **sound)


@pytest.fixture(scope="session")
def song():
    """Makes a row."""
    return row


@pytest.fixture(scope="session")
def songs():
    """Makes rows of different songs."""
    return lambda count, seed=0: list(rows(count, seed))


@pytest.fixture(scope="session")
def write():
    """Writes rows into a CSV."""

    def write(file, rows):
        with file.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return file

    return write
