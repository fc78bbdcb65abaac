"""Folds: who is heard in training, and who only afterwards.

The five speaker-independent folds of RAVDESS by Luna-Jimenez et al. (2021), with the validation
actors of ResLSTM-SER (arXiv 2606.03359); and for every other corpus one in which none of it is
heard in training. A random split would let the same voice into training and test; there is none
anywhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from training.emotion.corpora import RAVDESS, Clip


@dataclass(frozen=True)
class Fold:
    """Who is kept out of the training of a network.

    Attributes
    ----------
    name : str
    corpus : str or None
        Where somebody is kept out; None where nobody is.
    test : frozenset of str or None
        Speakers of that corpus who decide nothing; None for all of them.
    validation : frozenset of str
        Speakers who may be looked at while a recipe is sought.
    """

    name: str
    corpus: str | None
    test: frozenset[str] | None
    validation: frozenset[str] = frozenset()

    def trains_on(self, clip: Clip) -> bool:
        """Whether the network hears the clip in training."""
        return not self.tests_on(clip) and not self.validates_on(clip)

    def tests_on(self, clip: Clip) -> bool:
        """Whether the network is judged by the clip."""
        return clip.corpus == self.corpus and (self.test is None or clip.speaker in self.test)

    def validates_on(self, clip: Clip) -> bool:
        """Whether the clip may be looked at while a recipe is sought."""
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
"""Kept out of the training of the network that ships."""


def without(corpus: str) -> Fold:
    """A whole corpus is kept out."""
    return Fold(corpus, corpus, None)
