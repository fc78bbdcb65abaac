"""The box in the virtual machine, and the person in front of it."""

import json
import time
from collections.abc import Callable

from lines import Record
from machine import SPOTIFY, CommandError, Machine

from device.simulation.spotify import SpotifyStandIn

SPEAKER = "Living room"
TOKEN = "/var/lib/emotify/token.json"
CONFIG = f"""
[mood]
when_unsure = "guess"
[microphone]
name = "Loopback: PCM (hw:0,1)"
[spotify]
client_id = "5f0c1a7e5f0c1a7e5f0c1a7e5f0c1a7e"
api_url = "{SPOTIFY}/v1"
accounts_url = "{SPOTIFY}"
"""

_PRESS = """
button=$(echo /sys/devices/platform/gpio-sim.0/gpiochip*/sim_gpio17)
cd /sys/kernel/tracing
echo press >trace_marker
echo pull-down >$button/pull
sleep 0.15
echo pull-up >$button/pull
"""
_RECORD = """
cd /sys/kernel/tracing
echo 0 >tracing_on
echo mono >trace_clock
echo 8192 >buffer_size_kb
echo >trace
echo 1 >events/gpio/gpio_value/enable
echo 1 >tracing_on
"""
# A person speaks when the light is blue.
_SPEAK = """
for i in $(seq 300); do
    grep -q RUNNING /proc/asound/Loopback/pcm1c/sub0/status 2>/dev/null && break
    sleep 0.1
done
sleep 0.3
echo speak >trace_marker
aplay --quiet --device=plughw:Loopback,0,0 {file} || true
echo spoken >trace_marker
"""

_STATE = """
ps -e -o pid,stat,wchan:25,args | grep -v ']$'
cat /proc/asound/Loopback/pcm*/sub0/status
journalctl --quiet --boot --unit=emotify --output=short-monotonic --lines=20
cat /run/emotify/emotify-status.json
"""


class Box:
    """The installed box.

    Parameters
    ----------
    machine : Machine
        Switched on.
    spotify : SpotifyStandIn
        What it plays on.
    """

    def __init__(self, machine: Machine, spotify: SpotifyStandIn):
        self.machine, self.spotify = machine, spotify

    def log_in(self) -> None:
        """Give it a new login."""
        file = self.machine.folder / "token.json"
        file.unlink(missing_ok=True)
        self.spotify.account(file)
        self.machine.put(f"{TOKEN}.new", file.read_bytes())
        self.machine.run(f"chown emotify: {TOKEN}.new && mv {TOKEN}.new {TOKEN}")

    def set_clock(self, seconds: float | None = None) -> None:
        """Set its clock; without ``seconds`` to the right time."""
        self.machine.run(f"date --set=@{time.time() if seconds is None else seconds:.0f}")

    def wait_until_ready(self, seconds: float = 60) -> None:
        """Wait until the daemon has loaded everything."""
        self.wait_for(
            "pid=$(systemctl show --property=MainPID --value emotify) && [ $pid != 0 ] &&"
            " systemctl --quiet is-active emotify &&"
            ' grep --quiet "\\"pid\\": $pid," /run/emotify/emotify-status.json',
            seconds,
        )

    def wait_for(self, command: str, seconds: float = 30) -> None:
        """Wait until a command in the box succeeds.

        Raises
        ------
        CommandError
            When it does not in time.
        """
        self.machine.run(f"until {command}; do sleep 0.2; done", seconds=seconds)

    def press(self) -> None:
        """Press the button, and look at the light from now on."""
        self.machine.run(_RECORD + _PRESS)

    def speak(self, file: str) -> None:
        """Press the button, and say what is in a file of the box."""
        self.spotify.requests.clear()
        try:
            self.machine.run(_RECORD + _PRESS + _SPEAK.format(file=file), seconds=60)
        except CommandError as error:
            raise CommandError(f"{error}\n{self.machine.run(_STATE)}") from error

    def say(self, file: str, seconds: float = 8.0) -> Record:
        """Press the button, say what is in a file of the box, and look at the light.

        Returns what was seen from the press until ``seconds`` after the round ended. The mark
        "playing" is when the music began.

        Raises
        ------
        CommandError
            When the round does not end within two minutes.
        """
        self.speak(file)
        if not within(120, lambda: self.hears_music() or self.status()["phase"] == "ready"):
            raise CommandError(f"the round does not end: {self.status()}")
        if within(1, self.hears_music):
            self.machine.run("echo playing >/sys/kernel/tracing/trace_marker")
        time.sleep(seconds)
        return self.look()

    def look(self) -> Record:
        """What was seen of the light since the last press."""
        trace = self.machine.run(
            "cd /sys/kernel/tracing; echo end >trace_marker; echo 0 >tracing_on; cat trace"
        )
        base = int(self.machine.run("cat /sys/class/gpio/gpiochip*/base").split()[0])
        return Record.of(trace, base)

    def hears_music(self) -> bool:
        """Whether music that was started after the last sentence plays."""
        playing = self.spotify.now_playing
        return (
            playing is not None
            and playing.playing
            and any(each.path.endswith("/me/player/play") for each in list(self.spotify.requests))
        )

    def memory_mb(self) -> float:
        """The resident memory of the daemon."""
        return (
            int(self.machine.run(f"awk '/^VmRSS/ {{ print $2 }}' /proc/{self.pid()}/status")) / 1024
        )

    def wake_ups(self) -> int:
        """The voluntary context switches of all of the daemon's threads since its start."""
        status = f"/proc/{self.pid()}/task/*/status"
        return int(
            self.machine.run(f"awk '/^voluntary/ {{ sum += $2 }} END {{ print sum }}' {status}")
        )

    def sentences(self) -> int:
        """How many sentences it knows of the household."""
        voices = json.loads(self.machine.run("cat /var/lib/emotify/household.json"))["voices"]
        return sum(voice["sentences"] for voice in voices.values())

    def warnings(self) -> list[str]:
        """The lines of its journal that are more than information, since the last boot."""
        return self.machine.run("journalctl -q -b -u emotify -p warning -o cat").splitlines()

    def pid(self) -> int:
        """The daemon's process."""
        return int(self.machine.run("systemctl show --property=MainPID --value emotify"))

    def status(self) -> dict:
        """What `emotify status` reads."""
        return json.loads(self.machine.run("cat /run/emotify/emotify-status.json"))

    def journal(self) -> str:
        """The daemon's lines since the last boot."""
        return self.machine.run("journalctl --quiet --boot --unit=emotify --output=cat")


def within(seconds: float, condition: Callable[[], bool], every: float = 0.1) -> bool:
    """Whether something comes true within some seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True
