"""What an artist's genres and tags say: a style of music, a language, and scores.

The scores are those of :class:`device.playlist_builder.affect_model.AffectModel`, learnt from words
to what listeners feel. Artists that Emotify knows have theirs in ``playlists.json``; for the others
the words of the table's genres count.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from device.playlist.preferences import LANGUAGES
from device.playlist.themes import plain
from device.playlist.tracks import Style
from device.playlist_builder.styles import language_of, style_of

Words = Mapping[str, float]
"""Words of genres and tags, each with its weight > 0."""

_STYLES = tuple(Style)
_STEP = 0.1
_GUESTS = re.compile(r"\s[(\[]?(?:feat(?:uring)?|ft|with|duet with)\b.*", re.IGNORECASE)


def artist_key(name: str) -> str:
    """A name as tables agree on it: "The Beatles" and "Beatles (feat. Somebody)" are one artist."""
    alone = _GUESTS.sub("", name.replace("&", " and ")) or name
    return plain(alone).removeprefix("the ").replace(" ", "") or name.casefold()


def words_of(genres: Iterable[str]) -> dict[str, float]:
    """The words of genres: each genre as a whole, and each part of it."""
    found: dict[str, float] = {}
    for genre in map(plain_genre, genres):
        found |= dict.fromkeys((genre, *genre.split()), 1.0)
    return found


def plain_genre(genre: str) -> str:
    """A genre or tag with spaces only: "hip-hop" and "hip_hop" are "hip hop"."""
    return " ".join(re.split(r"[-_\s]+", genre.casefold().strip()))


@dataclass(frozen=True)
class Vocabulary:
    """From words to scores.

    Attributes
    ----------
    words : tuple of str
    weights : np.ndarray [shape=(w, k)]
    intercept : np.ndarray [shape=(k,)]
    """

    words: tuple[str, ...]
    weights: np.ndarray
    intercept: np.ndarray

    def rows(self, artists: Iterable[Words]) -> np.ndarray:
        """The known words of artists, each row of length 1 [shape=(n, w)]; zero where none is."""
        rows = [self._row(words) for words in artists]
        return np.array(rows).reshape(len(rows), len(self.words))

    def scores(self, words: Words) -> np.ndarray | None:
        """The scores of an artist [shape=(k,)]; None when no word is known."""
        row = self._row(words)
        return self.intercept + row @ self.weights if row.any() else None

    def _row(self, words: Words) -> np.ndarray:
        row = np.zeros(len(self.words))
        for word, weight in words.items():
            if word in self._columns:
                row[self._columns[word]] = weight
        return row / max(float(np.linalg.norm(row)), 1e-9)

    @cached_property
    def _columns(self) -> dict[str, int]:
        return {word: column for column, word in enumerate(self.words)}

    def to_dict(self) -> dict[str, Any]:
        """The vocabulary as numbers for a file."""
        rows = np.round(self.weights, 2).tolist()
        return {
            "intercept": np.round(self.intercept, 3).tolist(),
            "words": dict(zip(self.words, rows, strict=True)),
        }

    @classmethod
    def from_dict(cls, numbers: dict[str, Any]) -> Self:
        """The vocabulary from its numbers."""
        words = numbers["words"]
        return cls(
            tuple(words), np.array(list(words.values()), float), np.array(numbers["intercept"])
        )


@dataclass(frozen=True, kw_only=True)
class Artist:
    """An artist.

    Attributes
    ----------
    style : Style
    language : str
        See :attr:`device.playlist.tracks.Track.language`.
    scores : np.ndarray [shape=(k,)] or None
        What the words say, in standard deviations; None when they say nothing.
    effects : np.ndarray [shape=(k,)]
        How listeners' labels of songs of the artist differ from the scores, in the same unit and
        shrunk by how few the songs are; 0 for artists without labelled songs.
    """

    style: Style = Style.OTHER
    language: str = LANGUAGES[0]
    scores: np.ndarray | None = None
    effects: np.ndarray

    def to_text(self) -> str:
        """Style, language, scores and, where there are some, effects as integers.

        A text, because a file with so many lists of numbers takes long to parse.
        """
        known = [] if self.scores is None else [*self.scores]
        if self.effects.any():
            known += [*self.effects]
        numbers = np.round(np.array(known) / _STEP).astype(int).tolist()
        kinds = (_STYLES.index(self.style), LANGUAGES.index(self.language))
        return ",".join(map(str, (*kinds, *numbers)))

    @classmethod
    def from_text(cls, text: str, count: int) -> Self:
        """The artist from its integers; ``count`` is the number of scores."""
        numbers = [int(number) for number in text.split(",")]
        values = np.array(numbers[2:], float) * _STEP
        return cls(
            style=_STYLES[numbers[0]],
            language=LANGUAGES[numbers[1]],
            scores=values[:count] if len(values) else None,
            effects=values[count:] if len(values) > count else np.zeros(count),
        )


class Artists:
    """The known artists, and what words say of the others.

    Parameters
    ----------
    known : mapping of str to str
        :meth:`Artist.to_text` by :func:`artist_key`.
    vocabulary : Vocabulary
    """

    def __init__(self, known: Mapping[str, str], vocabulary: Vocabulary):
        self.known = known
        self.vocabulary = vocabulary

    def find(self, name: str, genres: Iterable[str]) -> Artist:
        """An artist, by the name, or else by the genres that the table gives."""
        count = len(self.vocabulary.intercept)
        if text := self.known.get(artist_key(name)):
            return Artist.from_text(text, count)
        words = words_of(genres)
        return Artist(
            style=style_of(words),
            language=language_of(words),
            scores=self.vocabulary.scores(words),
            effects=np.zeros(count),
        )
