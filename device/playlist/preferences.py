"""What a person wants the playlists to be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from device.mood import Emotion

_UNPLEASANT = (Emotion.SAD, Emotion.ANGRY, Emotion.FEARFUL, Emotion.DISGUST)


DECADES = tuple(map(str, range(1950, 2030, 10)))
"""The decades that a person can prefer."""


LANGUAGES = (
    "english", "spanish", "portuguese", "german", "french", "italian", "dutch", "korean",
    "japanese", "chinese", "indian", "filipino", "turkish",
)  # fmt: skip
"""English includes tracks whose artist's genres tell no other language."""


class Strategy(StrEnum):
    """What the music does with a mood."""

    MATCH = "match"
    LIFT = "lift"


def default_strategies() -> dict[Emotion, Strategy]:
    """Lift unpleasant emotions, and match the others."""
    return {e: Strategy.LIFT if e in _UNPLEASANT else Strategy.MATCH for e in Emotion}


@dataclass(frozen=True)
class Preferences:
    """The preferences of the configuration.

    Attributes
    ----------
    strategies : mapping of each Emotion to a Strategy
    links : mapping of Emotion to str
        ``spotify:playlist:...`` or ``spotify:album:...``, played as it is for that emotion.
    minutes : float > 0
        Length of a playlist; it has at least 20 and at most 30 tracks in any case.
    explicit : bool
        Whether tracks with explicit lyrics may be selected.
    avoided, allowed : str
        Words and phrases in titles, see :class:`device.playlist.themes.Themes`.
    decades : tuple of int
        Such as 1980; empty for all.
    languages : tuple of str
        Such as "english" and "spanish"; empty for all.
    lift_target : tuple of float
        Valence and arousal in 0..1 that a lift ends at.
    """

    strategies: Mapping[Emotion, Strategy] = field(default_factory=default_strategies)
    links: Mapping[Emotion, str] = field(default_factory=dict)
    minutes: float = 90.0
    explicit: bool = True
    avoided: str = ""
    allowed: str = ""
    decades: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()
    lift_target: tuple[float, float] = (0.8, 0.5)
