"""Scoring: are labelled tracks assigned to clusters with the affect of their labels?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import spearmanr
from sklearn.preprocessing import StandardScaler

from device.mood import Emotion
from device.playlist import circumplex
from device.playlist.selection import CLUSTER_DISTANCE
from device.playlist_builder.affect_model import RAW, AffectModel
from device.playlist_builder.catalogue import Catalogue
from device.playlist_builder.clusters import group, nearest
from device.playlist_builder.csv_columns import CatalogueError
from device.playlist_builder.embedding import Embedding
from training.music.labelled import Labelled

TARGETS: Mapping[str, np.ndarray] = {
    "happy": circumplex.emotion_affect(Emotion.HAPPY),
    "sad": circumplex.emotion_affect(Emotion.SAD),
    "calm": circumplex.emotion_affect(Emotion.CALM),
    "energetic": circumplex.CENTRE + np.array([0, circumplex.RADIUS]),
}
"""The affect of each mood word."""

_SHUFFLES = 200


@dataclass(frozen=True)
class Assignment:
    """The assignment of tracks to clusters by one method.

    Attributes
    ----------
    centre : np.ndarray [shape=(n, 2)]
        Valence and arousal in 0..1 of the cluster of each track.
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
    labelled: Labelled, document: dict[str, Any], catalogue: Catalogue | None
) -> tuple[Labelled, list[Score]]:
    """Score a file of playlists, and simpler methods.

    Parameters
    ----------
    labelled : Labelled
    document : dict
        The file's content.
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
        When the file has no affect model, embedding or centroids, or none of the tracks.
    """
    affect_model, embedding = (
        AffectModel.from_dict(document.get("affect_model", {})),
        Embedding.from_dict(document.get("embedding", {})),
    )
    known = _known(labelled.filled(affect_model.typical()), document)
    ours = _ours(known, affect_model, embedding, document)
    scores = [Score("Emotify's clusters", ours.share(known.signs), ours.correlation(known))]
    scores.append(_random(ours, known))
    if known.has_features.all():
        raw = known.features[:, RAW]
        scores.append(_scored("nearest in Spotify's valence and energy", raw, raw, known))
        if catalogue is not None:
            count = len(document["clusters"])
            scores.append(_same_without(known, affect_model, catalogue, count))
            scores.append(_plain(known, catalogue, count))
        affect = affect_model.predict_unseen(known.features, known.artists)
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
    return Labelled(
        uris=[labelled.uris[i] for i in kept],
        artists=[labelled.artists[i] for i in kept],
        genres=[labelled.genres[i] for i in kept],
        features=labelled.features[kept],
        signs=labelled.signs[kept],
        moods=[labelled.moods[i] for i in kept],
        labels=labelled.labels[kept],
        row_errors=labelled.row_errors,
    )


def _ours(
    labelled: Labelled, affect_model: AffectModel, embedding: Embedding, document: dict[str, Any]
) -> Assignment:
    try:
        centres = np.array([[c["valence"], c["arousal"]] for c in document["clusters"]], float)
        centroids = np.array([c["centroid"] for c in document["clusters"]], float)
    except (KeyError, TypeError, ValueError):
        raise CatalogueError("The clusters of the playlists are damaged.") from None
    affect, cluster = np.zeros((len(labelled), 2)), np.zeros(len(labelled), int)
    has_features = labelled.has_features
    if has_features.any():
        features, at = labelled.features[has_features], np.flatnonzero(has_features)
        affect[has_features] = affect_model.predict_unseen(
            features, [labelled.artists[i] for i in at]
        )
        points = embedding.transform(
            affect[has_features], features, [labelled.genres[i] for i in at]
        )
        cluster[has_features] = nearest(points, centroids)
    lines = {line[0]: line for line in document["tracks"]}
    for i in np.flatnonzero(~has_features):
        line = lines[labelled.uris[i]]
        cluster[i], affect[i] = line[3], line[4:6]
    return _assignment(affect, centres[cluster])


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
    labelled: Labelled, affect_model: AffectModel, catalogue: Catalogue, count: int
) -> Score:
    """Affect model and K-Means, but without folded tempo and genre."""
    affect = affect_model.predict(catalogue.features)
    unseen = affect_model.predict_unseen(labelled.features, labelled.artists)
    plain = Embedding.fit(affect, catalogue.features, [()] * len(catalogue), folded=False)
    points = plain.transform(affect, catalogue.features, [()] * len(catalogue))
    labels, centroids = group(points, count)
    centres = np.array([affect[labels == k].mean(axis=0) for k in range(count)])
    at = nearest(plain.transform(unseen, labelled.features, [()] * len(labelled)), centroids)
    return _scored("K-Means with the affect model alone", unseen, centres[at], labelled)


def _plain(labelled: Labelled, catalogue: Catalogue, count: int) -> Score:
    """K-Means on Spotify's unchanged features."""
    scaler = StandardScaler().fit(catalogue.features)
    labels, centroids = group(scaler.transform(catalogue.features), count)
    raw = catalogue.features[:, RAW]
    centres = np.array([raw[labels == k].mean(axis=0) for k in range(count)])
    at = nearest(scaler.transform(labelled.features), centroids)
    name = "K-Means without the affect model"
    return _scored(name, labelled.features[:, RAW], centres[at], labelled)


def _scored(name: str, affect: np.ndarray, centre: np.ndarray, labelled: Labelled) -> Score:
    assignment = _assignment(affect, centre)
    return Score(name, assignment.share(labelled.signs), assignment.correlation(labelled))


def _assignment(affect: np.ndarray, centre: np.ndarray) -> Assignment:
    """Distances as in the device's selection."""
    distance = {
        mood: np.linalg.norm(affect - target, axis=1)
        + CLUSTER_DISTANCE * np.linalg.norm(centre - target, axis=1)
        for mood, target in TARGETS.items()
    }
    return Assignment(centre, distance)
