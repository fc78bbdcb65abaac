"""The file of the household, in the state folder."""

import logging
from pathlib import Path

import numpy as np

from device import files
from device.clock import Clock
from device.emotion.household import Household
from device.errors import HouseholdError
from device.mood import Emotion

_log = logging.getLogger(__name__)

HOUSEHOLD_FILE = "household.json"


class HouseholdFile:
    """Keeps the household in a small file, which is replaced as a whole.

    Nothing that happens to the file stops a round: one that is damaged or cannot be read is a new
    household, and what cannot be written is kept until the process ends. The journal says either of
    them once. A file that another process has changed or deleted is read again.

    Parameters
    ----------
    path : Path
    model : str
        Checksum of the network that the means belong to; those of another one are dropped.
    channels : int
        Of its voices.
    clock : Clock
    """

    def __init__(self, path: Path, model: str, channels: int, clock: Clock):
        self._path = path
        self._model = model
        self._channels = channels
        self._clock = clock
        self._household = Household()
        self._version: object = None
        self._warned = ""

    def read(self) -> Household:
        """The household as it is now."""
        version = self._found()
        if version != self._version:
            self._version = version
            self._household = self._parsed()
        return self._household

    def learn(self, microphone: str, voice: np.ndarray, emotion: Emotion) -> None:
        """Add a sentence; see :meth:`device.emotion.household.Household.with_sentence`."""
        self._write(self.read().with_sentence(microphone, voice, emotion, self._clock.time()))

    def refuse(self, emotion: Emotion) -> None:
        """Add a refusal; see :meth:`device.emotion.household.Household.with_refusal`."""
        self._write(self.read().with_refusal(emotion))

    def forget(self) -> bool:
        """Delete the file; returns whether there was one.

        Raises
        ------
        HouseholdError
            It cannot be deleted.
        """
        try:
            self._path.unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise HouseholdError(f"{self._path} cannot be deleted: {error.strerror}.") from error
        files.sync_folder(self._path.parent)
        return True

    def _parsed(self) -> Household:
        try:
            return Household.parse(self._path.read_bytes(), self._model, self._channels)
        except FileNotFoundError:
            return Household()
        except (OSError, ValueError) as error:
            self._warn("cannot be read", error, "Emotify judges as if it knew nothing of it")
            return Household()

    def _write(self, household: Household) -> None:
        try:
            files.replace(self._path, household.text(self._model).encode())
        except OSError as error:
            self._warn("cannot be written", error, "what is learned now is lost at the next start")
        else:
            self._warned = ""
        self._household, self._version = household, self._found()

    def _warn(self, what: str, error: Exception, so: str) -> None:
        if self._warned != what:
            self._warned = what
            why = getattr(error, "strerror", None) or error
            _log.warning("%s %s (%s): %s.", self._path, what, why, so)

    def _found(self) -> object:
        """The version of the file, or why there is none."""
        try:
            return files.version(self._path)
        except OSError as error:
            return type(error)
