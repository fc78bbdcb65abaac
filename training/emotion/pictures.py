"""The pictures of the model card.

scikit-learn's displays are not used because they draw neither the column of unheard clips nor only
the bins with enough clips.
"""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from device.mood import Emotion
from training.emotion.figures import Evaluation, Figures
from training.emotion.household_figures import FRESH, HouseholdFigures
from training.emotion.lives import HEARD, MIXES, mixed

_BINS = 10
_MIN_IN_A_BIN = 10


def draw(evaluation: Evaluation, household: HouseholdFigures, folder: Path) -> None:
    """Draw ``corpora.png``, ``household.png``, ``confusion.png``, ``actors.png``,
    ``reliability.png`` and ``coverage.png``."""
    for name, drawing, size in (
        ("corpora", lambda axes: _corpora(axes, evaluation), (7, 3)),
        ("household", lambda axes: _household(axes, household), (7, 3.5)),
        ("confusion", lambda axes: _confusion(axes, evaluation.ravdess), (5.5, 5)),
        ("actors", lambda axes: _actors(axes, evaluation.ravdess), (7, 3)),
        ("reliability", lambda axes: _reliability(axes, evaluation), (4, 4)),
        ("coverage", lambda axes: _coverage(axes, evaluation), (4, 4)),
    ):
        picture = Figure(size, layout="constrained")
        drawing(picture.add_subplot())
        picture.savefig(folder / f"{name}.png", dpi=80, metadata={"Software": None})


def _confusion(axes: Axes, figures: Figures) -> None:
    shares = figures.confusion / np.maximum(figures.confusion.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for (row, column), share in np.ndenumerate(shares):
        colour = "white" if share > 0.5 else "black"
        axes.text(column, row, f"{100 * share:.0f}", ha="center", va="center", color=colour)
    axes.set_xticks(range(len(Emotion) + 1), [*Emotion, "unheard"], rotation=60)
    axes.set_yticks(range(len(Emotion)), list(Emotion))
    axes.set(xlabel="recognised as", ylabel="acted", title="Of 100 clips of each emotion")


def _actors(axes: Axes, figures: Figures) -> None:
    actors = list(figures.speaker_uars)
    axes.bar(range(len(actors)), list(figures.speaker_uars.values()), color="tab:blue")
    axes.axhline(figures.uar, color="black", linewidth=1)
    axes.set_xticks(range(len(actors)), [str(int(actor)) for actor in actors])
    axes.set(ylim=(0, 1), xlabel="actor", ylabel="UAR", title="Each test actor")


def _corpora(axes: Axes, evaluation: Evaluation) -> None:
    each = {
        "ravdess": evaluation.ravdess,
        "ravdess\nin rooms": evaluation.in_rooms,
    } | evaluation.left_out
    uars = np.array([figures.uar for figures in each.values()])
    low, high = np.array([figures.interval for figures in each.values()]).T
    colours = ["tab:grey"] * 2 + ["tab:blue"] * len(evaluation.left_out)
    # The interval is of the mean over seeds; with few speakers it may lie to one side.
    errors = np.maximum(0, (uars - low, high - uars))
    axes.bar(range(len(each)), uars, yerr=errors, color=colours, capsize=3)
    axes.set_xticks(range(len(each)), list(each))
    axes.set(ylim=(0, 1), ylabel="UAR", title="Corpora left out of training")


def _household(axes: Axes, household: HouseholdFigures) -> None:
    """The corpora in colours, the mixes of moods as kinds of lines."""
    counts = (0, *HEARD)
    styles = list(zip(MIXES, ("-", "--", ":", "-."), strict=True))
    columns = {corpus: uars.__getitem__ for corpus, uars in household.uars.items()}
    lines = columns | {"mean of those left out": household.mean_of_left_out}
    for number, (corpus, uar) in enumerate(lines.items()):
        colour = f"C{number}" if corpus in columns else "black"
        for mix, style in styles:
            uars = [uar(FRESH), *(uar(mixed(mix, heard)) for heard in HEARD)]
            label = corpus if mix == MIXES[0] else None
            axes.plot(counts, uars, style, color=colour, marker=".", label=label)
    for mix, style in styles:
        axes.plot([], [], style, color="grey", label=mix)
    axes.set_xticks(counts)
    axes.set(xlabel="sentences heard before", ylabel="UAR", title="Knowing the household")
    axes.legend(fontsize="x-small", loc="center left", bbox_to_anchor=(1, 0.5))


def _reliability(axes: Axes, evaluation: Evaluation) -> None:
    axes.plot((0, 1), (0, 1), color="grey", linewidth=1)
    for name, figures in _each(evaluation).items():
        index = np.minimum((figures.confidence * _BINS).astype(int), _BINS - 1)
        filled = [b for b in range(_BINS) if (index == b).sum() >= _MIN_IN_A_BIN]
        predicted = [figures.confidence[index == b].mean() for b in filled]
        observed = [figures.right[index == b].mean() for b in filled]
        axes.plot(predicted, observed, marker="o", markersize=3, label=name)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="probability", ylabel="share right")
    axes.set_title("Reliability")
    axes.legend(fontsize="small")


def _coverage(axes: Axes, evaluation: Evaluation) -> None:
    shares = np.linspace(0.1, 1, 46)
    for name, figures in _each(evaluation).items():
        axes.plot(shares, [figures.accuracy_at(share) for share in shares], label=name)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="share answered, the surest first", ylabel="accuracy")
    axes.set_title("Coverage")
    axes.legend(fontsize="small")


def _each(evaluation: Evaluation) -> dict[str, Figures]:
    return {"ravdess": evaluation.ravdess} | evaluation.left_out
