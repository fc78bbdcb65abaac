"""The embedding that K-Means clusters: affect, moods, sound, folded tempo and style of tracks."""

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, Self

import numpy as np

from device.playlist.tracks import MOODS, Style
from device.playlist_builder.catalogue import FEATURES
from device.playlist_builder.csv_columns import CatalogueError

AFFECT_WEIGHT = 4.0
"""Valence and arousal count as much as this many features each: the clusters separate moods first,
and within a mood kinds of music."""

MOODS_WEIGHT = 2.0
"""All six moods together."""

STYLE_WEIGHT = 2.0
"""All styles together, about."""

# An octave around 100 beats a minute, where people tap along most readily (Moelants 2002); tempo
# trackers often report the double or the half. The octave is a circle: 139 beats a minute are next
# to 141, which is 70.5.
LOWEST_TEMPO_BPM = 70

SOUND = ("danceability", "acousticness", "instrumentalness", "speechiness", "loudness", "tempo")
"""The features besides affect; energy and valence are part of the affect already."""

_STYLES = tuple(style for style in Style if style is not Style.OTHER)
_OUTPUTS = 2 + len(MOODS)


@dataclass(frozen=True)
class Embedding:
    """From tracks to points.

    Attributes
    ----------
    mean, scale : np.ndarray [shape=(15,)]
        Of valence, arousal, the moods and :data:`SOUND`, the tempo as two if it is folded.
    folded : bool
        Whether double and half tempo are one; only a comparison does without.
    """

    mean: np.ndarray
    scale: np.ndarray
    _: KW_ONLY
    folded: bool = True

    @classmethod
    def fit(cls, outputs: np.ndarray, features: np.ndarray, *, folded: bool = True) -> Self:
        """The embedding in which a catalogue has unit variance in all columns but the styles."""
        columns = _columns(outputs, features, folded)
        scale = columns.std(axis=0)
        return cls(columns.mean(axis=0), np.where(scale > 1e-9, scale, 1.0), folded=folded)

    def transform(
        self, outputs: np.ndarray, features: np.ndarray, styles: Sequence[Style]
    ) -> np.ndarray:
        """The points of tracks.

        Parameters
        ----------
        outputs : np.ndarray [shape=(n, 8)]
            Of the affect model.
        features : np.ndarray [shape=(n, 9)]
        styles : sequence of Style

        Returns
        -------
        np.ndarray [shape=(n, 23), float32]
        """
        columns = (_columns(outputs, features, self.folded) - self.mean) / self.scale
        columns[:, :2] *= np.sqrt(AFFECT_WEIGHT)
        columns[:, 2:_OUTPUTS] *= np.sqrt(MOODS_WEIGHT / len(MOODS))
        if self.folded:
            # The two coordinates of the tempo count as one feature.
            columns[:, -2:] /= np.sqrt(2)
        known = np.array([[style is each for each in _STYLES] for style in styles], float)
        known = known.reshape(-1, len(_STYLES)) * np.sqrt(STYLE_WEIGHT)
        return np.hstack((columns, known)).astype(np.float32)

    def to_dict(self) -> dict[str, Any]:
        """The embedding as numbers for a file."""
        return {
            "mean": np.round(self.mean, 5).tolist(),
            "scale": np.round(self.scale, 5).tolist(),
            "styles": list(_STYLES),
        }

    @classmethod
    def from_dict(cls, numbers: dict[str, Any]) -> Self:
        """The embedding from its numbers.

        Raises
        ------
        CatalogueError
            When they are not such numbers.
        """
        try:
            mean, scale = (np.array(numbers[name], float) for name in ("mean", "scale"))
            styles = numbers["styles"]
        except (KeyError, TypeError, ValueError):
            raise CatalogueError("The embedding of the clusters is damaged.") from None
        columns = (_OUTPUTS + len(SOUND) + 1,)
        if (mean.shape, scale.shape, styles) != (columns, columns, list(_STYLES)):
            raise CatalogueError(
                "The embedding of the clusters is from another version of Emotify: build the "
                "playlists again."
            )
        return cls(mean, scale)


def fold_tempo(tempo: np.ndarray) -> np.ndarray:
    """Tempo on the circle of one octave, where double and half tempo are one.

    Parameters
    ----------
    tempo : np.ndarray [shape=(n,)]
        In beats a minute, above zero.

    Returns
    -------
    np.ndarray [shape=(n, 2)]
        Cosine and sine of the angle, which is 0 at 70 beats a minute (and 140, and 35) and half a
        turn at 99.
    """
    angle = 2 * np.pi * np.log2(tempo / LOWEST_TEMPO_BPM)
    return np.column_stack((np.cos(angle), np.sin(angle)))


def _columns(outputs: np.ndarray, features: np.ndarray, folded: bool) -> np.ndarray:
    sound = features[:, [FEATURES.index(name) for name in SOUND]].astype(float)
    if folded:
        sound = np.hstack((sound[:, :-1], fold_tempo(sound[:, -1])))
    return np.hstack((outputs, sound))
