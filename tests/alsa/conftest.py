"""ALSA microphones that play files, controlled by the tests.

A process that runs in the bed's environment sees the bed's microphones and no others, through the
true PyAudio, PortAudio and ALSA. Sound arrives in real time.

    microphone = bed.microphone("USB Microphone", samples, rate_hz=48_000)
    subprocess.run([sys.executable, "-m", "device", "listen"], env=bed.environment)
    microphone.unplug()
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

HERE = Path(__file__).parent


class BedMicrophone:
    """A microphone in the bed; what happens to it happens at once, also while it is in use."""

    def __init__(self, room: Path):
        self._room = room

    def unplug(self) -> None:
        (self._room / "unplugged").touch()

    def plug_in(self) -> None:
        (self._room / "unplugged").unlink()

    def stall(self) -> None:
        """Deliver nothing any more."""
        (self._room / "stalled").touch()

    def mute(self) -> None:
        """Deliver digital silence."""
        (self._room / "zeros").touch()

    def hiccup(self) -> None:
        """Overflow once."""
        (self._room / "hiccup").touch()

    def wedge(self) -> None:
        """Overflow and refuse to start again, which PortAudio never gives up trying."""
        (self._room / "broken").touch()

    @property
    def log(self) -> list[str]:
        """ "start" and "stop", for each time that sound was taken."""
        log = self._room / "log"
        return log.read_text().split() if log.exists() else []


class Bed:
    """A machine's microphones, none at first."""

    def __init__(self, plugin: Path, folder: Path):
        self._folder = folder
        self._config = folder / "asound.conf"
        # PortAudio asserts that the list of devices names one that is not there.
        self._config.write_text(
            f'pcm_type.paced {{ lib "{plugin}" }}\npcm.default {{ type paced }}\n'
        )

    @property
    def environment(self) -> dict[str, str]:
        """The environment for a process that is to hear the bed's microphones."""
        root = str(HERE.parents[1])
        return {**os.environ, "ALSA_CONFIG_PATH": str(self._config), "PYTHONPATH": root}

    def microphone(self, name: str, samples: np.ndarray, rate_hz: int) -> BedMicrophone:
        """Plug one in.

        Parameters
        ----------
        name : str
        samples : np.ndarray [shape=(frames,) or (frames, channels), int16]
            What it hears each time that it is opened; after that, silence.
        rate_hz : int > 0
            The only rate that it opens at.
        """
        room = self._folder / name
        room.mkdir()
        sound = room / "sound.raw"
        sound.write_bytes(samples.astype("<i2").tobytes())
        channels = samples.shape[1] if samples.ndim > 1 else 1
        with self._config.open("a") as config:
            config.write(
                f'pcm."{name}" {{ type paced file "{sound}" room "{room}" '
                f"rate {rate_hz} channels {channels} }}\n"
            )
        return BedMicrophone(room)


class Listener:
    """A process that listens in the bed, as :mod:`hear` says."""

    def __init__(self, environment: dict[str, str], sound: Path):
        self._sound = sound
        self._process = subprocess.Popen(
            [sys.executable, HERE / "hear.py", sound],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def listen(
        self, name: str = "", seconds: float = 1.0, when_hearing: Callable[[], None] | None = None
    ) -> dict:
        """Listen once; ``when_hearing`` is called when the first sound has come."""
        print(json.dumps({"name": name, "seconds": seconds}), file=self._process.stdin, flush=True)
        answer = self._answer()
        if answer.get("hearing"):
            if when_hearing:
                when_hearing()
            answer = self._answer()
        return answer

    def sound(self) -> np.ndarray:
        """The sound that came last [shape=(n,), float32], 16 kHz."""
        return np.load(self._sound)

    def close(self) -> str:
        """End the process; what it wrote to stderr."""
        _, complaints = self._process.communicate(timeout=10)
        return complaints

    def _answer(self) -> dict:
        return json.loads(self._process.stdout.readline())


@pytest.fixture(scope="session")
def plugin(tmp_path_factory) -> Path:
    """The bed's ALSA plugin, built."""
    if not shutil.which("gcc"):
        pytest.skip("gcc is not installed, so the ALSA test bed cannot be built")
    header = subprocess.run(
        ["gcc", "-E", "-"], input="#include <alsa/asoundlib.h>", text=True, capture_output=True
    )
    if header.returncode:
        pytest.skip("libasound2-dev is not installed, so the ALSA test bed cannot be built")
    built = tmp_path_factory.mktemp("alsa") / "libasound_module_pcm_paced.so"
    source = HERE / "libasound_module_pcm_paced.c"
    options = ["-std=gnu11", "-Wall", "-O1", "-shared", "-fPIC", "-DPIC"]
    subprocess.run(["gcc", *options, "-o", built, source, "-lasound"], check=True)
    return built


@pytest.fixture
def bed(plugin, tmp_path) -> Bed:
    return Bed(plugin, tmp_path)


@pytest.fixture
def listener(bed, tmp_path):
    listener = Listener(bed.environment, tmp_path / "sound.npy")
    yield listener
    listener.close()
