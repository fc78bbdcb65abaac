import os
import stat
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from device.emotion.household_file import HouseholdFile
from device.mood import Emotion
from device.simulation.clock import SimulatedClock

USB = "USB microphone"
VOICE = np.array([0.3, -0.1, 0.2], np.float32)


def opened(path, model="m"):
    return HouseholdFile(path, model, 3, SimulatedClock())


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "household.json"


@pytest.fixture
def learned(path):
    """The file after three sentences."""
    file = opened(path)
    for _ in range(3):
        file.learn(USB, VOICE, Emotion.SAD)
    return file


def sentences(file):
    known = file.read().voices.get(USB)
    return known.sentences if known else 0


def test_what_was_learned_is_there_after_a_restart(path, learned):
    learned.refuse(Emotion.SAD)
    household = opened(path).read()
    assert household.voices[USB].sentences == 3
    assert household.refusals[Emotion.SAD].times == 1
    assert household.voices[USB].since == SimulatedClock().time()


def test_the_file_is_small_and_only_its_owner_reads_it(path):
    file = HouseholdFile(path, "m" * 64, 1536, SimulatedClock())
    file.learn(USB, np.full(1536, 0.1, np.float32), Emotion.SAD)
    assert path.stat().st_size < 5000
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_of_another_model_nothing_is_known_and_nothing_is_said(path, learned, caplog):
    assert sentences(opened(path, "another")) == 0
    assert caplog.text == ""


def test_what_another_process_learns_or_forgets_is_seen(path, learned):
    opened(path).learn(USB, VOICE, Emotion.SAD)
    assert sentences(learned) == 4
    assert opened(path).forget()
    assert sentences(learned) == 0
    assert not opened(path).forget()


def test_cut_at_any_byte_it_is_a_new_household_and_this_is_said_once(path, learned, caplog):
    content = path.read_bytes()
    for kept in range(len(content)):
        path.write_bytes(content[:kept])
        caplog.clear()
        file = opened(path)
        assert sentences(file) == sentences(file) == 0
        assert caplog.text.count("as if it knew nothing") == 1
    file.learn(USB, VOICE, Emotion.SAD)
    assert sentences(opened(path)) == 1


def test_an_unfinished_file_of_a_power_cut_leaves_the_last_good_one(path, learned):
    (path.parent / f".{path.name}.x7z").write_bytes(path.read_bytes()[:50])
    assert sentences(opened(path)) == 3


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_random_bytes_are_a_new_household(path, content):
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    file = opened(path)
    assert sentences(file) == 0
    file.learn(USB, VOICE, Emotion.SAD)
    assert sentences(opened(path)) == 1


ON_A_FULL_DISK = """
import resource, sys
from pathlib import Path
import numpy as np
from device.emotion.household_file import HouseholdFile
from device.mood import Emotion
from device.simulation.clock import SimulatedClock
resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20))
file = HouseholdFile(Path(sys.argv[1]), "m", 3, SimulatedClock())
for _ in range(2):
    file.learn("USB microphone", np.array([0.3, -0.1, 0.2], np.float32), Emotion.SAD)
file.refuse(Emotion.SAD)
print(file.read().voices["USB microphone"].sentences, file.read().prior().min() < 1)
"""
"""No file can become longer than 20 bytes."""


def test_on_a_full_disk_it_goes_on_learning_and_says_once_that_this_will_be_lost(path, learned):
    run = subprocess.run(
        [sys.executable, "-c", ON_A_FULL_DISK, path], capture_output=True, text=True, check=True
    )
    assert run.stdout == "5 True\n"
    assert run.stderr.count("cannot be written") == 1
    assert sentences(opened(path)) == 3
    assert os.listdir(path.parent) == [path.name]


def test_in_a_folder_that_cannot_be_written_it_is_the_same(tmp_path, caplog):
    (tmp_path / "file").write_text("")
    file = opened(tmp_path / "file" / "household.json")
    file.learn(USB, VOICE, Emotion.SAD)
    file.learn(USB, VOICE, Emotion.SAD)
    assert sentences(file) == 2
    assert caplog.text.count("cannot be written") == 1
    assert "lost at the next start" in caplog.text
