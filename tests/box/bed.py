"""The scenarios of the whole box; `tests/box/run` starts them and says what they are."""

import hashlib
import io
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from os import environ
from pathlib import Path

import numpy as np
import soundfile
from box import CONFIG, Box, CommandError, stand_in
from lines import STEP_SECONDS, Record, draw, looks
from machine import Machine, copy_disk, new_disk

from device.config.config import LightConfig
from device.light.patterns import HUES, Colour
from device.mood import Emotion

CHECKOUT = Path(__file__).parents[2]
DATA = Path(environ.get("EMOTIFY_DATA", CHECKOUT.parent / "shared" / "data"))
PIECE_SECONDS = 18 * 60
"""Longer scenarios stop after this time, and go on when they are started again."""
PINS = (LightConfig().red, LightConfig().green, LightConfig().blue)
PALETTE: dict[str, Colour] = {
    "white": (1.0, 1.0, 1.0),
    "blue": (0.0, 0.1, 1.0),
    "cyan": (0.0, 0.8, 1.0),
    "red": (1.0, 0.0, 0.0),
}
ACTOR = "01"
_SETUP = "cd /srv/emotify && env $(cat /srv/environment) ./setup.sh install"
SENTENCES = {
    "happy": "03-01-03-02-01-01",
    "sad": "03-01-04-02-01-01",
    "angry": "03-01-05-02-01-01",
    "fearful": "03-01-06-02-01-01",
}
"""Recordings of RAVDESS's first actor that somebody plays to the box."""


class Bed:
    """The bed: where everything is, and what was found.

    Parameters
    ----------
    image : Path
        The folder that `tests/box/image` has made.
    arch : "amd64" or "arm64"
    """

    def __init__(self, image: Path, arch: str):
        self.image, self.arch = image, arch
        self.folder = image / _digest()
        self.folder.mkdir(exist_ok=True)
        self.installed = self.folder / "installed.qcow2"
        self.ready = self.folder / "ready.qcow2"
        self.failures = 0

    def check(self, what: str, holds: bool | Callable[[], object], more: str = "") -> None:
        """Print whether something is as it should be."""
        try:
            good = holds() is not False if callable(holds) else holds
        except (CommandError, ValueError) as error:
            good, more = False, str(error)
        print(
            f"{'ok    ' if good else 'FAILED'}  {what}" + (f": {more}" if more else ""), flush=True
        )
        self.failures += not good

    @contextmanager
    def machine(self) -> Iterator[Machine]:
        """A machine that is not yet switched on, and has no disk; at the end it is switched off."""
        with tempfile.TemporaryDirectory(dir=self.image) as folder:
            machine = Machine(self.image, self.arch, Path(folder))
            try:
                yield machine
            finally:
                machine.cut_power()

    @contextmanager
    def box(self) -> Iterator[Box]:
        """The ready box, a few seconds later."""
        with self.machine() as machine, stand_in() as spotify:
            copy_disk(self.ready, machine.disk)
            machine.start("ready")
            box = Box(machine, spotify)
            box.set_clock()
            box.log_in(machine.folder)
            yield box

    def kept(self, name: str) -> dict:
        """What a scenario has found before."""
        file = self.folder / f"{name}.json"
        return json.loads(file.read_text()) if file.exists() else {}

    def keep(self, name: str, found: dict) -> None:
        """Keep what a scenario has found."""
        (self.folder / f"{name}.json").write_text(json.dumps(found))


def install(bed: Bed) -> None:
    """The box is installed by its own setup.sh, started, and a snapshot made of it."""
    if not bed.installed.exists():
        with bed.machine() as machine:
            new_disk(bed.image, machine.disk)
            began = time.monotonic()
            machine.start(internet=True)
            machine.run("systemctl is-system-running --wait", seconds=300)
            print(f"        booted after {time.monotonic() - began:.0f} s", flush=True)
            machine.run("mkdir /srv/emotify && tar --extract --directory=/srv/emotify", _checkout())
            machine.put("/etc/emotify/config.toml", CONFIG.encode())
            print(machine.run(_SETUP, seconds=PIECE_SECONDS).splitlines()[-5], flush=True)
            machine.run("rm /srv/environment /srv/host.crt; sync")
            machine.shut_down()
            shutil.move(machine.disk, bed.installed)
    if not bed.ready.exists():
        with bed.machine() as machine, stand_in() as spotify:
            copy_disk(bed.installed, machine.disk)
            began = time.monotonic()
            machine.start()
            box = Box(machine, spotify)
            box.wait_until_ready(180)
            print(f"        ready {time.monotonic() - began:.0f} s after the power was switched on")
            for name in SENTENCES:
                machine.put(f"/srv/{name}.wav", _sentence(name))
            box.set_clock()
            box.log_in(machine.folder)
            # Afterwards everything is in memory that a round needs.
            box.say("/srv/happy.wav")
            if spotify.now_playing is None:
                raise SystemExit(f"The first press plays no music:\n{box.journal('0')}")
            machine.save("ready")
            machine.cut_power()
            shutil.move(machine.disk, bed.ready)
    print(f"        {bed.ready} has {bed.ready.stat().st_size / 1e6:.0f} MB")


def press(bed: Bed) -> None:
    """Rounds with several moods, as a person sees them."""
    with bed.box() as box:
        bed.check("the microphone and the pins work in the sandbox", lambda: _is_in_sandbox(box))
        strips, to_light, to_mood = {}, [], []
        for name in SENTENCES:
            record = box.say(f"/srv/{name}.wav")
            emotion = Emotion(box.status()["emotion"])
            begin = record.marks["press"]
            colours = record.colours(PINS, begin, record.marks["playing"] + 8 - begin)
            palette = PALETTE | {"hue": HUES[emotion]}
            seen = looks(colours, palette)
            strips[f"{name}: {emotion}"] = colours
            print("        " + ", ".join(f"{what} {seconds:.1f} s" for what, seconds in seen))
            bed.check(f"{name}: the light is as in the table", _plays(seen))
            bed.check(f"{name}: the music plays", "playing" in record.marks)
            to_light.append(record.lit_after(begin) - begin)
            to_mood.append(_mood_seconds(record, palette))
        draw(strips, bed.folder / "light.png")
        print(f"        {bed.folder / 'light.png'}")
        box.machine.run("systemctl stop emotify")
        bare_light, bare_end = _bare_loop(box)
        _tell("press to light", to_light, bare_light)
        _tell("end of speech to mood", to_mood, bare_end)


def _tell(what: str, seconds: list[float], bare: list[float]) -> None:
    ours, loop = float(np.median(seconds)), float(np.median(bare))
    print(f"        {what}: {ours:.3f} s; bare loop {loop:.3f} s; ratio {ours / loop:.2f}")


SCENARIOS = {"install": install, "press": press}


def main() -> None:
    image, arch, *names = sys.argv[1:]
    if unknown := set(names) - set(SCENARIOS):
        raise SystemExit(f"{', '.join(unknown)}: take {', '.join(SCENARIOS)}.")
    bed = Bed(Path(image), arch)
    print(f"The results are in {bed.folder}.")
    for name in dict.fromkeys(["install", *(names or SCENARIOS)]):
        began = time.monotonic()
        print(f"== {name}", flush=True)
        SCENARIOS[name](bed)
        print(f"== {name}: {time.monotonic() - began:.0f} s, {bed.failures} failures", flush=True)
    raise SystemExit(bed.failures > 0)


def _digest() -> str:
    """The same for the same box."""
    digest = hashlib.sha256()
    for name in ("device", "models", "systemd", "tests/box/guest", "setup.sh", "pyproject.toml"):
        path = CHECKOUT / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _checkout() -> bytes:
    """The files of the checkout, as a tar archive."""
    command = "git ls-files -z --cached --others --exclude-standard | tar -c --null --files-from=-"
    return subprocess.run(
        ["bash", "-c", command], cwd=CHECKOUT, stdout=subprocess.PIPE, check=True
    ).stdout


def _sentence(name: str) -> bytes:
    """A WAV file that ends with the voice; without recordings, of a synthetic one."""
    with tempfile.TemporaryDirectory() as folder:
        file = DATA / "ravdess" / f"Actor_{ACTOR}" / f"{SENTENCES[name]}-{ACTOR}.flac"
        if not file.exists():
            file = Path(folder) / "sentence.wav"
            words = "Hello, box. I had such a wonderful day today."
            subprocess.run(["espeak-ng", "-w", file, words], check=True)
        sound, rate = soundfile.read(file)
        loud = np.flatnonzero(np.abs(sound) > 0.05 * np.abs(sound).max())
        wav = io.BytesIO()
        soundfile.write(wav, sound[: loud[-1] + 1], rate, "PCM_16", format="WAV")
        return wav.getvalue()


def _is_in_sandbox(box: Box) -> bool:
    """Whether the kernel lets the daemon have the sound card and the pins, and no other device."""
    box.machine.run(
        f"grep -q 'NoNewPrivs:.1' /proc/{box.pid()}/status"
        f" && grep -q 'Seccomp:.2' /proc/{box.pid()}/status"
        f" && grep -q 'CapEff:.0000000000000000' /proc/{box.pid()}/status"
        f" && [ -n \"$(find /proc/{box.pid()}/fd -lname '/dev/gpiochip*')\" ]"
    )
    # Even root, in the daemon's control group, may not read the disk.
    box.machine.run(
        "sh -c 'echo $$ >/sys/fs/cgroup/system.slice/emotify.service/cgroup.procs"
        " && head -c 1 /dev/snd/timer >/dev/null; ! head -c 1 /dev/vda >/dev/null 2>&1'"
    )
    return True


def _plays(seen: list[tuple[str, float]]) -> bool:
    """Whether that is the light of a round that plays music, as in the table of the README."""
    colours = [name for name, _ in seen if name != "dark"]
    return (
        list(dict.fromkeys(colours)) == ["white", "blue", "cyan", "hue"] and seen[-1][0] == "dark"
    )


def _mood_seconds(record: Record, palette: dict[str, Colour]) -> float:
    """From the end of the speech to the light of the mood."""
    end = record.marks["spoken"]
    colours = record.colours(PINS, end, record.marks["playing"] - end)
    steps = 0
    for name, seconds in looks(colours, palette):
        if name == "hue":
            return steps * STEP_SECONDS
        steps += round(seconds / STEP_SECONDS)
    raise ValueError("the light does not show a mood")


def _bare_loop(box: Box) -> tuple[list[float], list[float]]:
    """The same two times for a loop that does nothing else."""
    box.machine.put("/srv/bare_loop.py", (CHECKOUT / "tests/box/guest/bare_loop.py").read_bytes())
    box.machine.run(
        "systemd-run --unit=bare --collect /opt/emotify/current/bin/python /srv/bare_loop.py"
    )
    box.wait_for("journalctl --unit=bare | grep -q ready")
    to_light, to_end = [], []
    for name in SENTENCES:
        record = box.say(f"/srv/{name}.wav", music=False)
        pressed = record.lit_after(record.marks["press"])
        to_light.append(pressed - record.marks["press"])
        to_end.append(record.lit_after(record.marks["spoken"]) - record.marks["spoken"])
    return to_light, to_end


if __name__ == "__main__":
    main()
