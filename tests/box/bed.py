"""The scenarios of the whole box; `tests/box/run` starts them and says what they are."""

import hashlib
import importlib
import io
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from os import environ
from pathlib import Path

import numpy as np
import soundfile
from appliance import CONFIG, SPEAKER, Box, within
from lines import Record, draw, looks
from machine import CommandError, Machine, copy_disk, new_disk

from device.config.config import LightConfig
from device.light.patterns import DARK, HUES, PATTERNS, Colour, Cue
from device.mood import Emotion
from device.simulation.spotify import SimulatedSpeaker, SpotifyStandIn

CHECKOUT = Path(__file__).parents[2]
GUEST = Path(__file__).parent / "guest"
PYTHON = "/opt/emotify/current/bin/python"
"""In the box."""
DATA = Path(environ.get("EMOTIFY_DATA", CHECKOUT.parent / "shared" / "data"))
PIECE_SECONDS = 18 * 60
"""Longer scenarios stop after this time, and go on when they are started again."""
GOES_ON = "        It goes on when it is started again."
BARE_SECONDS = 5
POWER_CUTS = 20
WRITING_SECONDS = 25.0
"""Within this time after the sentence all is written that a round writes."""
SETTLED_SECONDS = 15.0
"""After the music began, a round has ended."""
PRESSES_A_WEEK = 70
DAY_SECONDS = 24 * 3600
IDLE_MINUTES = 2
IDLE_MB = 110
IDLE_WAKE_UPS = 3600
"""In a minute: lgpio, which has the light's pins, looks fifty times a second for PWM to do."""
GROWTH_MB = 5
"""Of 500 rounds, after the first twenty."""
EMULATED = ("Gaps in the sound", "Nobody is logged in")
"""Warnings of a machine that is slower than its sound, and starts before somebody logs in."""
PINS = (LightConfig().red, LightConfig().green, LightConfig().blue)
ROUND = {
    "white": Cue.PRESSED,
    "blue": Cue.LISTENING,
    "cyan": Cue.THINKING,
    "red": Cue.FAULT_1,
}
"""What the light may show in a round, besides a mood."""
FAULT = ROUND | {"amber": Cue.OFFLINE}
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

    def check(self, what: str, holds: bool | Callable[[], bool], more: str = "") -> None:
        """Print whether something is as it should be."""
        try:
            good = holds() if callable(holds) else holds
        except (CommandError, ValueError) as error:
            good, more = False, str(error)
        print(
            f"{'ok    ' if good else 'FAILED'}  {what}" + (f": {more}" if more else ""), flush=True
        )
        self.failures += not good

    @contextmanager
    def box(self) -> Iterator[Box]:
        """A box that is not yet switched on, and has no disk; at the end it is switched off."""
        speaker = SimulatedSpeaker(SPEAKER)
        with (
            tempfile.TemporaryDirectory(dir=self.image) as folder,
            SpotifyStandIn([speaker]) as spotify,
        ):
            port = int(spotify.accounts_url.rpartition(":")[2])
            machine = Machine(self.image, self.arch, Path(folder), port)
            try:
                yield Box(machine, spotify)
            finally:
                machine.cut_power()

    @contextmanager
    def ready_box(self, scenario: str = "") -> Iterator[Box]:
        """The installed box, a few seconds later, or what an interrupted scenario has left."""
        interrupted = self.folder / f"{scenario}.qcow2"
        begun = interrupted.exists()
        with self.box() as box:
            copy_disk(interrupted if begun else self.ready, box.machine.disk)
            box.machine.start(scenario if begun else "ready")
            box.set_clock()
            box.log_in()
            yield box

    def interrupt(self, scenario: str, box: Box, found: dict) -> None:
        """Keep a scenario's machine as it is now, and what was found; it goes on there."""
        box.machine.save(scenario)
        box.machine.cut_power()
        shutil.move(box.machine.disk, self.folder / f"{scenario}.qcow2")
        self.keep(scenario, found)
        print(GOES_ON)

    def kept(self, name: str) -> dict:
        """What an interrupted scenario has found before, and its failures."""
        file = self.folder / f"{name}.json"
        return json.loads(file.read_text()) if file.exists() else {}

    def keep(self, name: str, found: dict) -> None:
        """Keep what a scenario has found so far, and its failures."""
        kept = {**found, "failures": self.failures}
        (self.folder / f"{name}.json").write_text(json.dumps(kept))

    def end(self, name: str) -> None:
        """Keep nothing of a scenario that is finished, so that it begins afresh."""
        for suffix in ("json", "qcow2"):
            (self.folder / f"{name}.{suffix}").unlink(missing_ok=True)


def install(bed: Bed) -> None:
    """The box is installed by its own setup.sh, started, and a snapshot made of it."""
    if not bed.installed.exists():
        with bed.box() as box:
            machine = box.machine
            begun = bed.folder / "begun.qcow2"
            if begun.exists():
                copy_disk(begun, machine.disk)
            else:
                new_disk(bed.image, machine.disk)
            began = time.monotonic()
            machine.start(internet=True)
            machine.run("systemctl is-system-running --wait", seconds=300)
            print(f"        booted after {time.monotonic() - began:.0f} s", flush=True)
            machine.run("mkdir -p /srv/emotify && tar --extract -C /srv/emotify", _checkout())
            machine.put("/etc/emotify/config.toml", CONFIG.encode())
            for name in SENTENCES:
                machine.put(f"/srv/{name}.wav", _sentence(name))
            # It may be interrupted at any time, and goes on then.
            try:
                output = machine.run(_SETUP, seconds=PIECE_SECONDS)
            except CommandError:
                machine.shut_down()
                shutil.move(machine.disk, begun)
                print(GOES_ON)
                raise
            print(next(line for line in output.splitlines() if line.startswith("Installed")))
            machine.run("rm /srv/environment /srv/host.crt; sync")
            machine.shut_down()
            shutil.move(machine.disk, bed.installed)
            begun.unlink(missing_ok=True)
    if not bed.ready.exists():
        with bed.box() as box:
            machine = box.machine
            copy_disk(bed.installed, machine.disk)
            began = time.monotonic()
            machine.start()
            box.wait_until_ready(180)
            print(f"        ready {time.monotonic() - began:.0f} s after the power was switched on")
            box.set_clock()
            box.log_in()
            # Afterwards everything is in memory that a round needs.
            box.say("/srv/happy.wav")
            if box.spotify.now_playing is None:
                raise SystemExit(f"The first press plays no music:\n{box.journal()}")
            machine.save("ready")
            machine.cut_power()
            shutil.move(machine.disk, bed.ready)
    print(f"        {bed.ready} has {bed.ready.stat().st_size / 1e6:.0f} MB")


def press(bed: Bed) -> None:
    """Rounds with several moods, as a person sees them."""
    with bed.ready_box() as box:
        bed.check("the microphone and the pins work in the sandbox", lambda: _is_in_sandbox(box))
        strips, to_light, to_mood = {}, [], []
        for name in SENTENCES:
            record = box.say(f"/srv/{name}.wav")
            if "playing" not in record.marks:
                bed.check(f"{name}: the music plays", False, str(box.status()))
                continue
            emotion = Emotion(box.status()["mood"].split()[0])
            begin = record.marks["press"]
            colours = record.colours(PINS, begin, record.marks["playing"] + 8 - begin)
            palette = _palette(ROUND) | {"hue": HUES[emotion]}
            seen = looks(colours, palette)
            strips[f"{name}: {emotion}"] = colours
            print("        " + ", ".join(f"{what} {seconds:.1f} s" for what, seconds in seen))
            bed.check(f"{name}: the music plays, and the light is as in the table", _plays(seen))
            to_light.append(record.lit_after(begin) - begin)
            to_mood.append(_mood_seconds(record, palette))
        draw(strips, bed.folder / "light.png")
        print(f"        {bed.folder / 'light.png'}")
        box.machine.run("systemctl stop emotify")
        bare_light, bare_end = _bare_loop(box)
        _tell("press to light", to_light, bare_light)
        _tell("end of speech to mood", to_mood, bare_end)


def faults(bed: Bed) -> None:
    """What fails in a living room, and comes back."""
    strips: dict[str, np.ndarray] = {}
    with bed.ready_box() as box:
        card = "/sys/bus/platform/drivers/snd_aloop"

        def serves() -> bool:
            return "playing" in box.say("/srv/happy.wav", seconds=0).marks

        def shows(fault: int, what: str) -> bool:
            box.press()
            within(60, lambda: box.status()["fault"] == fault)
            time.sleep(3 * (0.5 * fault + 1) + 1)
            record = box.look()
            begin = record.marks["press"]
            colours = record.colours(PINS, begin, record.marks["end"] - begin)
            strips[f"{what}: fault {fault}"] = colours
            seen = [name for name, _ in looks(colours, _palette(FAULT))]
            print(f"        {', '.join(seen)}")
            return box.status()["fault"] == fault and seen.count("red") == 3 * fault

        bed.check("a press plays music", serves)
        box.machine.run(f"echo snd_aloop.0 >{card}/unbind")
        bed.check("without a microphone the light shows fault 1", lambda: shows(1, "microphone"))
        box.machine.run(f"echo snd_aloop.0 >{card}/bind")
        bed.check("with it a press plays music", serves)
        box.press()
        box.wait_for("grep -q RUNNING /proc/asound/Loopback/pcm1c/sub0/status")
        # This driver waits until nobody uses the card; that of a real one does not.
        box.machine.run(f"(echo snd_aloop.0 >{card}/unbind) >/dev/null 2>&1 &")
        bed.check(
            "a microphone that is removed while it listens is fault 1",
            lambda: within(90, lambda: box.status()["fault"] == 1),
        )
        box.machine.run(f"until echo snd_aloop.0 >{card}/bind; do sleep 1; done", seconds=120)
        bed.check("with it a press plays music", serves)

        box.machine.connect(False)
        bed.check("without a network the light shows fault 2", lambda: shows(2, "network"))
        box.machine.connect(True)
        bed.check("with it a press plays music", serves)

        pid = box.pid()
        box.machine.run(f"kill -9 {pid}")
        box.wait_until_ready()
        bed.check("killed, it is started again", box.pid() != pid)
        bed.check("and a press plays music", serves)

        for what, days in (("two years ago", -730), ("in ten days", 10)):
            box.set_clock(time.time() + days * DAY_SECONDS)
            bed.check(f"with a clock that says {what} a press plays music", serves)
        box.set_clock()
        bed.check("and with the right one", serves)
    draw(strips, bed.folder / "faults.png")
    print(f"        {bed.folder / 'faults.png'}")


def power(bed: Bed) -> None:
    """Power cuts at random moments after a press; all the time the configuration is written."""
    disk = bed.folder / "power.qcow2"
    found = bed.kept("power") or {"cuts": 0, "sentences": 0}
    deadline = time.monotonic() + PIECE_SECONDS
    with bed.box() as box:
        machine = box.machine
        if not disk.exists():
            copy_disk(bed.ready, disk)
        machine.disk = disk
        has_login = False
        while found["cuts"] < POWER_CUTS and time.monotonic() < deadline:
            began = time.monotonic()
            machine.start()
            box.wait_until_ready(240)
            booted = time.monotonic() - began
            if not has_login:
                # The stand-in knows only those of its own.
                box.log_in()
                has_login = True
            what = f"cut {found['cuts']}"
            bed.check(f"{what}: the configuration", _has_configuration(box))
            sentences = box.sentences()
            # That of the last press may have come too late.
            bed.check(
                f"{what}: the household", sentences >= found["sentences"], f"{sentences} sentences"
            )
            bed.check(
                f"{what}: a press plays music",
                lambda: "playing" in box.say("/srv/happy.wav", seconds=0).marks,
            )
            found = {"cuts": found["cuts"] + 1, "sentences": box.sentences()}
            moment = random.uniform(0, WRITING_SECONDS)
            print(f"        booted in {booted:.0f} s, cut {moment:.1f} s after the next sentence")
            # Every press gets a new token, and writes it.
            box.spotify.accounts.expire_access_tokens()
            machine.put("/srv/write_config.py", (GUEST / "write_config.py").read_bytes())
            machine.run(f"systemd-run --quiet {PYTHON} /srv/write_config.py")
            box.speak("/srv/happy.wav")
            time.sleep(moment)
            machine.cut_power()
            bed.keep("power", found)
    print(f"        {found['cuts']} of {POWER_CUTS} power cuts")
    if found["cuts"] < POWER_CUTS:
        print(GOES_ON)
    else:
        bed.end("power")


def week(bed: Bed) -> None:
    """A week of presses, at all hours; between them the clock is put forward."""
    deadline = time.monotonic() + PIECE_SECONDS
    with bed.ready_box("week") as box:
        found = bed.kept("week") or {
            "now": time.time(),
            "pressed": 0,
            "served": 0,
            "before": box.sentences(),
        }
        while found["pressed"] < PRESSES_A_WEEK:
            if time.monotonic() > deadline:
                # The volume rises: it has this login for the last time.
                time.sleep(SETTLED_SECONDS)
                bed.interrupt("week", box, found)
                return
            found["now"] += 7 * DAY_SECONDS / PRESSES_A_WEEK
            box.set_clock(found["now"])
            sentence = list(SENTENCES)[found["pressed"] % len(SENTENCES)]
            served = "playing" in box.say(f"/srv/{sentence}.wav", seconds=0).marks
            found["served"] += served
            found["pressed"] += 1
            if not served:
                print(f"        {sentence}, press {found['pressed']}: {box.status()}", flush=True)
            if found["pressed"] % 10 == 0:
                print(
                    f"        {found['served']} of {found['pressed']} served, "
                    f"{box.memory_mb():.0f} MB",
                    flush=True,
                )
        bed.check("each was served", found["served"] == PRESSES_A_WEEK, f"{found['served']}")
        learnt = box.sentences() - found["before"]
        bed.check("the household knows them", learnt == found["served"], f"{learnt} sentences")
        others = [line for line in box.warnings() if not line.startswith(EMULATED)]
        bed.check("nothing else in the journal is a warning", not others, "; ".join(others))
    bed.end("week")


def memory(bed: Bed) -> None:
    """The idle daemon, and how it grows over 500 rounds in which nobody waits.

    The rounds are those of ``tests/bench/idle.py``. If they do not end in time, the machine is kept
    as it is, and goes on later.
    """
    with bed.ready_box("memory") as box:
        machine = box.machine
        if not machine.succeeds("test -e /srv/rounds.log"):
            before = box.wake_ups()
            time.sleep(IDLE_MINUTES * 60)
            woken = (box.wake_ups() - before) / IDLE_MINUTES
            mb = box.memory_mb()
            bed.check("the daemon has at most 110 MB", mb <= IDLE_MB, f"{mb:.0f} MB after a round")
            bed.check("it sleeps", woken <= IDLE_WAKE_UPS, f"{woken:.0f} wake-ups a minute")
            machine.run("systemctl stop emotify")
            machine.run("tar --extract --directory=/srv/emotify", _module("tqdm"))
            machine.run(
                "systemd-run --unit=rounds --working-directory=/srv/emotify"
                " --setenv=PYTHONPATH=/srv/emotify --setenv=OPENBLAS_NUM_THREADS=1"
                " --setenv=OMP_NUM_THREADS=1 --property=StandardOutput=file:/srv/rounds.log"
                " --property=StandardError=file:/srv/rounds.err"
                f" {PYTHON} -u tests/bench/idle.py --recording /srv/happy.wav"
            )
        over = within(
            PIECE_SECONDS - 120, lambda: not machine.succeeds("systemctl is-active rounds"), 10
        )
        print(machine.run("cat /srv/rounds.log /srv/rounds.err"))
        if not over:
            bed.interrupt("memory", box, {})
            return
        found = [
            int(line.rsplit(": ")[1].split()[0])
            for line in machine.run("grep '^memory after' /srv/rounds.log").splitlines()
        ]
        bed.check("memory does not grow", found[-1] <= found[0] + GROWTH_MB, f"{found} MB")
    bed.end("memory")


def _tell(what: str, seconds: list[float], bare: list[float]) -> None:
    ours, loop = float(np.median(seconds)), float(np.median(bare))
    print(f"        {what}: {ours:.3f} s; bare loop {loop:.3f} s; ratio {ours / loop:.2f}")


SCENARIOS = {each.__name__: each for each in (install, press, faults, power, week, memory)}


def main() -> None:
    image, arch, *names = sys.argv[1:]
    # So that the machine is switched off and its folder removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if unknown := set(names) - set(SCENARIOS):
        raise SystemExit(f"{', '.join(unknown)}: take {', '.join(SCENARIOS)}.")
    bed = Bed(Path(image), arch)
    print(f"The results are in {bed.folder}.")
    failures = 0
    for name in dict.fromkeys(["install", *(names or SCENARIOS)]):
        began = time.monotonic()
        bed.failures = bed.kept(name).get("failures", 0)
        print(f"== {name}", flush=True)
        SCENARIOS[name](bed)
        print(f"== {name}: {time.monotonic() - began:.0f} s, {bed.failures} failures", flush=True)
        failures += bed.failures
    raise SystemExit(failures > 0)


def _digest() -> str:
    """The same for the same box."""
    digest = hashlib.sha256()
    for name in ("device", "models", "systemd", "setup.sh", "pyproject.toml"):
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


def _module(name: str) -> bytes:
    """A package of this environment in pure Python, as a tar archive."""
    folder = Path(importlib.import_module(name).__path__[0])
    command = ["tar", "-c", "--exclude=__pycache__", folder.name]
    return subprocess.run(command, cwd=folder.parent, stdout=subprocess.PIPE, check=True).stdout


def _has_configuration(box: Box) -> bool:
    found = tomllib.loads(box.machine.run("cat /etc/emotify/config.toml"))
    return all(found[name].items() >= keys.items() for name, keys in tomllib.loads(CONFIG).items())


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
        f"cd /proc/{box.pid()} && grep -q 'NoNewPrivs:.1' status && grep -q 'Seccomp:.2' status"
        " && grep -q 'CapEff:.0000000000000000' status"
        " && [ -n \"$(find fd/ -lname '/dev/gpiochip*')\" ]"
    )
    # Even root, in the daemon's control group, may not read the disk.
    box.machine.run(
        "sh -c 'echo $$ >/sys/fs/cgroup/system.slice/emotify.service/cgroup.procs"
        " && true </dev/snd/timer && true </dev/gpiochip0 && ! true </dev/vda'"
    )
    return True


def _palette(cues: dict[str, Cue]) -> dict[str, Colour]:
    """The colours that these patterns begin with."""
    return {name: PATTERNS[cue].frames[0].colour or DARK for name, cue in cues.items()}


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
    before = 0.0
    for name, seconds in looks(colours, palette):
        if name == "hue":
            return before
        before += seconds
    raise ValueError("the light does not show a mood")


def _bare_loop(box: Box) -> tuple[list[float], list[float]]:
    """The same two times for a loop that does nothing else."""
    box.machine.put("/srv/bare_loop.py", (GUEST / "bare_loop.py").read_bytes())
    box.machine.run(f"systemd-run --unit=bare --collect {PYTHON} /srv/bare_loop.py")
    box.wait_for("journalctl --unit=bare | grep -q ready")
    to_light, to_end = [], []
    for name in SENTENCES:
        box.speak(f"/srv/{name}.wav")
        time.sleep(BARE_SECONDS)
        record = box.look()
        pressed = record.lit_after(record.marks["press"])
        to_light.append(pressed - record.marks["press"])
        to_end.append(record.lit_after(record.marks["spoken"]) - record.marks["spoken"])
    return to_light, to_end


if __name__ == "__main__":
    main()
