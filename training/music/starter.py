"""The tracks that Emotify comes with: all decades since 1960 and all styles alike."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from device.mood import Emotion
from device.playlist.circumplex import MATCHES
from device.playlist.suitability import QUIET
from device.playlist.themes import NEVER, Themes, plain
from device.playlist.tracks import Style
from device.playlist_builder.affect_model import AffectModel
from device.playlist_builder.artists import Artist
from device.playlist_builder.build import PLEASANT_VALENCE, spread
from device.playlist_builder.catalogue import Catalogue, join, read_catalogue, song_key
from training.music.affect_training import Listeners, affect_labels

TABLES = ("spotify_songs.csv", "billboard_hot100_features.csv")

TRACKS = 5_000
FIRST_DECADE, LAST_DECADE = 1960, 2010
"""The last one goes to 2020, where the tables end."""

RARE_STYLES = (Style.FOLK, Style.JAZZ)
"""Taken before others, because the tables have few."""

MIN_POPULARITY = 50
MIN_POPULARITY_RARE = 20
"""Less popular tracks are more often gone from Spotify."""

CHARTED_POPULARITY = 55
"""For the table of the Hot 100, which has no popularity."""

MAX_RAP = 1 / 8

RARE_PLACES = {Emotion.ANGRY: (0.3, 1 / 3), Emotion.CALM: (0.23, 1 / 6), Emotion.SAD: (0.23, 1 / 6)}
"""Emotions whose lists need more music than an even spread over the plane has around their places:
it is taken first, within such a distance. The most that each may take of a decade."""

MAX_PLEASANT = 1 / 6
"""Of a decade, tracks that listeners have labelled as pleasant; they are taken first as well."""

_COPY = re.compile(
    r"\b(tribute|karaoke|originally|made famous|in the style of|remade|re-?recording|cover)\b",
    re.IGNORECASE,
)


def starter(
    folder: Path, affect_model: AffectModel, listeners: Listeners
) -> tuple[Catalogue, np.ndarray]:
    """The tracks to come with Emotify, from a folder with the tables, and their labels.

    The decades are filled evenly, within a decade the styles, the rare ones first, and within a
    style the plane of valence and arousal.

    Returns
    -------
    catalogue : Catalogue
    labels : np.ndarray [shape=(n, 2)]
        Valence and arousal as listeners labelled them; NaN where nobody did.

    Raises
    ------
    CatalogueError
        When a table does not exist.
    """
    catalogue = join([read_catalogue(folder / name) for name in TABLES])
    artists = affect_model.find(catalogue.artists, catalogue.genres)
    affect = affect_model.predict(catalogue.features, artists)[:, :2]
    styles = np.array([artist.style for artist in artists])
    labels = affect_labels(catalogue, listeners)
    first = _first(affect, styles, labels)
    popularity = np.nan_to_num(catalogue.popularity, nan=CHARTED_POPULARITY)
    rare = np.isin(styles, RARE_STYLES) | np.any([mask for mask, _ in first], axis=0)
    needed = np.where(rare, MIN_POPULARITY_RARE, MIN_POPULARITY)
    usable = (popularity >= needed) & (catalogue.year > 0) & _may_come(catalogue, artists)
    decade = np.clip(catalogue.year // 10 * 10, FIRST_DECADE, LAST_DECADE)
    decades = range(FIRST_DECADE, LAST_DECADE + 1, 10)
    selected: list[np.ndarray] = []
    for number, each in enumerate(decades):
        room = (TRACKS - sum(map(len, selected))) // (len(decades) - number)
        left = usable & (decade == each)
        for mask, share in first:
            there = np.flatnonzero(left & mask)
            most_popular = np.argsort(-popularity[there], kind="stable")
            selected.append(there[most_popular[: int(share * room)]])
            left[selected[-1]] = False
        room -= sum(map(len, selected[-len(first) :]))
        groups = {style: np.flatnonzero(left & (styles == style)) for style in Style}
        shares = _shares({style: len(group) for style, group in groups.items()}, room)
        selected += [
            group[spread(affect[group], popularity[group], shares[style])]
            for style, group in groups.items()
        ]
    taken = np.sort(np.concatenate(selected))
    return catalogue.take(taken), labels[taken]


def _first(
    affect: np.ndarray, styles: np.ndarray, labels: np.ndarray
) -> list[tuple[np.ndarray, float]]:
    """Tracks to take first [shape=(n,), bool], and their largest share of a decade."""
    seldom_quiet = np.isin(styles, (Style.RAP, Style.ELECTRONIC))
    found = []
    for emotion, (distance, share) in RARE_PLACES.items():
        place = MATCHES[emotion]
        near = np.hypot(*(affect - (place.valence, place.arousal)).T) < distance
        found.append((near & ~(seldom_quiet & (emotion in QUIET)), share))
    return [*found, (labels[:, 0] >= PLEASANT_VALENCE, MAX_PLEASANT)]


def _may_come(catalogue: Catalogue, artists: Sequence[Artist]) -> np.ndarray:
    """Which tracks are neither harmful nor copies of other artists' recordings.

    An artist of whom no table says anything is often one who copies hits, and so is one whose name
    is that of the song.
    """
    themes = Themes()
    found = []
    for title, name, artist in zip(catalogue.titles, catalogue.artists, artists, strict=True):
        is_copy = bool(_COPY.search(f"{title} {name}")) or song_key(title, name)[0] == plain(name)
        is_known = artist.scores is not None
        found.append(is_known and not is_copy and not themes.of(title, name) & NEVER)
    return np.array(found)


def _shares(available: dict[Style, int], room: int) -> dict[Style, int]:
    """How many tracks of each style: all of the rare ones, and of the others equally many."""
    available = available | {Style.RAP: min(available[Style.RAP], int(MAX_RAP * room))}
    shares = {style: min(available[style], room // 2) for style in RARE_STYLES}
    room -= sum(shares.values())
    others = sorted((style for style in Style if style not in shares), key=available.__getitem__)
    for number, style in enumerate(others):
        shares[style] = min(available[style], room // (len(others) - number))
        room -= shares[style]
    return shares
