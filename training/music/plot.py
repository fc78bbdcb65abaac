"""A picture of the plane: the clusters, the emotions, and the tracks that were chosen."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np

from device.errors import PlaylistsError
from device.mood import Emotion
from device.playlist.circumplex import place
from device.playlist.tracks import Music

_INCHES = (8, 7)
_DOTS_PER_INCH = 80


def draw(music: Music, chosen: Sequence[tuple[float, float, int]], title: str, file: Path) -> None:
    """Draw the plane into a PNG.

    Parameters
    ----------
    music : Music
    chosen : sequence of (float, float, int)
        Valence and arousal of each step of the walk, and the position of the track taken there.
    title : str
    file : Path

    Raises
    ------
    PlaylistsError
        When the file cannot be written.
    """
    figure, axes = plt.subplots(figsize=_INCHES, layout="constrained")
    colours = plt.get_cmap("tab20")(np.linspace(0, 1, len(music.words)))
    for label, words in enumerate(music.words):
        members = music.place[music.cluster == label]
        axes.scatter(
            members[:, 0], members[:, 1], s=4, color=colours[label], alpha=0.4, linewidths=0
        )
        x, y = music.cluster_place[label]
        axes.scatter(x, y, s=90, marker="s", color=colours[label],
                     edgecolors="black", linewidths=0.6, label=words, zorder=3)  # fmt: skip
    for emotion in Emotion:
        axes.plot(*place(emotion), "k+", markersize=10)
        x, y = place(emotion)
        axes.annotate(emotion, (x, y), (6, 5), textcoords="offset points", fontsize=11)
    if chosen:
        steps = np.array([step[:2] for step in chosen])
        tracks = music.place[[position for _, _, position in chosen]]
        axes.plot(*steps.T, color="black", linewidth=1, linestyle=":", zorder=4)
        axes.plot(*tracks.T, "o-", color="black", markersize=5, linewidth=0.8, zorder=5)
        for number in (0, len(chosen) - 1):
            position = chosen[number][2]
            axes.annotate(f"{number + 1}. {music.tracks[position].title}", tracks[number], (8, -14),
                          textcoords="offset points", fontsize=9, zorder=6,
                          bbox={"boxstyle": "round", "fc": "white", "alpha": 0.8})  # fmt: skip
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="valence", ylabel="arousal", title=title)
    figure.legend(loc="outside lower center", ncols=2, frameon=False, fontsize=9)
    try:
        figure.savefig(file, dpi=_DOTS_PER_INCH, format="png")
    except OSError as error:
        raise PlaylistsError(f"{file}: cannot be written ({error.strerror}).") from None
    finally:
        plt.close(figure)
