"""Tables: the figures in Markdown, for the terminal and for the card."""

from collections.abc import Iterable, Mapping, Sequence

from device.mood import Emotion
from training.emotion.figures import COVERAGES, Evaluation, Figures


def summary(evaluation: Evaluation) -> str:
    """The main figures."""
    figures, in_rooms = evaluation.ravdess, evaluation.in_rooms
    worst = min(figures.speaker_uars, key=figures.speaker_uars.__getitem__)
    seeds = len(figures.uars)
    return table(
        ("figure", "value"),
        [
            ("UAR on corpora left out, mean", f"**{evaluation.left_out_uar:.3f}**"),
            ("UAR in rooms left out, with noise", _with_interval(in_rooms)),
            (
                "the same, of the clips with speech",
                f"{in_rooms.uar_when_heard:.3f} ({in_rooms.unheard} of {in_rooms.clips} unheard)",
            ),
            (f"UAR on RAVDESS, mean of {seeds} seed{'s' * (seeds > 1)}", _with_interval(figures)),
            ("standard deviation over seeds", f"{figures.uar_deviation:.3f}" if seeds > 1 else "-"),
            ("UAR by fold", ", ".join(f"{u:.3f}" for u in figures.fold_uars.values())),
            ("accuracy", f"{_mean(figures.accuracies):.3f}"),
            ("accuracy where calm counts as neutral", f"{_mean(figures.seven_way):.3f}"),
            ("worst actor", f"{figures.speaker_uars[worst]:.3f} (actor {int(worst)})"),
            ("calibration error (ECE) before, after", _errors(figures)),
            (
                "accuracy on the 70 % with the highest probability",
                f"{figures.accuracy_at(0.7):.3f}",
            ),
            ("share of answers that are sure", f"{figures.sure:.3f}"),
            ("accuracy of the sure answers", f"{figures.accuracy_when_sure:.3f}"),
            ("clips without speech", f"{figures.unheard} of {figures.clips}"),
        ],
    )


def corpora_table(evaluation: Evaluation) -> str:
    """The figures of each corpus left out."""
    rows = [
        (
            corpus,
            f"{figures.clips}",
            _with_interval(figures),
            _errors(figures),
            f"{figures.sure:.3f}",
            f"{figures.accuracy_when_sure:.3f}",
            f"{figures.sure_factor:.2f}",
            f"{figures.unheard}",
        )
        for corpus, figures in evaluation.left_out.items()
    ]
    head = ("corpus", "clips", "UAR", "ECE before, after", "sure", "accuracy of these")
    return table((*head, "against all", "unheard"), rows)


def baseline_table(baseline: Mapping[str, float], evaluation: Evaluation) -> str:
    """UARs of the baseline and of the networks, and their differences."""
    uars = {f"fold{number}": uar for number, uar in evaluation.ravdess.fold_uars.items()}
    uars |= {corpus: figures.uar for corpus, figures in evaluation.left_out.items()}
    rows = [
        (name, f"{one:.3f}", f"{uars[name]:.3f}", f"{uars[name] - one:+.3f}")
        for name, one in baseline.items()
    ]
    return table(("evaluated on", "logistic regression", "network", "difference"), rows)


def by_emotion(evaluation: Evaluation) -> str:
    """The recall of each emotion: on RAVDESS and in each corpus that was left out."""
    columns = [evaluation.ravdess, *evaluation.left_out.values()]
    rows = [
        (emotion, *(figure(figures.recalls[number]) for figures in columns))
        for number, emotion in enumerate(Emotion)
    ]
    return table(("emotion", "ravdess", *evaluation.left_out), rows)


def by_actor(figures: Figures) -> str:
    """The UAR of each actor of RAVDESS; even numbers are women, odd ones men."""
    rows = ((str(int(actor)), f"{uar:.3f}") for actor, uar in figures.speaker_uars.items())
    return table(("actor", "UAR"), rows)


def by_coverage(figures: Figures) -> str:
    """Accuracy on the clips with the highest probabilities."""
    rows = ((f"{share:.0%}", f"{figures.accuracy_at(share):.3f}") for share in COVERAGES)
    return table(("surest", "accuracy"), rows)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _with_interval(figures: Figures) -> str:
    low, high = figures.interval
    return f"**{figures.uar:.3f}** ({low:.3f} to {high:.3f})"


def figure(value: float) -> str:
    """A number with three decimals; a dash for NaN."""
    return "-" if value != value else f"{value:.3f}"


def _errors(figures: Figures) -> str:
    return f"{figures.calibration_error_before:.3f}, {figures.calibration_error:.3f}"


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
