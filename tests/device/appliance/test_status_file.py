import os

import pytest

from device.appliance import events
from device.appliance.machine import Phase, State
from device.appliance.status import Status
from device.appliance.status_file import StatusFile
from device.errors import NetworkError
from device.light.patterns import Cue, Layer
from device.mood import Emotion, Mood
from device.playlist.playlist import Playlist, Track
from device.simulation.clock import SimulatedClock
from device.speech.endpointing import Unheard

READY = State(Phase.READY)
DONE = (events.Clear(Layer.ACTIVITY),)
FAILED = events.Failed(1, NetworkError("No network."))
PLAYING = events.Playing(
    1, Playlist(Emotion.SAD, "sad", (Track("spotify:track:1", "A", "B"),)), "Kitchen"
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "status.json"


@pytest.fixture
def file(path):
    return StatusFile(path, SimulatedClock())


def test_the_file_tells_the_phase_the_latest_words_and_the_light(file, path):
    file.watch(events.Loaded(), READY, DONE)
    file.watch(events.Pressed(0), State(Phase.STARTING_MUSIC), (events.Show(Cue.PRESSED),))
    status = Status.read(path)
    assert status.pid == os.getpid()
    assert (status.phase, status.said, status.light) == ("starting music", "Pressed.", "pressed")


def test_a_fault_is_told_until_the_next_press(file, path):
    file.watch(FAILED, READY, (events.Show(Cue.FAULT_2),))
    assert (Status.read(path).fault, Status.read(path).problem) == (2, "No network.")
    file.watch(PLAYING, READY, DONE)
    assert (Status.read(path).fault, Status.read(path).problem) == (None, None)


def test_what_failed_of_a_round_that_is_over_is_no_problem(file, path):
    file.watch(PLAYING, READY, DONE)
    before = Status.read(path)
    file.watch(events.MusicFailed(1, NetworkError("Given up for the next press.")), READY, ())
    assert Status.read(path) == before


def test_what_is_wrong_with_the_login_is_told_until_it_is_good(file, path):
    file.watch(events.LoginChanged("Nobody is logged in.", None), READY, DONE)
    file.watch(events.Pressed(0), READY, DONE)
    assert Status.read(path).login == "Nobody is logged in."
    file.watch(events.LoginChanged(None, 14), READY, DONE)
    assert "in 14 days" in Status.read(path).login
    file.watch(events.LoginChanged(None, None), READY, DONE)
    assert Status.read(path).login is None


def test_an_end_leaves_no_file(file, path):
    file.watch(events.Loaded(), READY, DONE)
    file.remove()
    assert not path.exists()


def test_presses_moods_and_faults_are_counted_beyond_a_crash(file, path):
    file.watch(events.Loaded(), READY, DONE)
    file.watch(events.Pressed(0), READY, DONE)
    file.watch(events.Recognised(1, Mood.certain(Emotion.SAD), at=0), READY, DONE)
    file.watch(FAILED, READY, (events.Show(Cue.FAULT_2),))
    after = StatusFile(path, SimulatedClock())
    after.watch(events.Pressed(0), READY, DONE)
    status = Status.read(path)
    assert (status.presses, status.moods, status.faults) == (2, {"sad": 1}, {"2": 1})
    assert status.mood is None


def test_a_microphone_that_is_muted_is_a_fault(file, path):
    file.watch(events.NothingHeard(1, Unheard.SILENT), READY, (events.Show(Cue.FAULT_1),))
    status = Status.read(path)
    assert status.fault == 1
    assert "is the microphone muted?" in status.problem
