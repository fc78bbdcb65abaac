"""Fitting ridge regressions from the words of artists to the labels of their songs.

The sums that a ridge regression needs are kept for each fold of artists, so that it is quickly
fitted without any folds.
"""

from collections.abc import Iterable

import numpy as np

from device.playlist_builder.affect_model import FOLDS


class WordRidge:
    """Ridge regressions from words to outputs.

    Parameters
    ----------
    rows : np.ndarray [shape=(a, w)]
        The words of each artist.
    artist : np.ndarray [shape=(n,), int]
        The artist of each song.
    labels : np.ndarray [shape=(n, k)]
        NaN where nobody labelled a song.
    fold : np.ndarray [shape=(a,), int]
        The fold of each artist.
    penalty : float > 0
        For the square of each slope.
    """

    def __init__(
        self,
        rows: np.ndarray,
        artist: np.ndarray,
        labels: np.ndarray,
        fold: np.ndarray,
        penalty: float,
    ):
        columns = np.column_stack((np.ones(len(rows)), rows))
        # An artist with many songs says less with each of them.
        weights = 1 / np.sqrt(np.bincount(artist)[artist])
        self._penalty = np.diag([0.0, *[penalty] * rows.shape[1]])
        self._outputs = labels.shape[1]
        self._groups = []
        patterns, pattern = np.unique(~np.isnan(labels), axis=1, return_inverse=True)
        for number, known in enumerate(patterns.T):
            # Outputs that the same songs are labelled with have the same squares.
            outputs = np.flatnonzero(pattern.ravel() == number)
            squares, products = [], []
            for each in range(FOLDS):
                used = known & (fold[artist] == each)
                weighted = columns[artist[used]] * weights[used, None]
                squares.append(weighted.T @ columns[artist[used]])
                products.append(weighted.T @ labels[used][:, outputs])
            self._groups.append((outputs, np.array(squares), np.array(products)))
        self._fitted: dict[frozenset[int], tuple[np.ndarray, np.ndarray]] = {}

    def fit(self, without: Iterable[int] = ()) -> tuple[np.ndarray, np.ndarray]:
        """Intercepts [shape=(k,)] and slopes [shape=(w, k)], fitted without some folds."""
        left_out = frozenset(without)
        if left_out not in self._fitted:
            kept = [fold for fold in range(FOLDS) if fold not in left_out]
            solved = np.empty((len(self._penalty), self._outputs))
            for outputs, squares, products in self._groups:
                total = squares[kept].sum(axis=0) + self._penalty
                solved[:, outputs] = np.linalg.solve(total, products[kept].sum(axis=0))
            self._fitted[left_out] = solved[0], solved[1:]
        return self._fitted[left_out]
