"""Tables: the figures in Markdown, for the terminal and for the card."""

from collections.abc import Iterable, Sequence

from device.mood import Emotion
from training.figures import COVERAGES, Figures


def summary(figures: Figures) -> str:
    """The figures that matter, as a table."""
    low, high = figures.interval
    worst = min(figures.actor_recalls, key=figures.actor_recalls.__getitem__)
    seeds = len(figures.uars)
    return table(
        ("figure", "value"),
        [
            (f"UAR, mean of {seeds} seed{'s' * (seeds > 1)}", f"**{figures.uar:.3f}**"),
            ("95 % interval over actors", f"{low:.3f} to {high:.3f}"),
            ("standard deviation over seeds", f"{figures.uar_deviation:.3f}" if seeds > 1 else "-"),
            ("UAR by fold", ", ".join(f"{u:.3f}" for u in figures.fold_uars.values())),
            ("accuracy", f"{_mean(figures.accuracies):.3f}"),
            ("accuracy where neutral counts as calm", f"{_mean(figures.seven_way):.3f}"),
            ("worst actor", f"{figures.actor_recalls[worst]:.3f} (actor {int(worst)})"),
            ("calibration error (ECE) before, after", _errors(figures)),
            ("accuracy on the 70 % it is surest of", f"{figures.accuracy_at(0.7):.3f}"),
            ("share of answers that are sure", f"{figures.sure:.3f}"),
            ("accuracy of the sure answers", f"{figures.accuracy_when_sure:.3f}"),
            ("clips without speech for the device", f"{figures.unheard} of {figures.clips}"),
        ],
    )


def by_emotion(figures: Figures) -> str:
    """The recall of each emotion."""
    rows = zip(Emotion, (f"{recall:.3f}" for recall in figures.recalls), strict=True)
    return table(("emotion", "recall"), rows)


def by_actor(figures: Figures) -> str:
    """The UAR of each actor; even numbers are women, odd ones men."""
    rows = ((str(int(actor)), f"{uar:.3f}") for actor, uar in figures.actor_recalls.items())
    return table(("actor", "UAR"), rows)


def by_coverage(figures: Figures) -> str:
    """Accuracy on the clips that the model is surest of."""
    rows = ((f"{share:.0%}", f"{figures.accuracy_at(share):.3f}") for share in COVERAGES)
    return table(("surest", "accuracy"), rows)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _errors(figures: Figures) -> str:
    return f"{figures.calibration_error_before:.3f}, {figures.calibration_error:.3f}"


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
