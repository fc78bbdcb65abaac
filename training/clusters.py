"""Clusters: tracks that sound alike, found by K-Means and described in words."""

from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from training.catalogue import FEATURES, Catalogue, CatalogueError
from training.circumplex import ranks

# Fewer clusters than emotions cannot tell the emotions apart; with more than about twice as many
# the silhouette only falls.
CLUSTERS = range(8, 21, 2)
SEEDS = range(3)
STARTS = 3
SILHOUETTE_TRACKS = 4000

# All genres together count as much as this many of the other features.
GENRE_WEIGHT = 2.0

# An octave around 100 beats a minute, where people tap along most readily (Moelants 2002);
# trackers of tempo often report the double or the half.
LOWEST_TEMPO_BPM = 70

# How far from the catalogue's middle, in percentile ranks, a centroid earns a word.
_NOTABLE_RANK = 0.12
_WORDS = {
    "tempo": ("slow", "fast"),
    "energy": ("gentle", "energetic"),
    "valence": ("dark", "bright"),
    "acousticness": ("", "acoustic"),
    "danceability": ("", "danceable"),
    "instrumentalness": ("", "instrumental"),
    "speechiness": ("", "wordy"),
}
_MOST_WORDS = 3


@dataclass(frozen=True)
class Clusters:
    """Groups of tracks.

    Attributes
    ----------
    labels : np.ndarray [shape=(n,), int]
        The cluster of each track, from 0.
    silhouettes : dict of int to float in -1..1
        Mean silhouette over the seeds for each K that was tried.
    """

    labels: np.ndarray
    silhouettes: dict[int, float]


def cluster(catalogue: Catalogue) -> Clusters:
    """Group the tracks by sound and genre, into as many clusters as separate best.

    K is the one with the highest silhouette (Rousseeuw 1987), averaged over seeds.

    Raises
    ------
    CatalogueError
        When the tracks are too few or too much alike.
    """
    if len({entry.features for entry in catalogue.entries}) <= CLUSTERS[-1]:
        raise CatalogueError("The tracks are too few or too much alike to be grouped.")
    space = feature_space(catalogue)
    # Sums in more than one thread round differently from run to run.
    with threadpool_limits(1):
        silhouettes = {count: _silhouette(space, count) for count in CLUSTERS}
        best = max(silhouettes, key=silhouettes.get)
        return Clusters(_k_means(space, best, SEEDS[0]), silhouettes)


def feature_space(catalogue: Catalogue) -> np.ndarray:
    """Where each track lies for K-Means [shape=(n, features + genres), float64]."""
    columns = [catalogue.feature(name) for name in FEATURES if name != "tempo"]
    columns.append(fold_tempo(catalogue.feature("tempo")))
    sound = StandardScaler().fit_transform(np.stack(columns, axis=1))
    names = sorted(set.union(*(entry.genres for entry in catalogue.entries)))
    genre = np.array([[name in e.genres for name in names] for e in catalogue.entries], float)
    genre /= genre.sum(axis=1, keepdims=True)
    spread = np.sqrt(genre.var(axis=0).sum()) or 1.0
    return np.hstack((sound, genre * np.sqrt(GENRE_WEIGHT) / spread))


def fold_tempo(tempo: np.ndarray) -> np.ndarray:
    """Tempo within one octave: 0 at 70 beats a minute (and 140, and 35), towards 1 below 140."""
    return np.log2(tempo / LOWEST_TEMPO_BPM) % 1


def describe(catalogue: Catalogue, members: np.ndarray) -> str:
    """How some of the tracks differ from the others, in words.

    Parameters
    ----------
    catalogue : Catalogue
    members : np.ndarray [shape=(m,), int]
        Their positions in the catalogue.
    """
    found = []
    for name, (low, high) in _WORDS.items():
        values = catalogue.feature(name)
        centroid = ranks(fold_tempo(values) if name == "tempo" else values)[members].mean()
        word = high if centroid > 0.5 else low
        if word and abs(centroid - 0.5) > _NOTABLE_RANK:
            found.append((-abs(centroid - 0.5), word))
    return ", ".join(word for _, word in sorted(found)[:_MOST_WORDS]) or "a little of everything"


def _silhouette(space: np.ndarray, count: int) -> float:
    sample = min(SILHOUETTE_TRACKS, len(space))
    return float(
        np.mean(
            [
                silhouette_score(
                    space, _k_means(space, count, seed), sample_size=sample, random_state=seed
                )
                for seed in SEEDS
            ]
        )
    )


def _k_means(space: np.ndarray, count: int, seed: int) -> np.ndarray:
    return KMeans(count, n_init=STARTS, random_state=seed).fit_predict(space)
