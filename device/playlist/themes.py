"""Themes: what a title is about, so that music hurts nobody and Christmas comes in December.

A title is compared word by word, so "Killing Me Softly" is not "killing me". What a song is about
when its title does not say so cannot be known, apart from the few songs that are listed.
"""

import datetime
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from enum import Flag, auto

from device.playlist import theme_words

CHRISTMAS_BEGINS, CHRISTMAS_ENDS = (12, 1), (1, 6)
"""Month and day; both days are in the season."""

_WORDS = re.compile(r"[^\W_]+(?:\*+\w*)*|\*+\w+")
_CENSORED_SLUR = re.compile(r"\bn[i*][g*]{2}\w*|\bf[a*]g[g*]")


class Theme(Flag):
    """What a title is about."""

    NOTHING = 0
    HARMFUL = auto()
    """Self-harm, killing, overdose, slurs, or a word that the owner avoids."""
    NOISE = auto()
    """Sounds of nature and for sleeping."""
    GRIM = auto()
    """Death, weapons and despair: for nobody but the angry."""
    CHRISTMAS = auto()
    EROTIC = auto()
    PROFANE = auto()
    """Words that make a track probably explicit."""


NEVER = Theme.HARMFUL | Theme.NOISE
"""Themes of tracks that are played to nobody."""


class Themes:
    """Tells what titles are about.

    Parameters
    ----------
    avoided : str
        The owner's words and phrases to keep out, a comma between two.
    allowed : str
        The owner's words and phrases to allow, although the lists have them.
    """

    def __init__(self, avoided: str = "", allowed: str = ""):
        avoided, allowed = _plain_list(avoided), _plain_list(allowed)
        not_harmful = f"{theme_words.NOT_HARMFUL}, {allowed}"
        self._phrases = _by_first_word(
            {
                Theme.HARMFUL: f"{theme_words.HARMFUL}, {avoided}",
                Theme.NOISE: theme_words.NOISE,
                Theme.GRIM: theme_words.GRIM,
                Theme.CHRISTMAS: theme_words.CHRISTMAS,
                Theme.EROTIC: theme_words.EROTIC,
                Theme.PROFANE: theme_words.PROFANE,
            }
        )
        self._not = _by_first_word(
            {
                Theme.HARMFUL: not_harmful,
                Theme.GRIM: f"{theme_words.NOT_GRIM}, {not_harmful}",
                Theme.CHRISTMAS: theme_words.NOT_CHRISTMAS,
                Theme.EROTIC: allowed,
                Theme.PROFANE: allowed,
            }
        )
        self._allowed = _by_first_word({Theme.HARMFUL: allowed})

    def of(self, title: str, artist: str) -> Theme:
        """What a track is about."""
        words, artist_words = plain(title).split(), plain(artist).split()
        found = self._of_words(words)
        found |= self._of_words(artist_words) & Theme.NOISE
        if _is_listed(words, artist_words) and not any(_places(self._allowed, words)):
            found |= Theme.HARMFUL
        if not title.isascii() and any(part in title for part in theme_words.HARMFUL_CHARACTERS):
            found |= Theme.HARMFUL
        if "*" in title and _CENSORED_SLUR.search(" ".join(words)):
            found |= Theme.HARMFUL
        return found

    def _of_words(self, words: list[str]) -> Theme:
        found = Theme.NOTHING
        if self._phrases.keys().isdisjoint(words):
            return found
        allowed = list(_places(self._not, words))
        for theme, place in _places(self._phrases, words):
            if not any(theme is other and set(place) & set(part) for other, part in allowed):
                found |= theme
        return found


def is_christmas(day: datetime.date) -> bool:
    """Whether Christmas songs are in season."""
    return not CHRISTMAS_ENDS < (day.month, day.day) < CHRISTMAS_BEGINS


def plain(text: str) -> str:
    """A text as words with one space between them: no accents, capitals or punctuation.

    A dollar sign is an s, as in "$uicide"; asterisks in censored words stay.
    """
    kept = text.casefold().replace("$", "s")
    if not kept.isascii():
        letters = unicodedata.normalize("NFKD", kept)
        kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(_WORDS.findall(kept))


_ByFirstWord = dict[str, list[tuple[Theme, list[str]]]]


def _by_first_word(phrases: dict[Theme, str]) -> _ByFirstWord:
    found = defaultdict(list)
    for theme, listed in phrases.items():
        for phrase in listed.split(","):
            if words := phrase.split():
                found[words[0]].append((theme, words))
    return dict(found)


def _places(phrases: _ByFirstWord, words: list[str]) -> Iterator[tuple[Theme, range]]:
    """Where in a text each phrase is, as the indices of its words."""
    for start, word in enumerate(words):
        for theme, phrase in phrases.get(word, ()):
            if words[start : start + len(phrase)] == phrase:
                yield theme, range(start, start + len(phrase))


def _plain_list(phrases: str) -> str:
    return ", ".join(map(plain, phrases.split(",")))


def _listed() -> dict[str, list[tuple[list[str], list[str]]]]:
    """Title and artist of the listed songs, by the first word of the title."""
    found = defaultdict(list)
    for song in theme_words.HARMFUL_SONGS.split(","):
        title, artist = (part.split() for part in song.split(" - "))
        found[title[0]].append((title, artist))
    return dict(found)


_LISTED = _listed()


def _is_listed(title: list[str], artist: list[str]) -> bool:
    """Whether it is one of the listed songs, in any version of it."""
    return any(
        title[: len(song)] == song and artist == by
        for song, by in _LISTED.get(title[0] if title else "", ())
    )
