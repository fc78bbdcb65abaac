"""The playlists that Emotify comes with, how well they fit, and what building costs.

emotify-train playlists starter          the affect model and the playlists of Emotify
emotify-train playlists build CSV        playlists of one's own tracks in a file
emotify-train playlists score TABLE.csv  how well labelled music is placed
emotify-train playlists read             all lists, for a person to read
emotify-train playlists presses          what comes again from press to press
emotify-train playlists scale            time and memory for many synthetic tracks
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from device.playlist_builder.build import (
    build_and_print,
    document,
    print_row_errors,
    read_document,
    released_affect_model,
    sha256,
    write_and_print,
)
from training.music.affect_training import (
    correlations,
    fit,
    mood_correlations,
    read_listeners,
)
from training.music.artist_words import read_artist_words
from training.music.labelled import read_labelled
from training.music.scale import measure, synthesise
from training.music.score import score
from training.music.starter import TABLES, starter

SCALE_TRACKS = (1_000, 10_000, 100_000, 1_000_000)


def write_starter(data: Path, output: Path) -> None:
    """Fit the affect model, build the playlists that Emotify comes with, and print the result."""
    folder = data / "tracks"
    labelled, listeners = read_labelled(folder / "human_moods.csv"), read_listeners(folder)
    affect_model = fit(labelled, listeners, read_artist_words(folder))
    r = correlations(affect_model, labelled)
    print(f"Affect model, fitted to {len(labelled)} labelled tracks. Pearson's r with the labels:")
    print(f"  the model, on artists that it was not fitted to  {_pair(r['model'])}")
    print(f"  Spotify's own valence and energy                 {_pair(r['raw'])}")
    moods = mood_correlations(affect_model, labelled, listeners)
    print("  moods                                            "
          + "  ".join(f"{mood} {r:.2f}" for mood, r in moods.items()))  # fmt: skip
    source: dict[str, Any] = {
        "tracks": "TidyTuesday 2020-01-21, spotify_songs.csv (CC0); Billboard Hot 100 1960-2016 "
        "with audio features, mikkelkrogsholm/billboard (MIT)",
        "affect_model": "Deezer mood detection data set (Delbouys et al. 2018); tags of listeners "
        "on Last.fm (multimodal MER data set; HetRec 2011); Spotify's genres of artists",
    }
    songs, labels = starter(folder, affect_model, listeners)
    built = build_and_print("the tables", songs, affect_model, labels)
    source |= {"sha256": {table: sha256(folder / table) for table in TABLES}}
    made = document(built, source) | {"affect_model": affect_model.to_dict()}
    write_and_print(built, made, output)


def print_score(file: Path, playlists: Path, data: Path) -> None:
    """Print how well labelled music is placed, and the same for simpler methods."""
    labelled = read_labelled(file)
    affect_model = released_affect_model()
    catalogue = None
    if all((data / "tracks" / table).exists() for table in TABLES):
        folder = data / "tracks"
        catalogue, _ = starter(folder, affect_model, read_listeners(folder))
    known, scores = score(labelled, read_document(playlists), affect_model, catalogue)
    print(f"{file.name}: {len(known)} labelled tracks scored")
    print_row_errors(labelled.row_errors)
    if len(known) < len(labelled):
        print(f"{len(labelled) - len(known)} tracks have no features and are not known.")
    if not any(known.artists):
        print("It names no artists, so the model may have been fitted to some of these tracks.")
    if catalogue is None:
        print(f"Plain K-Means is not compared: it needs {' and '.join(TABLES)} in {data}/tracks.")
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


def _pair(r: tuple[float, float]) -> str:
    return f"valence {r[0]:.3f}  arousal {r[1]:.3f}"
