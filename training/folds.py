"""Folds: who is heard in training, and who only afterwards.

The five speaker-independent folds of RAVDESS by Luna-Jimenez et al. (2021), with the validation
actors of ResLSTM-SER (arXiv 2606.03359). A random split would let the same voice into training and
test; there is none anywhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from training.corpora import RAVDESS_ACTORS, Clip

ACTORS = RAVDESS_ACTORS


@dataclass(frozen=True)
class Fold:
    """The actors who are kept out of training.

    Attributes
    ----------
    test : frozenset of str
        Decide nothing.
    validation : frozenset of str
        Decide the temperature and the threshold.
    """

    test: frozenset[str]
    validation: frozenset[str]

    @property
    def train(self) -> frozenset[str]:
        """All others."""
        return ACTORS - self.test - self.validation


def _fold(test: Iterable[int], validation: Iterable[int]) -> Fold:
    return Fold(*(frozenset(f"{actor:02}" for actor in actors) for actors in (test, validation)))


FOLDS = (
    _fold(test={2, 5, 14, 15, 16}, validation={3, 6}),
    _fold(test={3, 6, 7, 13, 18}, validation={10, 11}),
    _fold(test={10, 11, 12, 19, 20}, validation={8, 17}),
    _fold(test={8, 17, 21, 23, 24}, validation={1, 14}),
    _fold(test={1, 4, 9, 22}, validation={2, 5}),
)


def of_speakers(clips: Iterable[Clip], speakers: frozenset[str]) -> list[Clip]:
    """The clips of some speakers, in order."""
    return [clip for clip in clips if clip.speaker in speakers]
