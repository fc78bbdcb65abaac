"""Labels for clusters, such as "gentle, acoustic": what distinguishes them from the catalogue."""

from collections.abc import Mapping

import numpy as np
from scipy.stats import rankdata

from device.playlist_builder.catalogue import Catalogue
from device.playlist_builder.embedding import fold_tempo

# How far the mean rank of a cluster must be from the catalogue's for a word.
_MIN_RANK_DIFFERENCE = 0.12
_MAX_WORDS = 3
# The tempo has a word where a cluster leans to one side of the octave's circle: at half a circle
# the mean is 2/pi from the centre, and its tracks would be a quarter away in rank.
_RANKS_A_RADIUS = np.pi / 8
_SLOW_TURN, _FAST_TURN = (0.1, 0.4), (0.6, 0.9)
"""Parts of the octave above 70 beats a minute; near its ends slow and fast are ambiguous."""

_WORDS = {
    "arousal": ("gentle", "energetic"),
    "valence": ("dark", "bright"),
    "acousticness": ("electric", "acoustic"),
    "danceability": ("", "danceable"),
    "instrumentalness": ("", "instrumental"),
    "speechiness": ("", "wordy"),
}


class ClusterLabeller:
    """Finds labels for groups of the tracks of a catalogue.

    Parameters
    ----------
    catalogue : Catalogue
    affect : np.ndarray [shape=(n, 2)]
        Valence and arousal of each track.
    """

    def __init__(self, catalogue: Catalogue, affect: np.ndarray):
        known = {"valence": affect[:, 0], "arousal": affect[:, 1]}
        self._tempo = fold_tempo(catalogue.feature("tempo"))
        self._ranks: Mapping[str, np.ndarray] = {
            name: percentile_ranks(known[name] if name in known else catalogue.feature(name))
            for name in _WORDS
        }

    def label(self, members: np.ndarray) -> str:
        """How some tracks differ from the others, in up to three words.

        Parameters
        ----------
        members : np.ndarray [shape=(m,), int]
            Their indices in the catalogue.
        """
        found = []
        for name, (low, high) in _WORDS.items():
            difference = self._ranks[name][members].mean() - 0.5
            word = high if difference > 0 else low
            if word and abs(difference) > _MIN_RANK_DIFFERENCE:
                found.append((-abs(difference), word))
        word, difference = self._tempo_word(members)
        if word and difference > _MIN_RANK_DIFFERENCE:
            found.append((-difference, word))
        return ", ".join(word for _, word in sorted(found)[:_MAX_WORDS]) or "a little of everything"

    def _tempo_word(self, members: np.ndarray) -> tuple[str, float]:
        cosine, sine = self._tempo[members].mean(axis=0) - self._tempo.mean(axis=0)
        turn = np.arctan2(sine, cosine) / (2 * np.pi) % 1
        difference = float(np.hypot(cosine, sine)) * _RANKS_A_RADIUS
        if _SLOW_TURN[0] < turn < _SLOW_TURN[1]:
            return "slow", difference
        return ("fast" if _FAST_TURN[0] < turn < _FAST_TURN[1] else ""), difference


def percentile_ranks(values: np.ndarray) -> np.ndarray:
    """Percentile ranks in 0..1; equal values share their mean rank."""
    return (rankdata(values) - 0.5) / len(values)
