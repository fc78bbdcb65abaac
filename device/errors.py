"""What can go wrong, said once for the light, the journal and the person.

Every error is an :class:`EmotifyError` and also the builtin it resembles. Its message is one or
two sentences: what happened, and what the person can do next. Its ``fault`` is the number of red
blinks that the light shows for it.
"""

from enum import IntEnum
from typing import ClassVar


class Fault(IntEnum):
    """The part that failed; the number is how often the light blinks red."""

    MICROPHONE = 1
    NETWORK = 2
    ACCOUNT = 3
    SPEAKER = 4
    SPOTIFY = 5
    SETUP = 6


class EmotifyError(Exception):
    """Base of all of Emotify's errors."""

    fault: ClassVar[Fault | None] = None


class MicrophoneError(EmotifyError, OSError):
    """No microphone, or it stopped delivering sound."""

    fault = Fault.MICROPHONE


class NetworkError(EmotifyError, ConnectionError):
    """Spotify could not be reached, or did not answer in time."""

    fault = Fault.NETWORK


class AccountError(EmotifyError, PermissionError):
    """No login, an ended login, no Premium, or not a user of the app."""

    fault = Fault.ACCOUNT


class SpeakerError(EmotifyError, LookupError):
    """The speaker is not there, cannot be told from another, or takes no commands."""

    fault = Fault.SPEAKER


class SpotifyError(EmotifyError, RuntimeError):
    """Spotify answered, but refused, or said something that makes no sense."""

    fault = Fault.SPOTIFY


class ConfigError(EmotifyError, ValueError):
    """The configuration has mistakes; the message lists all of them with line and remedy."""

    fault = Fault.SETUP


class ModelError(EmotifyError, ValueError):
    """The emotion model is missing, damaged, or does not fit its metadata."""

    fault = Fault.SETUP


class PlaylistsError(EmotifyError, ValueError):
    """The file of playlists is missing, damaged, or of another version."""

    fault = Fault.SETUP


class PinError(EmotifyError, OSError):
    """The pins of the light or of the button cannot be had."""

    fault = Fault.SETUP


class RecordingError(EmotifyError, ValueError):
    """A file in the place of the microphone is no recording that can be listened to."""

    fault = Fault.MICROPHONE
