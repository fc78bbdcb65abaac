"""The household in training: what a box has heard of a speaker before a sentence.

A network that has only seen whole speakers' means subtracted is poor on a new box, and one that has
never seen any subtracted gains less from knowing the household. So in training the mean of a random
number of the speaker's other sentences is subtracted from each, as the device does.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence

import numpy as np

from device.emotion.household import PRIOR_SENTENCES

HEARD = (0, 0, 3, 8, 20, 40)
"""How many sentences were heard before, each as likely as another."""


class Earlier:
    """Draws the sentences that were heard before others, of the same speaker.

    Parameters
    ----------
    speakers : sequence
        Of each sentence; the same value for the same speaker.
    """

    def __init__(self, speakers: Sequence[Hashable]):
        self._speakers = speakers
        own = defaultdict(list)
        for row, speaker in enumerate(speakers):
            own[speaker].append(row)
        self._own = {speaker: np.array(rows) for speaker, rows in own.items()}

    def draw(self, row: int, rng: np.random.Generator) -> np.ndarray:
        """The rows [shape=(n,), int] of the sentences that were heard before that of a row."""
        own = self._own[self._speakers[row]]
        others = own[own != row]
        count = min(rng.choice(HEARD), len(others))
        return rng.choice(others, count, replace=False)


def shifted_for_households(
    statistics: np.ndarray, speakers: Sequence[Hashable], seed: int = 0
) -> np.ndarray:
    """Statistics of sentences for boxes that have heard random other ones before.

    Parameters
    ----------
    statistics : np.ndarray [shape=(n, 2 * channels), float32]
        Means, then deviations, of standardised frames.
    speakers : sequence
        Of each sentence.
    seed : int
    """
    earlier, rng = Earlier(speakers), np.random.default_rng(seed)
    channels = statistics.shape[1] // 2
    shifts = [shift(statistics[earlier.draw(row, rng), :channels]) for row in range(len(speakers))]
    shifted = statistics.copy()
    shifted[:, :channels] -= shifts
    return shifted


def shift(voices: np.ndarray) -> np.ndarray:
    """What a box subtracts that has heard voices [shape=(n, channels)], as
    :class:`device.emotion.household.VoiceMean` does: zeros [shape=(channels,)] before the first."""
    return voices.sum(axis=0) / (PRIOR_SENTENCES + len(voices))
