"""A picture of the plane: the clusters, the emotions, and the tracks of a selection."""

import textwrap
from collections.abc import Sequence
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from device.errors import PlaylistsError
from device.mood import Emotion
from device.playlist.circumplex import MATCHES
from device.playlist.selection import SelectedTrack
from device.playlist.tracks import TrackTable

_INCHES = (8, 9)
_DOTS_PER_INCH = 80
_TITLE_CHARACTERS = 70
_MINUTE_SECONDS = 60


def draw(table: TrackTable, selected: Sequence[SelectedTrack], title: str, file: Path) -> None:
    """Draw the plane into a PNG, and how valence and arousal change with time.

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
    figure, (plane, time) = plt.subplots(
        2, figsize=_INCHES, height_ratios=(4, 1), layout="constrained"
    )
    _draw_clusters(plane, table)
    if selected:
        _draw_way(plane, table, selected)
        _draw_time(time, table, selected)
    else:
        time.remove()
    plane.set(xlim=(0, 1), ylim=(0, 1), xlabel="valence", ylabel="arousal")
    figure.suptitle(textwrap.fill(title, _TITLE_CHARACTERS))
    figure.legend(*plane.get_legend_handles_labels(), loc="outside lower center", ncols=3,
                  frameon=False, fontsize=9)  # fmt: skip
    try:
        figure.savefig(file, dpi=_DOTS_PER_INCH, format="png")
    except OSError as error:
        raise PlaylistsError(f"{file}: cannot be written ({error.strerror}).") from None
    finally:
        plt.close(figure)


def _draw_clusters(axes: Axes, table: TrackTable) -> None:
    """All tracks and the clusters, and where the music for each emotion is."""
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


def _draw_way(axes: Axes, table: TrackTable, selected: Sequence[SelectedTrack]) -> None:
    """The tracks of a selection: a line until the trajectory arrives, dots from there on."""
    targets = np.array([each.target for each in selected])
    tracks = table.affect[[each.index for each in selected]]
    arrival = int(np.argmax((targets == targets[-1]).all(axis=1)))
    axes.plot(*targets.T, color="black", linewidth=1, linestyle=":", zorder=4)
    axes.plot(*tracks[: arrival + 1].T, "o-", color="black", markersize=5, linewidth=0.8, zorder=5)
    axes.plot(*tracks[arrival:].T, "o", color="black", markersize=4, alpha=0.7, zorder=5)
    for number in (0, arrival) if arrival else (0,):
        name = f"{number + 1}. {table.tracks[selected[number].index].title}"
        to_the_left = tracks[number, 0] > 0.5
        axes.annotate(name, tracks[number], (-8 if to_the_left else 8, -16),
                      textcoords="offset points", fontsize=9, zorder=6,
                      horizontalalignment="right" if to_the_left else "left",
                      bbox={"boxstyle": "round", "fc": "white", "alpha": 0.8})  # fmt: skip


def _draw_time(axes: Axes, table: TrackTable, selected: Sequence[SelectedTrack]) -> None:
    """Valence and arousal of the tracks and their targets over time."""
    indices = [each.index for each in selected]
    begin = np.cumsum([0, *table.seconds[indices[:-1]]]) / _MINUTE_SECONDS
    targets = np.array([each.target for each in selected])
    for axis, (name, colour) in enumerate((("valence", "tab:blue"), ("arousal", "tab:orange"))):
        axes.plot(begin, targets[:, axis], ":", color=colour)
        axes.plot(begin, table.affect[indices, axis], "o-", color=colour, markersize=3,
                  linewidth=0.8, label=name)  # fmt: skip
    axes.set(xlabel="minutes", ylim=(0, 1), xlim=(0, float(begin[-1])))
    axes.legend(loc="lower right", ncols=2, fontsize=9, frameon=False)
