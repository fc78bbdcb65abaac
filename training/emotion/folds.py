"""Folds: which speakers are in the training set of a network, and which in its test set.

These are the five speaker-independent folds of RAVDESS by Luna-Jimenez et al. (2021), with the
validation actors of ResLSTM-SER (arXiv 2606.03359), and for every other corpus a fold that leaves
it out as a whole. There is no random split, because it would put the same voice into both sets.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from training.emotion.corpora import RAVDESS, Clip


@dataclass(frozen=True)
class Fold:
    """What is kept out of the training of a network.

    Attributes
    ----------
    name : str
    corpus : str or None
        The corpus of which speakers are kept out; None if none are.
    test : frozenset of str or None
        Test speakers of that corpus; None for all of them.
    validation : frozenset of str
        Speakers that may be used to choose settings.
    """

    name: str
    corpus: str | None
    test: frozenset[str] | None
    validation: frozenset[str] = frozenset()

    def trains_on(self, clip: Clip) -> bool:
        """Whether the clip is in the training set."""
        return not self.tests_on(clip) and not self.validates_on(clip)

    def tests_on(self, clip: Clip) -> bool:
        """Whether the clip is in the test set."""
        return clip.corpus == self.corpus and (self.test is None or clip.speaker in self.test)

    def validates_on(self, clip: Clip) -> bool:
        """Whether the clip is in the validation set."""
        return clip.corpus == self.corpus and clip.speaker in self.validation


def _fold(number: int, test: Iterable[int], validation: Iterable[int]) -> Fold:
    sets = (frozenset(f"{actor:02}" for actor in actors) for actors in (test, validation))
    return Fold(f"fold{number}", RAVDESS, *sets)


FOLDS = (
    _fold(0, test={2, 5, 14, 15, 16}, validation={3, 6}),
    _fold(1, test={3, 6, 7, 13, 18}, validation={10, 11}),
    _fold(2, test={10, 11, 12, 19, 20}, validation={8, 17}),
    _fold(3, test={8, 17, 21, 23, 24}, validation={1, 14}),
    _fold(4, test={1, 4, 9, 22}, validation={2, 5}),
)

NOBODY = Fold("released", None, frozenset())
"""The fold of the released network, which is trained on all clips."""


def without(corpus: str) -> Fold:
    """The fold that leaves out a corpus."""
    return Fold(corpus, corpus, None)
