import stat

import pytest

from device.simulation.clock import SimulatedClock
from device.spotify.memory import Memory

pytestmark = pytest.mark.usefixtures("no_collector")


@pytest.fixture
def clock():
    return SimulatedClock()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "spotify.json"


@pytest.fixture
def memory(path, clock):
    return Memory(path, clock)


def test_a_limit_passes(memory, clock):
    memory.keep_limit(60)
    assert memory.limit_seconds == 60
    clock.sleep(59)
    assert memory.limit_seconds == 1
    clock.sleep(1)
    assert memory.limit_seconds == 0


def test_what_is_remembered_of_one_thing_leaves_the_others(memory, path, clock):
    memory.keep_limit(60)
    memory.keep_speaker("kitchen", "id", "Kitchen")
    memory.keep_lowered("id", own=40, levels=[14, 27])
    restarted = Memory(path, clock)
    assert restarted.limit_seconds == 60
    assert restarted.speaker("kitchen") == ("id", "Kitchen")
    assert restarted.own_volume("id", 27) == 40


@pytest.mark.parametrize(("speaker", "volume"), [("id", 30), ("other", 14)])
def test_a_volume_that_is_not_ours_is_the_person_s_own(memory, speaker, volume):
    memory.keep_lowered("id", own=40, levels=[14, 27])
    assert memory.own_volume(speaker, volume) == volume
    memory.volume_restored()
    assert memory.own_volume("id", 14) == 14


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "[" * 100_000,
        '{"limit": 3, "speakers": [], "lowered": null}',
        '{"limit": {"since": "x", "not_before": 9e99}, "speakers": {"kitchen": 3}}',
        '{"lowered": {"speaker": "id", "own": "loud", "levels": [14]}}',
        '{"lowered": {"speaker": "id", "own": 400, "levels": [14]}}',
    ],
)
def test_a_damaged_memory_is_no_memory(memory, path, content):
    path.write_text(content)
    assert memory.limit_seconds == 0
    assert memory.speaker("kitchen") is None
    assert memory.own_volume("id", 14) == 14
    memory.keep_speaker("kitchen", "id", "Kitchen")
    assert memory.speaker("kitchen") == ("id", "Kitchen")


def test_a_memory_that_cannot_be_written_is_a_word_in_the_log(tmp_path, clock, caplog):
    (tmp_path / "file").write_text("")
    Memory(tmp_path / "file" / "spotify.json", clock).keep_limit(60)
    assert "cannot be written" in caplog.text


def test_the_file_is_for_its_owner_alone(memory, path):
    memory.keep_limit(60)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
