"""Times choosing a playlist for a mood, from the built-in tracks.

    python tests/bench/choosing.py

Prints the processor time of a choice, and its ratio to sorting as many random numbers as there are
tracks, measured in turn.
"""

import statistics
import tempfile
from pathlib import Path

import numpy as np
from box import milliseconds

from device.config.config import Config
from device.mood import Emotion, Mood
from device.playlist.history import History
from device.playlist.playlist import Playlists

TIMES = 200


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        everything = Playlists(
            (Config().models_folder / "playlists.json",), History(Path(folder) / "history.json")
        )
        tracks = len(everything.select(Mood.certain(Emotion.HAPPY)).table.affect)
        numbers = np.random.default_rng(0).random(tracks)
        choices, sorts = [], []
        for number in range(TIMES):
            mood = Mood.certain(list(Emotion)[number % len(Emotion)])
            choices.append(milliseconds(lambda mood=mood: everything.for_mood(mood)))
            sorts.append(milliseconds(lambda: np.sort(numbers)))
    choice, sort = statistics.median(choices), statistics.median(sorts)
    print(
        f"{choice:.1f} ms for a choice from {tracks} tracks, "
        f"{choice / sort:.0f} times as long as sorting as many numbers"
    )


if __name__ == "__main__":
    main()
