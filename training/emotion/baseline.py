"""The baseline: a logistic regression on the same features as the network.

Its input is the mean and the deviation over time of every clip's frames, without augmentation, and
the corpora have the same weights as in the network's training. A network that is no better has
learned nothing from the order of the frames.
"""

import json

import numpy as np

from training.emotion import metrics
from training.emotion.corpora import DataError
from training.emotion.linear import Linear, importance, statistics
from training.emotion.predictions import merge_calm, number
from training.emotion.processes import in_processes
from training.emotion.runs import Part, Run
from training.emotion.tables import table

BASELINE_FILE = "baseline.json"

STRENGTH = 3e-4
"""See :meth:`training.emotion.linear.Linear.fit`."""


def baseline(run: Run, jobs: int) -> None:
    """Fit what is not fitted yet, and print the figures."""
    run.begin()
    missing = [part for part in _parts(run) if not (part.shared / BASELINE_FILE).exists()]
    in_processes(fit_part, [(run, part) for part in missing], jobs, "baseline")
    rows = ((name, f"{uar:.3f}") for name, uar in read(run).items())
    print(table(("evaluated on", "UAR"), rows))


def read(run: Run) -> dict[str, float]:
    """The UAR of each fold and of each corpus that was left out, by their names.

    Raises
    ------
    DataError
        One of them is missing.
    """
    try:
        files = {part.fold.name: part.shared / BASELINE_FILE for part in _parts(run)}
        return {name: json.loads(path.read_text("utf-8"))["uar"] for name, path in files.items()}
    except (OSError, ValueError, KeyError) as error:
        raise DataError("A baseline is missing; run `emotify-train baseline`.") from error


def _parts(run: Run) -> list[Part]:
    """The regression is deterministic, so one seed is enough."""
    return [part for part in run.evaluated if part.seed == 0]


def fit_part(run: Run, part: Part) -> str:
    """Fit one, and write its UAR."""
    features, emotions, corpora = [], [], []
    for name, clips in run.corpora.items():
        own = [clip for clip in clips if part.fold.trains_on(clip)]
        rows, heard = _statistics(run.features.of(own))
        features += rows
        emotions += [number(clip.emotion) for clip, one in zip(own, heard, strict=True) if one]
        corpora += [name] * len(rows)
    weights = importance(corpora, emotions, run.settings)
    model = Linear.fit(np.array(features), emotions, weights, STRENGTH)

    test = [clip for clip in run.clips if part.fold.tests_on(clip)]
    rows, heard = _statistics(run.features.of(test))
    answers = np.full(len(test), -1)
    answers[np.array(heard)] = model(model.standardised(np.array(rows))).argmax(axis=1)
    truth = np.array([number(clip.emotion) for clip in test])
    corpus = np.array([clip.corpus for clip in test])
    uar = round(metrics.uar(*(merge_calm(corpus, one) for one in (truth, answers))), 4)
    part.shared.mkdir(parents=True, exist_ok=True)
    (part.shared / BASELINE_FILE).write_text(json.dumps({"uar": uar}) + "\n", encoding="utf-8")
    return f"{part.fold.name}, UAR {uar:.3f}"


def _statistics(each: list[np.ndarray]) -> tuple[list[np.ndarray], list[bool]]:
    """The statistics of each clip with speech, and which clips these are."""
    heard = [len(frames) > 0 for frames in each]
    return [statistics(frames.astype(np.float32)) for frames in each if len(frames)], heard
