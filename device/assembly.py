"""Creates the parts of the device from the configuration."""

from pathlib import Path
from typing import TYPE_CHECKING

from device import pins
from device.appliance.daemon import Parts
from device.appliance.login_reminder import LoginReminder
from device.clock import Clock, SystemClock
from device.config.config import Config
from device.config.folders import runtime_folder, state_folder
from device.emotion.household_classifier import HouseholdClassifier
from device.emotion.household_file import HOUSEHOLD_FILE, HouseholdFile
from device.emotion.model import EmotionModel, model_files
from device.microphone.microphone import Microphone, PyAudioMicrophone
from device.player import Player
from device.playlist.history import History
from device.playlist.playlist import PLAYLISTS_FILE, Playlists
from device.playlist.preferences import Preferences
from device.spotify.account import Account
from device.spotify.player import SpotifyPlayer

if TYPE_CHECKING:
    from gpiozero.pins import Factory

HISTORY_FILE = "history.json"


def parts(config: Config, clock: Clock) -> Parts:
    """Everything that a round needs.

    Raises
    ------
    ModelError, PlaylistsError
        When a file of the models folder is missing, damaged or of another version.
    """
    spotify = account(config, clock)
    sound, model = microphone(config), classifier(config)
    return Parts(
        microphone=sound,
        classifier=HouseholdClassifier(model, household(model, clock), lambda: sound.device),
        playlists=playlists(config, clock=clock),
        player=SpotifyPlayer(spotify, config.player.speaker, clock),
        guess=config.mood.when_unsure == "guess",
        reminder=LoginReminder(spotify.login_status, clock),
    )


def microphone(config: Config) -> Microphone:
    """The microphone, or the recording that the configuration puts in its place."""
    if config.simulation.recording:
        from device.simulation.microphone import RecordedMicrophone

        return RecordedMicrophone(config.simulation.recording, SystemClock())
    return PyAudioMicrophone(config.microphone.name)


def pin_factory(config: Config) -> "Factory":
    """The pins of this machine, or simulated ones.

    Raises
    ------
    PinError
        On a machine without pins.
    """
    if config.simulation.pins:
        from device.simulation.pins import pin_factory

        return pin_factory()
    return pins.pin_factory(runtime_folder())


def classifier(config: Config) -> EmotionModel:
    return EmotionModel.load(config.models_folder)


def loaded_files(config: Config, file: Path | None) -> list[Path]:
    """The files that :func:`parts` reads once: the configuration and the model.

    ``file`` is that of the configuration. The playlists are read again with every press.
    """
    return [*([file] if file else []), *model_files(config.models_folder)]


def household(model: EmotionModel, clock: Clock, folder: Path | None = None) -> HouseholdFile:
    """What is known of the household, in a folder or by default in the state folder."""
    path, metadata = (folder or state_folder()) / HOUSEHOLD_FILE, model.metadata
    return HouseholdFile(path, metadata.sha256, len(metadata.voice.mean), clock)


def playlists(
    config: Config,
    folder: Path | None = None,
    preferences: Preferences | None = None,
    clock: Clock | None = None,
) -> Playlists:
    """The playlists: of one's own music when it has been built, else those of the models folder.

    ``folder`` is that of the history, by default the state folder; ``preferences`` are the
    configuration's by default.
    """
    files = (own_music(), config.models_folder / PLAYLISTS_FILE)
    history = History((folder or state_folder()) / HISTORY_FILE)
    return Playlists(files, history, preferences or config.preferences, clock)


def own_music() -> Path:
    """Where `emotify playlists build` writes the playlists."""
    return state_folder() / PLAYLISTS_FILE


def player(config: Config, clock: Clock) -> Player:
    return SpotifyPlayer(account(config, clock), config.player.speaker, clock)


def account(config: Config, clock: Clock) -> Account:
    """The Spotify account, with its login in the state folder."""
    spotify = config.spotify
    return Account(
        spotify.client_id,
        spotify.redirect_uri,
        state_folder() / "token.json",
        api_url=spotify.api_url,
        accounts_url=spotify.accounts_url,
        timeout_seconds=spotify.timeout_seconds,
        round_seconds=spotify.round_seconds,
        clock=clock,
    )
