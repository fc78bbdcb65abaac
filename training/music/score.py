"""Scoring: are labelled tracks assigned to clusters with the affect of their labels?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import spearmanr
from sklearn.preprocessing import StandardScaler

from device.playlist.selection import KIND_DISTANCE
from device.playlist.tracks import COLUMNS, Style
from device.playlist_builder.affect_model import RAW, AffectModel
from device.playlist_builder.catalogue import Catalogue
from device.playlist_builder.clusters import group, memberships
from device.playlist_builder.csv_columns import CatalogueError
from device.playlist_builder.embedding import Embedding
from training.music.labelled import Labelled

TARGETS: Mapping[str, np.ndarray] = {
    "happy": np.array([0.91, 0.69]),
    "sad": np.array([0.18, 0.18]),
    "calm": np.array([0.73, 0.11]),
    "energetic": np.array([0.50, 0.95]),
}
"""The affect of each mood word: directions from Russell 1980, all equally far from the centre."""

_SHUFFLES = 200
_SEEDS = 5


@dataclass(frozen=True)
class Assignment:
    """The assignment of tracks to clusters by one method.

    Attributes
    ----------
    centre : np.ndarray [shape=(n, 2)]
        Valence and arousal in 0..1 of the clusters of each track, weighted by membership.
    distance : dict of str to np.ndarray [shape=(n,)]
        Distance of each track from each of :data:`TARGETS`.
    """

    centre: np.ndarray
    distance: dict[str, np.ndarray]

    def share(self, signs: np.ndarray) -> float:
        """The share of tracks in the right quadrant."""
        found = np.where(self.centre > 0.5, 1, -1)
        return float(((found == signs) | (signs == 0)).all(axis=1).mean())

    def correlation(self, labelled: Labelled) -> float:
        """Spearman's rank correlation of the distance from a mood with the labels, the mean over
        the moods in the table; 1 is best."""
        found = []
        for mood, target in TARGETS.items():
            if labelled.moods[0]:
                wanted = np.array([0.0 if mood == given else 1.0 for given in labelled.moods])
            else:
                wanted = np.linalg.norm(labelled.labels - target, axis=1)
            if np.ptp(wanted) and np.ptp(self.distance[mood]):
                found.append(spearmanr(self.distance[mood], wanted).statistic)
        return float(np.mean(found)) if found else float("nan")


@dataclass(frozen=True)
class Score:
    """The score of one method."""

    name: str
    share: float
    correlation: float


def score(
    labelled: Labelled,
    document: dict[str, Any],
    affect_model: AffectModel,
    catalogue: Catalogue | None,
) -> tuple[Labelled, list[Score]]:
    """Score a file of playlists, and simpler methods.

    Parameters
    ----------
    labelled : Labelled
    document : dict
        The file's content.
    affect_model : AffectModel
    catalogue : Catalogue, optional
        The tracks for plain K-Means; without it that comparison is left out.

    Returns
    -------
    labelled : Labelled
        The tracks that could be scored: with features, or known to the file by their URI.
    scores : list of Score
        That of the file first.

    Raises
    ------
    CatalogueError
        When the file has no embedding or centroids, or none of the tracks.
    """
    embedding = Embedding.from_dict(document.get("embedding", {}))
    known = _known(labelled.filled(affect_model.typical()), document)
    ours = _ours(known, affect_model, embedding, document)
    scores = [Score("Emotify's clusters", ours.share(known.signs), ours.correlation(known))]
    scores.append(_random(ours, known))
    if known.has_features.all():
        raw = known.features[:, RAW]
        scores.append(_scored("nearest in Spotify's valence and energy", raw, raw, known))
        artists = affect_model.find(known.artists, known.genres)
        outputs = affect_model.predict_unseen(known.features, known.artists, artists)
        if catalogue is not None:
            count = len(document["clusters"])
            scores.append(_same_without(known, outputs, affect_model, catalogue, count))
            scores.append(_plain(known, catalogue, count))
        affect = outputs[:, :2]
        scores.append(_scored("the affect model alone, without clusters", affect, affect, known))
    return known, scores


def _known(labelled: Labelled, document: dict[str, Any]) -> Labelled:
    lines = {line[0] for line in document.get("tracks", [])}
    has_features = labelled.has_features
    kept = [i for i in range(len(labelled)) if has_features[i] or labelled.uris[i] in lines]
    if not kept:
        raise CatalogueError(
            "The table has no features, and the playlists know none of its tracks."
        )
    return labelled.take(np.array(kept))


def _ours(
    labelled: Labelled, affect_model: AffectModel, embedding: Embedding, document: dict[str, Any]
) -> Assignment:
    try:
        centres = np.array([[c["valence"], c["arousal"]] for c in document["clusters"]], float)
        centroids = np.array([c["centroid"] for c in document["clusters"]], float)
    except (KeyError, TypeError, ValueError):
        raise CatalogueError("The clusters of the playlists are damaged.") from None
    affect, centre = np.zeros((2, len(labelled), 2))
    has_features = labelled.has_features
    if has_features.any():
        at = np.flatnonzero(has_features)
        part = labelled.take(at)
        artists = affect_model.find(part.artists, part.genres)
        outputs = affect_model.predict_unseen(part.features, part.artists, artists)
        styles = [artist.style for artist in artists]
        points = embedding.transform(outputs, part.features, styles)
        affect[at], centre[at] = outputs[:, :2], memberships(points, centroids) @ centres
    lines = {line[0]: dict(zip(COLUMNS, line, strict=True)) for line in document["tracks"]}
    for i in np.flatnonzero(~has_features):
        line = lines[labelled.uris[i]]
        affect[i] = line["valence"], line["arousal"]
        centre[i] = line["kind_valence"], line["kind_arousal"]
    return _assignment(affect, centre)


def _random(ours: Assignment, labelled: Labelled) -> Score:
    random = np.random.default_rng(0)
    found = []
    for _ in range(_SHUFFLES):
        order = random.permutation(len(labelled))
        distance = {mood: values[order] for mood, values in ours.distance.items()}
        shuffled = Assignment(ours.centre[order], distance)
        found.append((shuffled.share(labelled.signs), shuffled.correlation(labelled)))
    return Score("random playlists", *np.mean(found, axis=0))


def _same_without(
    labelled: Labelled,
    unseen: np.ndarray,
    affect_model: AffectModel,
    catalogue: Catalogue,
    count: int,
) -> Score:
    """Affect model and K-Means, but with hard clusters, and without folded tempo and style."""
    artists = affect_model.find(catalogue.artists, catalogue.genres)
    outputs = affect_model.predict(catalogue.features, artists)
    plain = Embedding.fit(outputs, catalogue.features, folded=False)
    points = plain.transform(outputs, catalogue.features, [Style.OTHER] * len(catalogue))
    labels, centroids = group(points, count)
    centres = np.array([outputs[labels == k, :2].mean(axis=0) for k in range(count)])
    at = _nearest(
        plain.transform(unseen, labelled.features, [Style.OTHER] * len(labelled)), centroids
    )
    return _scored("hard clusters without tempo and style", unseen[:, :2], centres[at], labelled)


def _plain(labelled: Labelled, catalogue: Catalogue, count: int) -> Score:
    """K-Means on Spotify's unchanged features, the mean over its seeds."""
    scaler = StandardScaler().fit(catalogue.features)
    points, raw = scaler.transform(catalogue.features), catalogue.features[:, RAW]
    found = []
    for seed in range(_SEEDS):
        labels, centroids = group(points, count, seed)
        centres = np.array([raw[labels == k].mean(axis=0) for k in range(count)])
        at = _nearest(scaler.transform(labelled.features), centroids)
        plain = _assignment(labelled.features[:, RAW], centres[at])
        found.append((plain.share(labelled.signs), plain.correlation(labelled)))
    return Score("K-Means without the affect model", *np.mean(found, axis=0))


def _nearest(points: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """The cluster of each point [shape=(n,), int]."""
    return np.linalg.norm(points[:, None] - centroids[None], axis=2).argmin(axis=1)


def _scored(name: str, affect: np.ndarray, centre: np.ndarray, labelled: Labelled) -> Score:
    assignment = _assignment(affect, centre)
    return Score(name, assignment.share(labelled.signs), assignment.correlation(labelled))


def _assignment(affect: np.ndarray, centre: np.ndarray) -> Assignment:
    """Distances as in the device's selection."""
    distance = {
        mood: np.linalg.norm(affect - target, axis=1)
        + KIND_DISTANCE * np.linalg.norm(centre - target, axis=1)
        for mood, target in TARGETS.items()
    }
    return Assignment(centre, distance)
