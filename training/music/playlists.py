"""The playlists that Emotify comes with, how well they fit, and what building costs.

emotify-train playlists starter          the affect model and the playlists of Emotify
emotify-train playlists build CSV        playlists of one's own tracks in a file
emotify-train playlists score TABLE.csv  how well labelled music is placed
emotify-train playlists scale            time and memory for many synthetic tracks
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from device.playlist_builder.build import build_file, print_row_errors, read_document
from device.playlist_builder.catalogue import Catalogue, read_catalogue
from training.music.affect_training import correlations, fit
from training.music.labelled import read_labelled
from training.music.scale import measure, synthesise
from training.music.score import score

MIN_POPULARITY = 50
"""Of the starter's tracks: less popular ones are more often gone from Spotify."""

SCALE_TRACKS = (1_000, 10_000, 100_000, 1_000_000)


def write_starter(data: Path, output: Path) -> None:
    """Fit the affect model, build the playlists that Emotify comes with, and print the result."""
    labelled = read_labelled(data / "tracks" / "human_moods.csv")
    affect_model = fit(labelled)
    r = correlations(affect_model, labelled)
    print(f"Affect model, fitted to {len(labelled)} labelled tracks. Pearson's r with the labels:")
    print(f"  the model, on artists that it was not fitted to  {_pair(r['model'])}")
    print(f"  Spotify's own valence and energy                 {_pair(r['raw'])}")
    source = {
        "tracks": "TidyTuesday 2020-01-21, spotify_songs.csv (CC0), songs of popularity "
        f"{MIN_POPULARITY} or more",
        "affect_model": "human_moods.csv: Deezer mood detection data set (Delbouys et al. 2018)",
    }
    build_file(_starter_table(data), starter(data), affect_model, source, output)


def print_score(file: Path, playlists: Path, data: Path) -> None:
    """Print how well labelled music is placed, and the same for simpler methods."""
    labelled = read_labelled(file)
    table = _starter_table(data)
    catalogue = starter(data) if table.exists() else None
    known, scores = score(labelled, read_document(playlists), catalogue)
    print(f"{file.name}: {len(known)} labelled tracks scored")
    print_row_errors(labelled.row_errors)
    if len(known) < len(labelled):
        print(f"{len(labelled) - len(known)} tracks have no features and are not known.")
    if not any(known.artists):
        print("It names no artists, so the model may have been fitted to some of these tracks.")
    if catalogue is None:
        print(f"Plain K-Means is not compared: it needs {table}.")
    print(f"{'':49} right quadrant  rank correlation")
    for found in scores:
        print(f"  {found.name:47} {found.share:14.1%} {found.correlation:17.3f}")


def print_scale(counts: Sequence[int]) -> None:
    """Build from more and more synthetic tracks, and print time and memory."""
    print("   tracks  seconds       MB")
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "tracks.csv"
        for tracks in counts:
            synthesise(table, tracks)
            cost = measure(table, tracks, Path(folder) / "playlists.json")
            print(f"{tracks:9}  {cost.seconds:7.1f}  {cost.megabytes:7.0f}", flush=True)


def starter(data: Path) -> Catalogue:
    """The popular songs of the starter table.

    Raises
    ------
    CatalogueError
        When the table does not exist.
    """
    catalogue = read_catalogue(_starter_table(data))
    return catalogue.take(np.flatnonzero(catalogue.popularity >= MIN_POPULARITY))


def _starter_table(data: Path) -> Path:
    return data / "tracks" / "spotify_songs.csv"


def _pair(r: tuple[float, float]) -> str:
    return f"valence {r[0]:.2f}  arousal {r[1]:.2f}"
