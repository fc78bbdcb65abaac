"""Clusters of tracks with similar affect and sound, found by K-Means."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.special import softmax
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from threadpoolctl import threadpool_limits

from device.playlist_builder.csv_columns import CatalogueError

# With fewer clusters the ranks of tracks agree less with listeners; more are hard to tell apart.
COUNTS = range(12, 21)
SEEDS = range(3)
STARTS = 2

# K is chosen on a sample, so that choosing does not grow with the catalogue.
CHOOSING_TRACKS = 4_000
SILHOUETTE_TRACKS = 1_500

# Above this number of tracks, mini-batches find similar clusters in a fraction of the time.
MINI_BATCH_TRACKS = 30_000
BATCH_TRACKS = 4096

MIN_TRACKS = 100

VARIANCE = 4.0
"""Of a cluster in each direction, for the memberships; a feature has variance 1. The softer the
clusters, the more labelled tracks are in the right quadrant, and the less their ranks differ from
those of the affect model alone."""


@dataclass(frozen=True)
class Trial:
    """The result of one K.

    Attributes
    ----------
    silhouette : float in -1..1
        Mean over the seeds (Rousseeuw 1987).
    stability : float in -1..1
        Mean adjusted Rand index between the clusterings of every two seeds (Hubert & Arabie 1985):
        1 when they are identical.
    """

    silhouette: float
    stability: float

    @property
    def quality(self) -> float:
        """The criterion by which K is chosen: separation and stability."""
        return self.silhouette * self.stability


@dataclass(frozen=True)
class Clusters:
    """Groups of tracks.

    Attributes
    ----------
    labels : np.ndarray [shape=(n,), int]
        The cluster of each track, from 0.
    centroids : np.ndarray [shape=(k, d)]
    trials : dict of int to Trial
        For each K that was tried.
    """

    labels: np.ndarray
    centroids: np.ndarray
    trials: dict[int, Trial]


def cluster(
    points: np.ndarray, on_progress: Callable[[int, Trial], None] | None = None
) -> Clusters:
    """Cluster points with the K that separates best and is most stable.

    Parameters
    ----------
    points : np.ndarray [shape=(n, d)]
    on_progress : callable, optional
        Is called with each K that was tried, and its trial.

    Raises
    ------
    CatalogueError
        When the tracks are too few or too much alike.
    """
    if len(points) < MIN_TRACKS:
        raise CatalogueError(
            f"{len(points)} usable tracks are too few for clusters: {MIN_TRACKS} are needed. "
            "Take a larger table."
        )
    sample = _sample(points, CHOOSING_TRACKS)
    if len(np.unique(sample.round(4), axis=0)) <= COUNTS[-1]:
        raise CatalogueError(
            "The tracks are too much alike for clusters. Check that the columns of features "
            "are what their names say."
        )
    # One thread: sums in several round differently from run to run, and a daemon on the same Pi
    # still answers its button.
    with threadpool_limits(1):
        trials = {}
        for count in COUNTS:
            trials[count] = _try(sample, count)
            if on_progress:
                on_progress(count, trials[count])
        best = max(trials, key=lambda count: trials[count].quality)
        labels, centroids = group(points, best)
    return Clusters(labels, centroids, trials)


def group(points: np.ndarray, count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """K-Means with a given K: the labels and the centroids."""
    if len(points) > MINI_BATCH_TRACKS:
        model = MiniBatchKMeans(
            count, batch_size=BATCH_TRACKS, n_init=STARTS, max_iter=10, random_state=seed
        )
    else:
        model = KMeans(count, n_init=STARTS, random_state=seed)
    labels = model.fit_predict(points)
    return labels, model.cluster_centers_


def memberships(points: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """How much each point belongs to each cluster [shape=(n, k)]; a row sums to 1.

    The posterior probabilities of equal Gaussian clusters of variance :data:`VARIANCE`: a track
    between two clusters is half of each.
    """
    squares = [np.square(points - centroid).sum(axis=1) for centroid in centroids]
    return softmax(-np.stack(squares, axis=1) / (2 * VARIANCE), axis=1)


def _try(points: np.ndarray, count: int) -> Trial:
    found = [group(points, count, seed)[0] for seed in SEEDS]
    size = min(SILHOUETTE_TRACKS, len(points))
    silhouettes = [
        silhouette_score(points, labels, sample_size=size, random_state=seed)
        for seed, labels in enumerate(found)
        if len(np.unique(labels)) > 1
    ]
    stability = np.mean([adjusted_rand_score(a, b) for a, b in combinations(found, 2)])
    return Trial(float(np.mean(silhouettes)), float(stability))


def _sample(points: np.ndarray, size: int) -> np.ndarray:
    if len(points) <= size:
        return points
    return points[np.random.default_rng(0).choice(len(points), size, replace=False)]
