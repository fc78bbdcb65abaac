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
    test : frozenset of int
        Decide nothing.
    validation : frozenset of int
        Decide the temperature and the threshold.
    """

    test: frozenset[int]
    validation: frozenset[int]

    @property
    def train(self) -> frozenset[int]:
        """All others."""
        return ACTORS - self.test - self.validation


FOLDS = (
    Fold(frozenset({2, 5, 14, 15, 16}), frozenset({3, 6})),
    Fold(frozenset({3, 6, 7, 13, 18}), frozenset({10, 11})),
    Fold(frozenset({10, 11, 12, 19, 20}), frozenset({8, 17})),
    Fold(frozenset({8, 17, 21, 23, 24}), frozenset({1, 14})),
    Fold(frozenset({1, 4, 9, 22}), frozenset({2, 5})),
)


def of_speakers(clips: Iterable[Clip], speakers: frozenset[int]) -> list[Clip]:
    """The clips of some speakers, in order."""
    return [clip for clip in clips if clip.speaker in speakers]
