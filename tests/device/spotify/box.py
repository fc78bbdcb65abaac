"""The real daemon with a recording as microphone: `box.py CONFIG RECORDING`. It logs at DEBUG."""

import logging
import sys
from pathlib import Path

from device import assembly
from device.appliance.daemon import Parts
from device.appliance.login_reminder import LoginReminder
from device.clock import SystemClock
from device.commands.run import serve
from device.config.config import Config
from device.mood import Emotion
from device.simulation.classifier import ScriptedClassifier
from device.simulation.clock import SimulatedClock
from device.simulation.microphone import RecordedMicrophone


def main(file: Path, recording: Path) -> int:
    logging.basicConfig(level=logging.DEBUG, format="%(levelname).1s %(name)s %(message)s")
    clock = SystemClock()

    def load(settings: Config) -> Parts:
        return Parts(
            # Its sentence takes no time, and nor does its model.
            microphone=RecordedMicrophone(recording, SimulatedClock()),
            classifier=ScriptedClassifier.nearly_certain(Emotion.CALM),
            playlists=assembly.playlists(settings),
            player=assembly.player(settings, clock),
            reminder=LoginReminder(assembly.account(settings, clock).login_status, clock),
        )

    return serve(file, load, clock)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
