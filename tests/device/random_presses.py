"""Random presses and holds of the daemon's button, with a Spotify whose state lags.

    python tests/device/random_presses.py --presses 10000 [--faults]

Each burst is a handful of presses and holds, and then twelve quiet seconds. When the microphone
opens, no music may play; after the quiet seconds what the daemon believes of the music must be what
the speaker does. Memory, threads and open files must not grow. With --faults, answers are lost and
requests refused as well; the daemon may then also say that it does not know.

Time passes faster than it does; on a busy machine too fast, for a request that is given up after a
second may then still be on its way when all is read again.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from device.appliance import events
from device.appliance.daemon import Daemon, Parts
from device.appliance.machine import Phase, State
from device.assembly import PLAYLISTS_FILE
from device.config.config import Config
from device.light.light import Light
from device.microphone import SAMPLE_RATE, recording
from device.mood import Emotion
from device.player import MusicState
from device.playlist.history import History
from device.playlist.playlist import Playlists
from device.simulation.classifier import ScriptedClassifier
from device.simulation.service_manager import SimulatedServiceManager
from device.simulation.spotify import Answer, Fault, SimulatedSpeaker, SpotifyStandIn, Trouble
from device.spotify.player import SpotifyPlayer

QUIET_SECONDS = 12.0
PATIENCE_SECONDS = 60.0
MAX_GROWTH_MIB = 16

FAULTS = [
    Trouble.LOSE,
    Trouble.DROP,
    Answer(502),
    Answer(403, {"error": {"status": 403, "message": "Restriction violated"}}),
]
SILENCE = np.zeros(512, np.float32)
STATE = "/v1/me/player"
PATHS = [STATE, f"{STATE}/play", f"{STATE}/pause", f"{STATE}/volume"]


class FastClock:
    """The machine's clock, sped up."""

    def __init__(self, speed: float):
        self._speed = speed

    def now(self) -> float:
        return time.monotonic() * self._speed

    def time(self) -> float:
        return 1_700_000_000.0 + self.now()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / self._speed)


class NoButton:
    """The presses come from elsewhere."""

    def watch(self, pressed: object, held: object) -> None:
        pass

    def close(self) -> None:
        pass


class NoLamp:
    """Nobody looks."""

    def show(self, colour: object) -> None:
        pass

    def close(self) -> None:
        pass


class EavesdroppingMicrophone:
    """Hears a sentence or nothing, and notices music."""

    def __init__(self, sentence: Path, spotify: SpotifyStandIn, clock: FastClock):
        self._spotify, self._clock, self._chance = spotify, clock, random.Random(1)
        self._sentence = list(recording.read(sentence))
        self.opened = self.over_music = 0

    @contextmanager
    def open(self) -> Iterator[Iterator[np.ndarray]]:
        self.opened += 1
        self._eavesdrop()
        yield self._pieces()

    def stuck(self) -> bool:
        return False

    def _eavesdrop(self) -> None:
        playing = self._spotify.now_playing
        self.over_music += playing is not None and playing.playing

    def _pieces(self) -> Iterator[np.ndarray]:
        said = self._sentence if self._chance.random() < 0.6 else []
        for piece in [*said, *[SILENCE] * 200]:
            self._clock.sleep(len(piece) / SAMPLE_RATE)
            yield piece


class Soak:
    """One daemon and one stand-in, and what they were seen to do."""

    def __init__(
        self,
        seed: int,
        sentence: Path,
        folder: Path,
        faults: bool = False,
        lag: float | None = None,
        speed: float = 30.0,
    ):
        self.sentence = sentence
        self.chance = random.Random(seed)
        self.faults = faults
        self.lag = lag
        self.clock = FastClock(speed)
        self.spotify = SpotifyStandIn([SimulatedSpeaker("Living room")], clock=self.clock)
        self.spotify.web_api.quota.per_day = self.spotify.web_api.quota.per_window = 10**9
        self.beliefs: Counter[MusicState] = Counter()
        self.wrong: list[str] = []
        self.presses = 0
        self._state = State()
        self._loaded = threading.Event()
        self._folder = folder

    def __enter__(self) -> "Soak":
        spotify, clock, folder = self.spotify, self.clock, self._folder
        spotify.__enter__()
        account = spotify.account(folder / "token.json", clock)
        self.microphone = EavesdroppingMicrophone(self.sentence, spotify, clock)
        playlists = Playlists(
            (Config().models_folder / PLAYLISTS_FILE,), History(folder / "history.json")
        )
        parts = Parts(
            self.microphone,
            ScriptedClassifier.nearly_certain(Emotion.CALM),
            playlists,
            SpotifyPlayer(account, "Living room", clock),
        )
        light = Light(NoLamp(), clock)
        self.daemon = Daemon(
            lambda: parts, NoButton(), light, SimulatedServiceManager(), clock=clock
        )
        self.daemon.watch(self._watch)
        self._thread = threading.Thread(target=self.daemon.run)
        self._thread.start()
        assert self._loaded.wait(PATIENCE_SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        self.daemon.stop()
        self._thread.join(PATIENCE_SECONDS)
        self.spotify.__exit__()

    def _watch(self, event: object, state: State, actions: object) -> None:
        self._state = state
        self._last_at = self.clock.now()
        if isinstance(event, events.Loaded):
            self._loaded.set()

    def burst(self) -> None:
        """Some presses and holds, then quiet, then the truth."""
        chance, spotify = self.chance, self.spotify
        spotify.player.lag_seconds = chance.uniform(0, 3) if self.lag is None else self.lag
        script = [f"lag {spotify.player.lag_seconds:.1f}"]
        for _ in range(chance.randint(1, 6)):
            if self.faults and chance.random() < 0.5:
                what, path = chance.choice(FAULTS), chance.choice(PATHS)
                script.append(f"{what} {path}")
                spotify.inject([Fault(what, path, chance.randint(1, 3))])
            hold = chance.random() < 0.2
            self.daemon.press()
            self.presses += 1
            if hold:
                self.clock.sleep(1.0)
                self.daemon.hold()
            gap = chance.choice([0.1, 0.5, 1.5, 4.0, 12.0]) * chance.random()
            script.append(f"{'hold' if hold else 'press'}, {gap:.1f} s")
            self.clock.sleep(gap)
        spotify.clear_faults()
        self._wait_for_quiet()
        music, playing = self._state.music, spotify.now_playing
        self.beliefs[music] += 1
        sounds = playing is not None and playing.playing
        if music is not MusicState.UNKNOWN and sounds is not (music is MusicState.PLAYING):
            self.wrong.append(f"{music.name}, plays: {sounds}, after {'; '.join(script)}")
        spotify.requests.clear()

    def _wait_for_quiet(self) -> None:
        deadline = self.clock.now() + 20 * QUIET_SECONDS
        while self.clock.now() < deadline:
            quiet = self.clock.now() - self._last_at >= QUIET_SECONDS
            if quiet and self._state.phase is Phase.READY:
                return
            self.clock.sleep(1.0)
        self.wrong.append(f"no end: {self._state}")


def used() -> tuple[float, int, int]:
    """Memory in MiB, threads, open files."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return (
        pages * resource.getpagesize() / 2**20,
        threading.active_count(),
        len(os.listdir("/proc/self/fd")),
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--presses", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--lag", type=float, help="in seconds (default: random, 0 to 3)")
    parser.add_argument("--speed", type=float, default=30.0, help="of the time (default: 30)")
    parser.add_argument("--faults", action="store_true", help="lose and refuse requests too")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sentence = folder / "sentence.wav"
        words = "The kids are talking by the door."
        subprocess.run(["espeak-ng", "-w", sentence, words], check=True)
        return soak(args, sentence, folder)


def soak(args: argparse.Namespace, sentence: Path, folder: Path) -> int:
    """Press, and tell what came of it."""
    with Soak(args.seed, sentence, folder, args.faults, args.lag, args.speed) as soak:
        before, said = None, 0
        while soak.presses < args.presses:
            soak.burst()
            if before is None and soak.presses >= args.presses / 5:
                before = used()
            if soak.presses - said >= 500:
                said = soak.presses
                print(f"{said} presses, {len(soak.wrong)} wrong", file=sys.stderr, flush=True)
        after = used()
        wrong, over_music = soak.wrong, soak.microphone.over_music
    for line in wrong:
        print(line, file=sys.stderr)
    assert before is not None
    grown = [late - early for early, late in zip(before, after, strict=True)]
    beliefs = ", ".join(f"{music.name} {count}" for music, count in soak.beliefs.items())
    print(
        f"{soak.presses} presses, the microphone opened {soak.microphone.opened} times, "
        f"{over_music} times over music; {len(wrong)} beliefs wrong ({beliefs}); "
        f"grown by {grown[0]:.1f} MiB, {grown[1]} threads, {grown[2]} files"
    )
    grew = grown[0] > MAX_GROWTH_MIB or grown[1] > 2 or grown[2] > 4
    return 1 if wrong or over_music or grew else 0


if __name__ == "__main__":
    sys.exit(main())
