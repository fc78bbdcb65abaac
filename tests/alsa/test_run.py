"""The daemon as a process with real PyAudio, spotipy and notification socket, and mocked pins."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from queue import Empty, Queue

import pytest
import soundfile

from device.commands.run import RESTART_STATUS
from device.simulation.spotify import SpotifyStandIn

PATIENCE_SECONDS = 30


class Box:
    """A daemon at work, with what it tells systemd and what it logs."""

    def __init__(self, command, environment, folder):
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(folder / "notify"))
        self._notified = Queue()
        environment["NOTIFY_SOCKET"] = str(folder / "notify")
        self.process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
        self._log = Queue()
        self.lines = []
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._receive, daemon=True).start()

    def _read(self):
        for line in self.process.stderr:
            self.lines.append(line)
            self._log.put(line)
        self._log.put(None)

    def _receive(self):
        # Whoever notifies waits when the socket is full.
        while told := self._socket.recv(4096):
            self._notified.put(told.decode())

    def notified(self):
        """The next thing that systemd is told."""
        return self._notified.get(timeout=PATIENCE_SECONDS)

    def press(self):
        self.process.send_signal(signal.SIGUSR1)

    def wait_for(self, words):
        """The next line of the log that has these words."""
        try:
            while (line := self._log.get(timeout=PATIENCE_SECONDS)) is not None:
                if words in line:
                    return line
        except Empty:
            pass
        raise AssertionError(f"it never said {words!r}: {''.join(self.lines)}")

    def end(self):
        self.process.terminate()
        self.process.wait(PATIENCE_SECONDS)
        return self.process.returncode


@pytest.fixture
def spotify():
    with SpotifyStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def microphone(bed, sentence):
    samples, rate_hz = soundfile.read(sentence, dtype="int16")
    return bed.microphone("USB Microphone", samples, rate_hz)


@pytest.fixture
def start(bed, spotify, tmp_path):
    state = tmp_path / "state"
    spotify.account(state / "token.json")
    config = tmp_path / "config.toml"
    config.write_text(
        f"""
        [microphone]
        name = "USB"
        [mood]
        when_unsure = "guess"
        [spotify]
        client_id = "{spotify.client_id}"
        redirect_uri = "{spotify.redirect_uri}"
        api_url = "{spotify.api_url}"
        accounts_url = "{spotify.accounts_url}"
        """
    )
    environment = bed.environment | {
        "GPIOZERO_PIN_FACTORY": "mock",
        "GPIOZERO_MOCK_PIN_CLASS": "mockpwmpin",
        "STATE_DIRECTORY": str(state),
        "RUNTIME_DIRECTORY": str(tmp_path / "run"),
    }
    boxes = []

    def begin(*prefix, watchdog_seconds=None):
        if watchdog_seconds:
            environment["WATCHDOG_USEC"] = str(watchdog_seconds * 1_000_000)
        command = [*prefix, sys.executable, "-m", "device", "run", "--config", str(config)]
        boxes.append(Box(command, environment, tmp_path))
        return boxes[-1]

    begin.config, begin.environment = config, environment
    yield begin
    for box in boxes:
        if box.process.poll() is None:
            box.process.kill()
            box.process.wait()


def test_from_the_button_to_the_music(start, microphone, spotify):
    box = start()
    assert box.notified() == "READY=1"
    box.press()
    assert "Heard" in box.wait_for("Heard")
    box.wait_for("Playing on Living room")
    assert spotify.now_playing.playing
    assert microphone.log == ["start", "stop"]
    assert box.end() == 0
    assert "Traceback" not in "".join(box.lines)


def test_a_microphone_that_is_unplugged_in_mid_sentence_and_comes_back(start, microphone, spotify):
    box = start()
    box.wait_for("Ready")
    box.press()
    box.wait_for("microphone is open")
    microphone.unplug()
    box.wait_for("stopped delivering sound")
    microphone.plug_in()
    box.press()
    box.wait_for("Playing on Living room")
    assert box.end() == 0


def test_a_microphone_that_never_closes_ends_the_process_for_a_fresh_start(start, microphone):
    box = start(watchdog_seconds=2)
    box.wait_for("Ready")
    box.press()
    box.wait_for("microphone is open")
    microphone.wedge()
    box.wait_for("stopped delivering sound")
    box.wait_for("The microphone hangs: Emotify has to be restarted.")
    assert box.process.wait(PATIENCE_SECONDS) == 1
    # The watchdog was fed until then, and is not any more.
    assert "WATCHDOG=1" in [box.notified() for _ in range(8)]


def test_no_microphone_is_said_and_the_next_press_works(bed, start, sentence):
    box = start()
    box.wait_for("Ready")
    box.press()
    box.wait_for("There is no microphone")
    samples, rate_hz = soundfile.read(sentence, dtype="int16")
    bed.microphone("USB Microphone", samples, rate_hz)
    box.press()
    box.wait_for("Heard")
    assert box.end() == 0


def test_a_configuration_with_mistakes_is_told_and_read_again_at_the_next_press(start, microphone):
    good = start.config.read_text()
    start.config.write_text(good + '[light]\nbrightness = "high"\n[buton]\npin = 3\n')
    box = start()
    assert box.notified() == "READY=1"
    box.wait_for("2 mistakes")
    box.wait_for("brightness = 'high': take a number from 0 to 1")
    box.wait_for("did you mean button?")
    start.config.write_text(good)
    box.press()
    box.wait_for("Heard")
    assert box.end() == 0


def test_a_mended_configuration_is_picked_up_without_a_press(start, microphone):
    good = start.config.read_text()
    start.config.write_text(good + "[light]\nbrightnes = 1\n")
    box = start(watchdog_seconds=1)
    box.wait_for("a mistake")
    start.config.write_text(good)
    box.wait_for("Ready")
    assert box.end() == 0


def test_a_spoilt_configuration_is_told_on_a_reload_and_its_press_says_it_again(start, microphone):
    good = start.config.read_text()
    box = start()
    box.wait_for("Ready")
    start.config.write_text(good + "[mood]\n")
    box.process.send_signal(signal.SIGHUP)
    box.wait_for("It is not TOML")
    box.press()
    box.wait_for("It is not TOML")
    start.config.write_text(good)
    box.process.send_signal(signal.SIGHUP)
    box.wait_for("Ready")
    assert box.end() == 0


def test_other_pins_make_it_start_again(start, microphone):
    box = start()
    box.wait_for("Ready")
    start.config.write_text(start.config.read_text() + "[button]\npin = 5\n")
    box.process.send_signal(signal.SIGHUP)
    assert box.process.wait(PATIENCE_SECONDS) == RESTART_STATUS


def test_without_pins_it_says_so_once_and_starts_again_when_they_are_there(start, tmp_path):
    start.environment["GPIOZERO_PIN_FACTORY"] = "late"
    # A pin library of its own, which works once a file is there, as lgpio's does with the group.
    package = tmp_path / "late"
    package.mkdir()
    there = tmp_path / "there"
    (package / "late_pins.py").write_text(
        f"""
        import os
        from gpiozero.pins.mock import MockFactory, MockPWMPin

        def factory():
            if not os.path.exists({str(there)!r}):
                raise OSError("can not open gpiochip")
            return MockFactory(pin_class=MockPWMPin)
        """.replace("\n        ", "\n")
    )
    information = package / "late_pins-1.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: late-pins\nVersion: 1\n")
    (information / "entry_points.txt").write_text(
        "[gpiozero_pin_factories]\nlate = late_pins:factory\n"
    )
    start.environment["PYTHONPATH"] += f":{package}"
    box = start(watchdog_seconds=1)
    assert box.notified() == "READY=1"
    assert "no pins for a button and a light (can not open gpiochip)" in box.notified()
    assert box.notified() == "WATCHDOG=1"
    assert sum("no pins" in line for line in box.lines) == 1
    there.touch()
    assert box.process.wait(PATIENCE_SECONDS) == RESTART_STATUS


WRITING = re.compile(
    r'''open(?:at2?)?\((?:AT_FDCWD, )?"([^"]+)", \S*O_(?:WRONLY|RDWR)|creat\("([^"]+)"'''
)


def whole(trace):
    """The trace, once strace has written its end."""
    for _ in range(1000):
        seen = trace.read_text()
        if seen.endswith("+++ exited with 0 +++\n"):
            return seen
        os.sched_yield()
    raise AssertionError(f"strace wrote no end: {seen[-500:]}")


def test_no_sound_is_written_anywhere_during_a_round(start, microphone, spotify, tmp_path):
    """strace sees every file that the daemon and its libraries open."""
    if not shutil.which("strace"):
        pytest.skip("strace is not installed; ./setup.sh test installs it")
    trace = tmp_path / "trace"
    calls = "trace=open,openat,openat2,creat,memfd_create"
    tried = subprocess.run(["strace", "-o", os.devnull, "-e", calls, "true"], capture_output=True)
    if tried.returncode:
        pytest.skip("strace may not trace here")
    before = set(tmp_path.rglob("*"))
    # -D: the daemon, not strace, is the process that gets our signals.
    box = start("strace", "-D", "-f", "-o", str(trace), "-e", calls)
    box.wait_for("Ready")
    begun = len(trace.read_text())
    box.press()
    box.wait_for("Playing on Living room")
    box.end()
    seen = whole(trace)[begun:]
    lines = [line for line in seen.splitlines() if " = -1 " not in line]
    opened = {match[1] or match[2] for match in map(WRITING.search, lines) if match}
    bed = str(tmp_path / "USB Microphone" / "log")
    assert bed in opened, "strace saw nothing"
    # Where JACK's library is installed, it looks itself up in a register of its own.
    opened = {path for path in opened if "/jack_db" not in path}
    # A look for a device that is not there may be written in two lines: its failure is the second.
    opened = {path for path in opened if os.path.exists(path) or not path.startswith("/dev/")}
    # A file is replaced as a whole, so its notes are first written beside it.
    notes = (
        "/run/.emotify-status.json.",
        "/state/.spotify.json.",
        "/state/.history.json.",
        "/state/.household.json.",
    )
    assert {path for path in opened if not any(note in path for note in notes)} <= {
        bed,
        "/dev/null",
    }
    assert "memfd_create" not in seen
    made = {path for path in set(tmp_path.rglob("*")) - before if path.is_file()}
    memories = {tmp_path / "state" / name for name in ("spotify.json", "history.json")}
    household = tmp_path / "state" / "household.json"
    assert made <= {trace, tmp_path / "USB Microphone" / "log", household, *memories}
    # A second of sound would be 32,000 bytes.
    assert sum(memory.stat().st_size for memory in memories) < 4000
    assert household.stat().st_size < 5000
    assert all(len(json.dumps(request.body)) < 4000 for request in spotify.requests)
