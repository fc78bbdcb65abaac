"""Reading the playlists as a listener, and counting what comes again from press to press."""

import random
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from device.mood import Emotion, Mood
from device.playlist.history import History
from device.playlist.playlist import Playlists, Selection
from device.playlist.preferences import LANGUAGES, Preferences, Strategy, default_strategies
from device.playlist.tracks import MOODS, Explicit, TrackTable

ONE_EMOTION_PRESSES = 30
MIXED_PRESSES = 120
_LATE_PRESSES = 10
_DISTINCTIVE_MOOD = 0.7


def print_lists(playlists: Path, seeds: Sequence[int]) -> None:
    """Print the playlists of all emotions with both strategies, a line for each track."""
    with tempfile.TemporaryDirectory() as folder:
        for emotion in Emotion:
            for strategy in Strategy:
                for seed in seeds:
                    strategies = dict.fromkeys(Emotion, strategy)
                    made = _playlists(playlists, Path(folder) / "none.json", strategies)
                    selection = made.select(Mood.certain(emotion), seed)
                    print(f"\n{strategy} {selection.playlist.name} (seed {seed})")
                    for number, line in enumerate(_lines(selection), 1):
                        print(f"  {number:2} {line}")


def print_presses(playlists: Path, seed: int) -> None:
    """Print what comes again in 30 presses of one emotion, and in 120 of all in turn."""
    print(f"{'':22} largest  distinct   most of an  most of    distance")
    print(f"{ONE_EMOTION_PRESSES:3} presses            shared    tracks      artist   a track"
          "  fresh   late")  # fmt: skip
    for strategy in Strategy:
        for emotion in Emotion:
            moods = [Mood.certain(emotion)] * ONE_EMOTION_PRESSES
            found = _press(playlists, moods, dict.fromkeys(Emotion, strategy), seed)
            print(f"  {emotion:10} {strategy:7} {found}", flush=True)
    order = random.Random(seed).choices(list(Emotion), k=MIXED_PRESSES)
    found = _press(playlists, [Mood.certain(e) for e in order], default_strategies(), seed)
    print(f"{MIXED_PRESSES} mixed presses    {found}")


@dataclass(frozen=True)
class Repetition:
    """What comes again.

    Attributes
    ----------
    shared : float in 0..1
        The largest share of a playlist that another one also has.
    distinct, artist, track : int
        Different tracks; how often the most frequent artist and track were played.
    fresh, late : float
        Mean distance of the tracks from their targets, without memory and in the last presses.
    """

    shared: float
    distinct: int
    artist: int
    track: int
    fresh: float
    late: float

    def __str__(self) -> str:
        return (
            f"{self.shared:8.0%} {self.distinct:9} {self.artist:11} {self.track:9}"
            f"  {self.fresh:.3f}  {self.late:.3f} ({self.late / self.fresh - 1:+.0%})"
        )


def _press(
    file: Path, moods: Sequence[Mood], strategies: dict[Emotion, Strategy], seed: int
) -> Repetition:
    with tempfile.TemporaryDirectory() as folder:
        fresh = _playlists(file, Path(folder) / "none.json", strategies)
        made = _playlists(file, Path(folder) / "history.json", strategies)
        without = [fresh.select(mood, seed + n) for n, mood in enumerate(moods)]
        found = []
        for number, mood in enumerate(moods):
            found.append(made.select(mood, seed + number))
            made.add_to_history(found[-1].playlist)
    lists = [selection.playlist.tracks for selection in found]
    tracks = Counter(track.uri for each in lists for track in each)
    artists = Counter(track.artist.casefold() for each in lists for track in each)
    uris = [{track.uri for track in each} for each in lists]
    shared = max(len(a & b) / len(a) for a, b in combinations(uris, 2))
    return Repetition(
        shared=shared,
        distinct=len(tracks),
        artist=artists.most_common(1)[0][1],
        track=tracks.most_common(1)[0][1],
        fresh=_distance(without),
        late=_distance(found[-_LATE_PRESSES:]),
    )


def _distance(selections: Sequence[Selection]) -> float:
    return float(np.mean([track.distance for each in selections for track in each.tracks]))


def _playlists(file: Path, history: Path, strategies: dict[Emotion, Strategy]) -> Playlists:
    return Playlists((file,), History(history), Preferences(strategies=strategies))


def _lines(selection: Selection) -> list[str]:
    table = selection.table
    assert table is not None
    return [_line(table, each.index) for each in selection.tracks]


def _line(table: TrackTable, i: int) -> str:
    track = table.tracks[i]
    valence, arousal = table.affect[i]
    moods = [m for m, value in zip(MOODS, table.moods[i], strict=True) if value > _DISTINCTIVE_MOOD]
    flags = {Explicit.YES: ["explicit"], Explicit.PROBABLY: ["explicit?"]}.get(
        table.explicit[i], []
    )
    flags += ["pleasant"] if table.is_pleasant[i] else []
    kind = [str(table.year[i] or "?"), track.style]
    kind += [] if track.language == LANGUAGES[0] else [track.language]
    about = f"{track.title} - {track.artist} ({', '.join(kind)})"
    marks = " ".join((*moods, *(f"[{flag}]" for flag in flags)))
    return f"{valence:.2f} {arousal:.2f}  {about} {marks}".rstrip()
