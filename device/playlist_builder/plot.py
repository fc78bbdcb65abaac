"""A picture of the plane: the clusters, the emotions, and the tracks of a selection."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np

from device.errors import PlaylistsError
from device.mood import Emotion
from device.playlist.circumplex import MATCHES
from device.playlist.selection import SelectedTrack
from device.playlist.tracks import TrackTable

_INCHES = (8, 7)
_DOTS_PER_INCH = 80


def draw(table: TrackTable, selected: Sequence[SelectedTrack], title: str, file: Path) -> None:
    """Draw the plane into a PNG.

    Parameters
    ----------
    table : TrackTable
    selected : sequence of SelectedTrack
        The selection to draw; empty for the clusters and emotions alone.
    title : str
    file : Path

    Raises
    ------
    PlaylistsError
        When the file cannot be written.
    """
    figure, axes = plt.subplots(figsize=_INCHES, layout="constrained")
    colours = plt.get_cmap("tab20")(np.linspace(0, 1, len(table.labels)))
    for cluster, label in enumerate(table.labels):
        members = table.affect[table.cluster == cluster]
        axes.scatter(
            members[:, 0], members[:, 1], s=4, color=colours[cluster], alpha=0.4, linewidths=0
        )
        x, y = table.cluster_affect[cluster]
        axes.scatter(x, y, s=90, marker="s", color=colours[cluster],
                     edgecolors="black", linewidths=0.6, label=label, zorder=3)  # fmt: skip
    for emotion in Emotion:
        x, y = MATCHES[emotion].valence, MATCHES[emotion].arousal
        axes.plot(x, y, "k+", markersize=10)
        axes.annotate(emotion, (x, y), (6, 5), textcoords="offset points", fontsize=11)
    if selected:
        targets = np.array([each.target for each in selected])
        tracks = table.affect[[each.index for each in selected]]
        axes.plot(*targets.T, color="black", linewidth=1, linestyle=":", zorder=4)
        axes.plot(*tracks.T, "o-", color="black", markersize=5, linewidth=0.8, zorder=5)
        for number in (0, len(selected) - 1):
            name = table.tracks[selected[number].index].title
            axes.annotate(f"{number + 1}. {name}", tracks[number], (8, -14),
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
