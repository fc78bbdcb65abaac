"""Fitting the affect model to what listeners say of music.

First a ridge regression from the words of artists to the labels of their songs, then one from audio
features and that score to the labels. The score of an artist always comes from a regression without
the artist's fold, so that the second regression sees scores as good as those of a new artist.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import Ridge
from sklearn.preprocessing import StandardScaler

from device.playlist.tracks import MOODS
from device.playlist_builder.affect_model import (
    FOLDS,
    OUTPUTS,
    RAW,
    AffectModel,
    LinearMap,
    fold_of,
    in_deviations,
    transform,
)
from device.playlist_builder.artists import Artist, Artists, Vocabulary, artist_key
from device.playlist_builder.catalogue import Catalogue, song_key
from device.playlist_builder.styles import language_of, style_of
from training.music.artist_words import ArtistWords
from training.music.labelled import Labelled
from training.music.word_training import WordRidge

LABELS_FILE, TAGS_FILE = "deezer_labels_train.csv", "mood_tags_train.csv"

MOOD_TAGS: Mapping[str, tuple[str, ...]] = {
    "happy": ("cheerfulness", "happiness"),
    "sad": ("sadness", "depression"),
    "calm": ("calmness",),
    "angry": ("anger", "aggressiveness"),
    "tender": ("romanticism", "comfort"),
    "hopeless": ("depression", "desperation", "pessimism"),
}
"""The tags of each of :data:`device.playlist.tracks.MOODS`."""

MIN_ARTISTS = 10
"""A word that fewer of the labelled artists have is left out."""

MIN_WORDS = 3
"""Of artists without labels that come with Emotify: fewer say little, and the file is smaller."""

# Chosen by the correlations on human_moods, by artist; twice or half of each changes them by less
# than 0.005.
_WORDS_RIDGE = 6.0
_FEATURES_RIDGE = 100.0
_EFFECT_SONGS = 5.0
_HAS_EFFECT = np.array([output not in ("angry", "hopeless") for output in OUTPUTS])


@dataclass(frozen=True)
class Listeners:
    """Songs that listeners have labelled, without audio features.

    Attributes
    ----------
    songs : list of tuple
        :func:`device.playlist_builder.catalogue.song_key` of each.
    artists : list of str
        :func:`device.playlist_builder.artists.artist_key` of each.
    labels : np.ndarray [shape=(n, 8)]
        :data:`OUTPUTS`; valence and arousal as percentile ranks, moods as shares of all tags of a
        song; NaN where nobody labelled it so.
    """

    songs: list[tuple[str, str]]
    artists: list[str]
    labels: np.ndarray


def read_listeners(folder: Path) -> Listeners:
    """Read the labels and the tags of a folder."""
    labels: dict[tuple[str, str], np.ndarray] = {}
    artists: dict[tuple[str, str], str] = {}
    for file, columns, read in (
        (LABELS_FILE, slice(0, 2), _affect),
        (TAGS_FILE, slice(2, None), _mood_shares),
    ):
        with (folder / file).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                song = song_key(row["track_name"], row["artist_name"])
                artists[song] = artist_key(row["artist_name"])
                labels.setdefault(song, np.full(len(OUTPUTS), np.nan))[columns] = read(row)
    return Listeners(list(labels), list(artists.values()), np.array(list(labels.values())))


def affect_labels(catalogue: Catalogue, listeners: Listeners) -> np.ndarray:
    """Valence and arousal of tracks as listeners labelled them [shape=(n, 2)]; else NaN."""
    return _labels_of(catalogue.titles, catalogue.artists, listeners)[:, :2]


def fit(labelled: Labelled, listeners: Listeners, words: Mapping[str, ArtistWords]) -> AffectModel:
    """Fit the model.

    Parameters
    ----------
    labelled : Labelled
        Tracks with features, valence and arousal.
    listeners : Listeners
    words : mapping of artist key to ArtistWords
    """
    scaler = StandardScaler().fit(transform(labelled.features))
    scores = _Scores(listeners, words)
    features = in_deviations(labelled.features, scaler.mean_, scaler.scale_)
    names = [artist_key(name) for name in labelled.artists]
    labels = _all_labels(labelled, listeners)
    fold = np.array([fold_of(name) for name in names])
    unseen_scores = scores.unseen(names)
    whole = _fit_map(features, unseen_scores, labels)
    without = []
    for k in range(FOLDS):
        kept = fold != k
        # Neither do the scores of other artists know the labels of this fold.
        nested = scores.unseen([name for name in names if fold_of(name) != k], k)
        without.append(_fit_map(features[kept], nested, labels[kept]))
    ratings = whole(features, unseen_scores)
    unseen = np.stack([each(features, unseen_scores) for each in without])
    residuals = labels - unseen[fold, np.arange(len(fold))]
    return AffectModel(
        mean=scaler.mean_,
        scale=scaler.scale_,
        centre=np.array([0.5, 0.5, *ratings[:, 2:].mean(axis=0)]),
        spread=ratings.std(axis=0),
        effect=_effect_slopes(labelled, listeners, scores.residuals, residuals),
        whole=whole,
        without=tuple(without),
        artists=scores.artists(),
    )


def correlations(model: AffectModel, labelled: Labelled) -> dict[str, tuple[float, float]]:
    """Pearson's r with the labels, for valence and arousal: of the model, for artists that it was
    not fitted to, and of Spotify's own valence and energy."""
    raw = labelled.features[:, RAW]
    return {"model": _r(_unseen(model, labelled), labelled.labels), "raw": _r(raw, labelled.labels)}


def mood_correlations(
    model: AffectModel, labelled: Labelled, listeners: Listeners
) -> dict[str, float]:
    """Pearson's r of each mood with the shares of listeners' tags, for unseen artists."""
    predicted = _unseen(model, labelled)
    labels = _all_labels(labelled, listeners)
    known = ~np.isnan(labels[:, -1])
    return {
        mood: float(np.corrcoef(predicted[known, k], labels[known, k])[0, 1])
        for k, mood in enumerate(MOODS, 2)
    }


def _unseen(model: AffectModel, labelled: Labelled) -> np.ndarray:
    """What the model says of tracks by name of the artist, unseen of the artist [shape=(n, 8)]."""
    artists = model.find(labelled.artists, [()] * len(labelled))
    return model.predict_unseen(labelled.features, labelled.artists, artists)


def _affect(row: Mapping[str, str]) -> list[float]:
    return [float(row["valence_rank"]), float(row["arousal_rank"])]


def _mood_shares(row: Mapping[str, str]) -> list[float]:
    counts = {
        n: int(v) for n, v in row.items() if n not in ("dzr_sng_id", "artist_name", "track_name")
    }
    total = max(sum(counts.values()), 1)
    return [sum(counts[tag] for tag in MOOD_TAGS[mood]) / total for mood in MOODS]


class _Scores:
    """The scores of artists, in standard deviations of those with labels.

    Attributes
    ----------
    residuals : np.ndarray [shape=(n, 8)]
        How the label of each song of the listeners differs from the score of its artist.
    """

    def __init__(self, listeners: Listeners, words: Mapping[str, ArtistWords]):
        self._words = defaultdict(ArtistWords, words)
        names, at = np.unique(listeners.artists, return_inverse=True)
        self._names, self._at = names.tolist(), at
        count = Counter(word for name in self._names for word in self._words[name].all)
        frequent = tuple(sorted(word for word, number in count.items() if number >= MIN_ARTISTS))
        empty = np.zeros((len(frequent), len(OUTPUTS)))
        self._vocabulary = Vocabulary(frequent, empty, np.zeros(len(OUTPUTS)))
        rows = self._rows(self._names)
        fold = np.array([fold_of(name) for name in self._names])
        self._ridge = WordRidge(rows, at, listeners.labels, fold, _WORDS_RIDGE)
        self._mean, self._deviation = np.zeros(len(OUTPUTS)), np.ones(len(OUTPUTS))
        raw = self.unseen(self._names)
        has_words = rows.any(axis=1)
        self._mean, self._deviation = raw[has_words].mean(axis=0), raw[has_words].std(axis=0)
        intercept, slopes = self._ridge.fit()
        self._vocabulary = Vocabulary(
            frequent, slopes / self._deviation, (intercept - self._mean) / self._deviation
        )
        labels = (listeners.labels - self._mean) / self._deviation
        self.residuals = labels - self.unseen(self._names)[at]

    def unseen(self, names: list[str], also_without: int | None = None) -> np.ndarray:
        """The scores of artists, each from a regression without the artist's fold [shape=(n, 8)].

        Zero for artists without a known word.
        """
        rows, fold = self._rows(names), np.array([fold_of(name) for name in names])
        scores = np.empty((len(names), len(OUTPUTS)))
        for k in range(FOLDS):
            intercept, slopes = self._ridge.fit({k} if also_without is None else {k, also_without})
            scores[fold == k] = intercept + rows[fold == k] @ slopes
        scores = (scores - self._mean) / self._deviation
        scores[~rows.any(axis=1)] = 0
        return scores

    def artists(self) -> Artists:
        """All artists with labels, and those with enough words."""
        known = {}
        for i, (name, scores) in enumerate(zip(self._names, self.unseen(self._names), strict=True)):
            known[name] = self._artist(name, scores, _effect(self.residuals[self._at == i]))
        for name in self._words.keys() - known.keys():
            if len(self._words[name].all.keys() & set(self._vocabulary.words)) >= MIN_WORDS:
                scores = self._vocabulary.scores(self._words[name].all)
                known[name] = self._artist(name, scores, np.zeros(len(OUTPUTS)))
        return Artists(dict(sorted(known.items())), self._vocabulary)

    def _artist(self, name: str, scores: np.ndarray | None, effects: np.ndarray) -> str:
        shares = self._words[name].shares
        return Artist(
            style=style_of(shares), language=language_of(shares), scores=scores, effects=effects
        ).to_text()

    def _rows(self, names: list[str]) -> np.ndarray:
        return self._vocabulary.rows(self._words[name].all for name in names)


def _effect(residuals: np.ndarray) -> np.ndarray:
    """The shrunk mean of the residuals of an artist's songs [shape=(8,)].

    Zero for "angry" and "hopeless": people also tag songs so that they are angry about.
    """
    songs = (~np.isnan(residuals)).sum(axis=0)
    effect = np.nansum(residuals, axis=0) / (songs + _EFFECT_SONGS)
    return np.where(_HAS_EFFECT, effect, 0.0)


def _all_labels(labelled: Labelled, listeners: Listeners) -> np.ndarray:
    """Valence and arousal as labelled, and the moods of the songs whose tags are known."""
    found = _labels_of(labelled.titles, labelled.artists, listeners)
    found[:, :2] = labelled.labels
    return found


def _labels_of(titles: list[str], artists: list[str], listeners: Listeners) -> np.ndarray:
    at = {song: i for i, song in enumerate(listeners.songs)}
    unknown = np.full(len(OUTPUTS), np.nan)
    songs = map(song_key, titles, artists)
    return np.array([listeners.labels[at[song]] if song in at else unknown for song in songs])


def _fit_map(features: np.ndarray, scores: np.ndarray, labels: np.ndarray) -> LinearMap:
    known = np.zeros((len(OUTPUTS), features.shape[1] + 2))
    alone = np.zeros((len(OUTPUTS), features.shape[1] + 1))
    for k, column in enumerate(labels.T):
        used = ~np.isnan(column)
        alone[k] = _fit_ridge(features[used], column[used])
        used &= ~np.isnan(scores[:, k])
        known[k] = _fit_ridge(np.column_stack((features, scores[:, k]))[used], column[used])
    return LinearMap(known, alone)


def _fit_ridge(columns: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Intercept and slopes."""
    ridge = Ridge(_FEATURES_RIDGE).fit(columns, labels)
    return np.array([ridge.intercept_, *ridge.coef_])


def _effect_slopes(
    labelled: Labelled, listeners: Listeners, song_residuals: np.ndarray, residuals: np.ndarray
) -> np.ndarray:
    """How much of the effect of an artist's other songs the residual of a song has [shape=(8,)]."""
    songs_of = defaultdict(list)
    for i, artist in enumerate(listeners.artists):
        songs_of[artist].append(i)
    effects = np.zeros(residuals.shape)
    for row, (title, artist) in enumerate(zip(labelled.titles, labelled.artists, strict=True)):
        this = song_key(title, artist)
        others = [i for i in songs_of[artist_key(artist)] if listeners.songs[i] != this]
        effects[row] = _effect(song_residuals[others])
    effects[np.isnan(residuals)] = 0
    covariance = (effects * np.nan_to_num(residuals)).sum(axis=0)
    return covariance / np.maximum((effects**2).sum(axis=0), 1e-9)


def _r(predicted: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    valence, arousal = (float(np.corrcoef(predicted[:, k], labels[:, k])[0, 1]) for k in (0, 1))
    return valence, arousal
