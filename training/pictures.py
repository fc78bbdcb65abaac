"""Pictures: the figures of the card, drawn."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from device.mood import Emotion
from training.figures import Figures

_BINS = 10


def draw(figures: Figures, folder: Path) -> None:
    """Draw ``confusion.png``, ``actors.png``, ``reliability.png`` and ``coverage.png``."""
    for name, drawing, size in (
        ("confusion", _confusion, (5.5, 5)),
        ("actors", _actors, (7, 3)),
        ("reliability", _reliability, (4, 4)),
        ("coverage", _coverage, (4, 4)),
    ):
        picture = Figure(size, layout="constrained")
        drawing(picture.add_subplot(), figures)
        picture.savefig(folder / f"{name}.png", dpi=80, metadata={"Software": None})


def _confusion(axes: Axes, figures: Figures) -> None:
    shares = figures.confusion / np.maximum(figures.confusion.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for (row, column), share in np.ndenumerate(shares):
        colour = "white" if share > 0.5 else "black"
        axes.text(column, row, f"{100 * share:.0f}", ha="center", va="center", color=colour)
    axes.set_xticks(range(len(Emotion) + 1), [*Emotion, "unheard"], rotation=60)
    axes.set_yticks(range(len(Emotion)), list(Emotion))
    axes.set(xlabel="heard as", ylabel="acted", title="Of 100 clips of each emotion")


def _actors(axes: Axes, figures: Figures) -> None:
    actors = list(figures.actor_recalls)
    axes.bar(range(len(actors)), list(figures.actor_recalls.values()), color="tab:blue")
    axes.axhline(figures.uar, color="black", linewidth=1)
    axes.set_xticks(range(len(actors)), [str(int(actor)) for actor in actors])
    axes.set(ylim=(0, 1), xlabel="actor", ylabel="UAR", title="Each actor, unheard in training")


def _reliability(axes: Axes, figures: Figures) -> None:
    place = np.minimum((figures.confidence * _BINS).astype(int), _BINS - 1)
    filled = np.unique(place)
    said = [figures.confidence[place == b].mean() for b in filled]
    true = [figures.right[place == b].mean() for b in filled]
    axes.plot((0, 1), (0, 1), color="grey", linewidth=1)
    axes.plot(said, true, marker="o")
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="probability", ylabel="share right")
    axes.set_title(f"Reliability (ECE {figures.calibration_error:.3f})")


def _coverage(axes: Axes, figures: Figures) -> None:
    shares = np.linspace(0.1, 1, 46)
    axes.plot(shares, [figures.accuracy_at(share) for share in shares])
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="share answered, the surest first", ylabel="accuracy")
    axes.set_title("Coverage")
