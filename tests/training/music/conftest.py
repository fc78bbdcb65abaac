"""Made-up tables of tracks."""

import csv
import random

import pytest

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
