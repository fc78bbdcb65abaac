"""A simulated owner who refuses wrong moods, to see whether refusals help and stay bounded.

The answers are those of the evaluation, for a fresh box. The owner speaks with known tendencies,
and refuses half of the wrong moods that the light shows, the next ones included.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from device.emotion.household import Household
from device.mood import Emotion
from training.emotion.calibration import Calibration, calibrations
from training.emotion.corpora import RAVDESS
from training.emotion.predictions import Predictions, merge_calm
from training.emotion.tables import table

SENTENCES = 300
REFUSES = 0.5

TENDENCIES = {
    "even": (1, 1, 1, 1, 1, 1, 1, 1),
    "65 % neutral or calm": (6.5, 6.5, 1, 1, 1, 1, 1, 1),
    "never fearful, disgust or surprised": (1, 1, 1, 1, 1, 0, 0, 0),
    "neutral, calm or happy only": (1, 1, 1, 0, 0, 0, 0, 0),
}
"""How often an owner is in each mood, in the order of :class:`device.mood.Emotion`."""

OWNERS = 6
"""Of each kind and corpus."""

_NOTHING = np.zeros(1, np.float32)


@dataclass(frozen=True)
class Evening:
    """What came of the sentences of one owner.

    Attributes
    ----------
    without, right : float in 0..1
        Share of right first answers without refusals, and with them.
    lowest : float in 0..1
        The lowest factor that the probability of an emotion ever had.
    """

    without: float
    right: float
    lowest: float


def live_with(
    answers: Predictions, calibration: Calibration, tendencies: tuple[float, ...], seed: int
) -> Evening:
    """Let one owner speak and refuse.

    Parameters
    ----------
    answers : Predictions
        Of one corpus; only clips with speech are used.
    calibration : Calibration
    tendencies : tuple of float [shape=(8,)]
        At least one for an emotion that the corpus has is above zero.
    seed : int
    """
    answers = answers.where(answers.heard)
    given = calibration.apply(answers.probabilities)
    truth = merge_calm(answers.corpora, answers.emotions)
    rng = np.random.default_rng(seed)
    weights = np.array(tendencies)[answers.emotions]
    weights = weights / np.bincount(answers.emotions, minlength=len(Emotion))[answers.emotions]
    spoken = rng.choice(len(truth), SENTENCES, p=weights / weights.sum())
    shown = merge_calm(answers.corpora, np.arange(len(Emotion))[None].repeat(len(truth), 0).T).T
    household, right, lowest = Household(), 0, 1.0
    for row in spoken:
        ranked = np.argsort(-given[row] * household.prior(), kind="stable")
        right += shown[row, ranked[0]] == truth[row]
        household = household.with_sentence("", _NOTHING, list(Emotion)[ranked[0]], at=0.0)
        for emotion in ranked:
            if shown[row, emotion] == truth[row] or rng.random() >= REFUSES:
                break
            household = household.with_refusal(list(Emotion)[emotion])
        lowest = min(lowest, float(household.prior().min()))
    without = float(np.mean(shown[spoken, given[spoken].argmax(axis=1)] == truth[spoken]))
    return Evening(without, right / SENTENCES, lowest)


def by_tendencies(folds: Predictions, in_rooms: Predictions, left_out: Predictions) -> str:
    """Owners of each kind with and without refusals, as a table: means over the corpora."""
    decided = calibrations(left_out, in_rooms)
    corpora = {RAVDESS: folds.where(folds.seeds == 0), **left_out.by_corpus()}

    def rows() -> Iterator[tuple[str, ...]]:
        for kind, tendencies in TENDENCIES.items():
            owners = [
                live_with(answers, decided[corpus], tendencies, seed)
                for corpus, answers in corpora.items()
                for seed in range(OWNERS)
            ]
            without, right = (
                np.mean([getattr(o, n) for o in owners]) for n in ("without", "right")
            )
            lowest = min(owner.lowest for owner in owners)
            yield kind, f"{without:.3f}", f"{right:.3f}", f"{right - without:+.3f}", f"{lowest:.2f}"

    head = ("moods of the owner", "right without refusals", "with them", "difference")
    return table((*head, "lowest factor"), rows())
