"""The words of artists: Spotify's genres and the tags of listeners on Last.fm."""

import csv
import math
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from device.playlist.themes import Theme, Themes
from device.playlist_builder.artists import plain_genre, words_of

GENRES_FILE, TAGS_FILE = "artist_genres.csv", "artist_tags_hetrec.csv"


@dataclass
class ArtistWords:
    """The words of one artist with their weights.

    Attributes
    ----------
    genres : dict of str to float
        Genres and their parts, each 1.
    tags : dict of str to float
        The logarithm of 1 + the number of listeners who gave it.
    """

    genres: dict[str, float] = field(default_factory=dict)
    tags: dict[str, float] = field(default_factory=dict)

    @property
    def all(self) -> dict[str, float]:
        """Genres and tags; a word that is both has the larger weight."""
        both = self.genres.keys() & self.tags.keys()
        larger = {word: max(self.genres[word], self.tags[word]) for word in both}
        return self.genres | self.tags | larger

    @property
    def shares(self) -> dict[str, float]:
        """What tells the style: all words, genres together counting as much as tags together."""
        found: dict[str, float] = defaultdict(float)
        for words in (self.genres, self.tags):
            total = sum(words.values())
            for word, weight in words.items():
                found[word] += weight / total
        return dict(found)


def read_artist_words(folder: Path) -> dict[str, ArtistWords]:
    """The words of every artist, by :func:`device.playlist_builder.artists.artist_key`.

    Slurs and the like, which listeners write as well, are left out.

    Parameters
    ----------
    folder : Path
        With :data:`GENRES_FILE` (columns key, genres) and :data:`TAGS_FILE` (key, tag, n).
    """
    words: dict[str, ArtistWords] = defaultdict(ArtistWords)
    with (folder / GENRES_FILE).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            words[row["key"]].genres |= words_of(filter(None, row["genres"].split("; ")))
    themes = Themes()
    with (folder / TAGS_FILE).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            tag = plain_genre(row["tag"])
            if not themes.of(tag, "") & (Theme.HARMFUL | Theme.PROFANE):
                words[row["key"]].tags[tag] = math.log1p(int(row["n"]))
    return dict(words)
