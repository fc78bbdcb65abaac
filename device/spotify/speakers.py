"""Finding a speaker of the account by its name."""

import unicodedata
from collections.abc import Sequence

from device.errors import SpeakerError
from device.player import Speaker


class NotListedError(SpeakerError):
    """The speaker is not in Spotify's list now; it may be asleep."""


_WAKE = "Wake it up (open Spotify on it once)"
_CHOOSE = "put one of these names into [player] speaker"


def find_speaker(speakers: Sequence[Speaker], name: str) -> Speaker:
    """The speaker with a name; for an empty name the active one, or the only one.

    Case and spaces are ignored, and the beginning of a name is enough if it is unique.

    Raises
    ------
    NotListedError
        When there is none.
    SpeakerError
        When there is more than one, or one that takes no commands.
    """
    if not name.strip():
        return _active_or_only(speakers)
    named = [speaker for speaker in speakers if normalised(speaker.name) == normalised(name)]
    named = named or [one for one in speakers if normalised(one.name).startswith(normalised(name))]
    # A speaker that cannot be used does not count if there is another.
    named = [speaker for speaker in named if speaker.usable] or named
    if not named:
        raise NotListedError(
            f'There is no speaker "{name}" in this account; Spotify lists {_names(speakers)}. '
            f"{_WAKE}, or {_CHOOSE}."
        )
    if len(named) > 1:
        raise SpeakerError(
            f'"{name}" may be any of {len(named)} speakers: {_names(named)}. Name one of them in '
            "full in [player] speaker; if two have the same name, change one in its own app."
        )
    if not named[0].usable:
        raise SpeakerError(
            f'"{named[0].name}" takes no commands from other programs: choose another speaker; '
            "`emotify speakers` lists them."
        )
    return named[0]


def _active_or_only(speakers: Sequence[Speaker]) -> Speaker:
    usable = [speaker for speaker in speakers if speaker.usable]
    choices = [speaker for speaker in usable if speaker.active] or usable
    if not choices:
        why = ""
        if speakers and all(speaker.restricted for speaker in speakers):
            why = ", which takes no commands from other programs (like Sonos and Echo groups)"
        raise NotListedError(
            f"Spotify lists no speaker that Emotify can use: it lists {_names(speakers)}{why}. "
            "Open Spotify on another speaker once and try again."
        )
    if len(choices) > 1:
        raise SpeakerError(
            f"No speaker is chosen and none is active; Spotify lists {_names(usable)}: {_CHOOSE}."
        )
    return choices[0]


def normalised(name: str) -> str:
    """A name for comparisons: without case and spaces."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _names(speakers: Sequence[Speaker]) -> str:
    return ", ".join(speaker.name for speaker in speakers) or "none"
