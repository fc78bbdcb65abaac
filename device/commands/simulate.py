"""`emotify simulate`: the daemon in a terminal."""

import argparse
import logging
import tempfile
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from signal import SIGINT, SIGTERM

from device import assembly
from device.appliance import events, signals
from device.appliance.daemon import Daemon, Parts
from device.appliance.machine import Phase, State
from device.clock import SystemClock
from device.config import config
from device.config.config import Config
from device.emotion.household_classifier import HouseholdClassifier
from device.emotion.model import Classifier
from device.light.light import Light
from device.microphone import recording
from device.microphone.microphone import Microphone
from device.simulation.classifier import ScriptedClassifier
from device.simulation.microphone import RecordedMicrophone
from device.simulation.pins import SimulatedButton, pin_factory
from device.simulation.service_manager import SimulatedServiceManager
from device.simulation.spotify import SpotifyStandIn
from device.simulation.terminal import DrawnLed, Screen, keys
from device.spotify.account import Account
from device.spotify.player import SpotifyPlayer


class OneRound:
    """Presses the button once, and stops the daemon at the end of the round.

    Attributes
    ----------
    played : bool
        Whether the music started.
    """

    def __init__(self, button: SimulatedButton, daemon: Daemon):
        self._button = button
        self._daemon = daemon
        self.played = False

    def watch(self, event: events.Event, state: State, actions: tuple[events.Action, ...]) -> None:
        if isinstance(event, events.Loaded):
            self._button.press()
        elif state.phase is Phase.BROKEN or (state.round and state.phase is Phase.READY):
            self.played = isinstance(event, events.Playing)
            self._daemon.stop()


def run(args: argparse.Namespace) -> int:
    """Run until the key q or the end of the input; with --press-once for one round, without keys.

    With it the exit status is 0 only if the music started.

    Raises
    ------
    RecordingError
        When --wav is not one.
    """
    if args.wav:
        recording.check(args.wav)
    readable, _ = config.read(args.config)
    screen = Screen()
    logging.basicConfig(level=logging.INFO, handlers=[screen])
    pins = pin_factory()
    button = SimulatedButton(readable.button, pins)
    light = Light(DrawnLed(readable.light, pins, screen), SystemClock(), readable.light.beacon)
    with SpotifyStandIn() as spotify, tempfile.TemporaryDirectory() as folder:
        account = spotify.account(Path(folder) / "token.json")
        load = partial(_parts, args, account, Path(folder))
        daemon = Daemon(load, button, light, SimulatedServiceManager())
        daemon.watch(screen.watch)
        one_round = OneRound(button, daemon)
        if args.press_once:
            daemon.watch(one_round.watch)
        signals.handle({SIGTERM: daemon.stop, SIGINT: daemon.stop})
        watched = nullcontext() if args.press_once else keys(button.press, button.hold, daemon.stop)
        with watched:
            daemon.run()
    screen.end()
    return 1 if args.press_once and not one_round.played else 0


def _classifier(
    args: argparse.Namespace, settings: Config, microphone: Microphone, folder: Path
) -> Classifier:
    if args.mood:
        return ScriptedClassifier.nearly_certain(args.mood)
    model = assembly.classifier(settings)
    household = assembly.household(model, SystemClock(), folder)
    return HouseholdClassifier(model, household, lambda: microphone.device)


def _parts(args: argparse.Namespace, account: Account, folder: Path) -> Parts:
    settings = config.load(args.config)
    clock = SystemClock()
    recorded = args.wav and RecordedMicrophone(args.wav, clock)
    microphone: Microphone = recorded or assembly.microphone(settings)
    return Parts(
        microphone=microphone,
        classifier=_classifier(args, settings, microphone, folder),
        playlists=assembly.playlists(settings, folder),
        player=SpotifyPlayer(account, "", clock),
        guess=settings.mood.when_unsure == "guess",
    )
