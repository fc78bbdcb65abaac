"""A cluster in words, by what sets its centroid apart from the rest of the catalogue."""

from collections.abc import Mapping

import numpy as np

from training.music.catalogue import Catalogue
from training.music.space import fold_tempo

# How far from the catalogue's middle, in percentile ranks, a centroid earns a word.
_NOTABLE_RANK = 0.12
_MOST_WORDS = 3
# The tempo has a word where a cluster leans to one side of the octave's circle: at half a circle
# the mean lies 2/pi from the middle, and its tracks would be a quarter away in rank.
_RANKS_A_RADIUS = np.pi / 8
_SLOW_TURN, _FAST_TURN = (0.1, 0.4), (0.6, 0.9)
"""Parts of the octave above 70 beats a minute; about its seam nobody knows which of the two."""

_WORDS = {
    "arousal": ("gentle", "energetic"),
    "valence": ("dark", "bright"),
    "acousticness": ("electric", "acoustic"),
    "danceability": ("", "danceable"),
    "instrumentalness": ("", "instrumental"),
    "speechiness": ("", "wordy"),
}


class Describer:
    """Finds words for groups of the tracks of a catalogue.

    Parameters
    ----------
    catalogue : Catalogue
    place : np.ndarray [shape=(n, 2)]
        Valence and arousal of each track.
    """

    def __init__(self, catalogue: Catalogue, place: np.ndarray):
        heard = {"valence": place[:, 0], "arousal": place[:, 1]}
        self._tempo = fold_tempo(catalogue.feature("tempo"))
        self._ranks: Mapping[str, np.ndarray] = {
            name: ranks(heard[name] if name in heard else catalogue.feature(name))
            for name in _WORDS
        }

    def words(self, members: np.ndarray) -> str:
        """How some tracks differ from the others.

        Parameters
        ----------
        members : np.ndarray [shape=(m,), int]
            Their positions in the catalogue.
        """
        found = []
        for name, (low, high) in _WORDS.items():
            away = self._ranks[name][members].mean() - 0.5
            word = high if away > 0 else low
            if word and abs(away) > _NOTABLE_RANK:
                found.append((-abs(away), word))
        word, leaning = self._tempo_word(members)
        if word and leaning > _NOTABLE_RANK:
            found.append((-leaning, word))
        return ", ".join(word for _, word in sorted(found)[:_MOST_WORDS]) or (
            "a little of everything"
        )

    def _tempo_word(self, members: np.ndarray) -> tuple[str, float]:
        cosine, sine = self._tempo[members].mean(axis=0) - self._tempo.mean(axis=0)
        turn = np.arctan2(sine, cosine) / (2 * np.pi) % 1
        leaning = float(np.hypot(cosine, sine)) * _RANKS_A_RADIUS
        if _SLOW_TURN[0] < turn < _SLOW_TURN[1]:
            return "slow", leaning
        return ("fast" if _FAST_TURN[0] < turn < _FAST_TURN[1] else ""), leaning


def ranks(values: np.ndarray) -> np.ndarray:
    """Percentile ranks in 0..1; equal values share the middle of theirs."""
    ordered = np.sort(values)
    below, upto = (np.searchsorted(ordered, values, side) for side in ("left", "right"))
    return (below + upto) / (2 * len(values))
