"""The errors, with messages for the journal and the person, and faults for the light.

Every error is an :class:`EmotifyError` and also the builtin exception it resembles. Its message
says what happened and what the person can do. Its ``fault`` is the number of red blinks of the
light.
"""

from enum import IntEnum
from typing import ClassVar


class Fault(IntEnum):
    """The part that failed; the number is that of the red blinks of the light."""

    MICROPHONE = 1
    NETWORK = 2
    ACCOUNT = 3
    SPEAKER = 4
    SPOTIFY = 5
    SETUP = 6


class EmotifyError(Exception):
    """Base of all of Emotify's errors."""

    fault: ClassVar[Fault] = Fault.SETUP


class MicrophoneError(EmotifyError, OSError):
    """There is no microphone, or it stopped delivering sound."""

    fault = Fault.MICROPHONE


class NetworkError(EmotifyError, ConnectionError):
    """Spotify could not be reached, or did not answer in time."""

    fault = Fault.NETWORK


class AccountError(EmotifyError, PermissionError):
    """There is no login, it has ended, or the account has no Premium or no access to the app."""

    fault = Fault.ACCOUNT


class SpeakerError(EmotifyError, LookupError):
    """The speaker is not available, is ambiguous, or takes no commands."""

    fault = Fault.SPEAKER


class SpotifyError(EmotifyError, RuntimeError):
    """Spotify refused the request, or its answer is invalid."""

    fault = Fault.SPOTIFY


class ConfigError(EmotifyError, ValueError):
    """The configuration has mistakes; the message lists all of them with line and remedy."""

    fault = Fault.SETUP


class ModelError(EmotifyError, ValueError):
    """The emotion model is missing, damaged, or does not match its metadata."""

    fault = Fault.SETUP


class PlaylistsError(EmotifyError, ValueError):
    """The file of playlists is missing, damaged, or of another version."""

    fault = Fault.SETUP


class HouseholdError(EmotifyError, OSError):
    """What is known of the household cannot be deleted."""

    fault = Fault.SETUP


class PinError(EmotifyError, OSError):
    """The pins of the light or the button are not available."""

    fault = Fault.SETUP


class ClockError(EmotifyError, ValueError):
    """The clock is wrong."""

    fault = Fault.NETWORK


class DiskError(EmotifyError, OSError):
    """The state cannot be written."""

    fault = Fault.SETUP


class ServiceError(EmotifyError, RuntimeError):
    """The service manager does not run the daemon."""

    fault = Fault.SETUP


class NotRunningError(EmotifyError, ProcessLookupError):
    """The daemon is not running, or cannot be reached."""

    fault = Fault.SETUP


class RecordingError(EmotifyError, ValueError):
    """A file is no recording that can be used."""

    fault = Fault.MICROPHONE
