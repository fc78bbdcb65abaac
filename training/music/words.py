"""A cluster in words, by what sets its centroid apart from the rest of the catalogue."""

from collections.abc import Mapping

import numpy as np

from training.music.catalogue import Catalogue
from training.music.space import fold_tempo

# How far from the catalogue's middle, in percentile ranks, a centroid earns a word.
_NOTABLE_RANK = 0.12
_MOST_WORDS = 3
_WORDS = {
    "tempo": ("slow", "fast"),
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
        heard["tempo"] = fold_tempo(catalogue.feature("tempo"))
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
        return ", ".join(word for _, word in sorted(found)[:_MOST_WORDS]) or (
            "a little of everything"
        )


def ranks(values: np.ndarray) -> np.ndarray:
    """Percentile ranks in 0..1; equal values share the middle of theirs."""
    ordered = np.sort(values)
    below, upto = (np.searchsorted(ordered, values, side) for side in ("left", "right"))
    return (below + upto) / (2 * len(values))
