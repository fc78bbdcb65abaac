"""The virtual machine that stands for the box."""

import json
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

MEMORY_MB = 512
"""As much as a Zero 2 W has."""
_SPOTIFY = "10.0.2.100:18099"
SPOTIFY = f"http://{_SPOTIFY}"
"""Where Spotify's stand-in on this machine is for the box."""

# QEMU 7.2 gathers from wrong addresses with AVX2, and numpy crashes. The voice activity needs it.
_WITHOUT_AVX2 = "systemd.setenv=NPY_DISABLE_CPU_FEATURES=AVX2,FMA3"
_SYSTEMS = {
    "amd64": ("qemu-system-x86_64", "q35", "max", f"console=ttyS0 {_WITHOUT_AVX2}"),
    "arm64": ("qemu-system-aarch64", "virt", "cortex-a72", "console=ttyAMA0"),
}
_SSH_SECONDS = 300
"""A boot takes 60 to 110 s."""
_QUIET: Any = {
    "stdin": subprocess.DEVNULL,
    "stdout": subprocess.DEVNULL,
    "stderr": subprocess.DEVNULL,
    "check": False,
}


class CommandError(Exception):
    """A command in the box failed."""


class Machine:
    """A machine whose disk is a file of its own.

    There are two networks: what the box calls the Internet, which has nothing but Spotify's
    stand-in, and one by which this machine gives its commands.

    Parameters
    ----------
    image : Path
        The folder that `tests/box/image` has made.
    arch : "amd64" or "arm64"
    folder : Path
        For the disk, the log of the console, and the sockets.
    spotify_port : int
        Of Spotify's stand-in on this machine.
    """

    def __init__(self, image: Path, arch: str, folder: Path, spotify_port: int):
        self._image, self._arch, self.folder = image, arch, folder
        self._spotify_port = spotify_port
        self._process: subprocess.Popen | None = None
        self._port = 0
        self.disk = folder / "disk.qcow2"

    def start(self, snapshot: str = "", internet: bool = False) -> None:
        """Switch it on, or continue at a snapshot; returns when it takes commands.

        With ``internet`` it can reach what this machine can reach.
        """
        program, board, processor, options = _SYSTEMS[self._arch]
        self._port = _free_port()
        world = "user,id=world,net=10.0.2.0/24"
        if not internet:
            relay = f"nc 127.0.0.1 {self._spotify_port}"
            world += f",restrict=on,guestfwd=tcp:{_SPOTIFY}-cmd:{relay}"
        control = (
            f"user,id=control,net=10.0.3.0/24,restrict=on,hostfwd=tcp:127.0.0.1:{self._port}-:22"
        )
        (self.folder / "monitor").unlink(missing_ok=True)
        arguments = [
            *(program, "-machine", board, "-accel", "tcg,thread=multi", "-cpu", processor),
            *("-smp", "2", "-m", str(MEMORY_MB), "-nodefaults", "-display", "none"),
            *("-kernel", self._image / "vmlinuz", "-initrd", self._image / "initrd"),
            *("-append", f"root=/dev/vda rw panic=-1 quiet {options}"),
            *("-drive", f"file={self.disk},if=virtio,format=qcow2"),
            *("-netdev", world, "-device", "virtio-net-pci,netdev=world"),
            *("-netdev", control, "-device", "virtio-net-pci,netdev=control"),
            *("-serial", f"file:{self.folder / 'console.log'}"),
            *("-qmp", f"unix:{self.folder / 'monitor'},server=on,wait=off"),
            *(["-loadvm", snapshot] if snapshot else []),
        ]
        self._process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + _SSH_SECONDS
        while not self._connect():
            if self._process.poll() is not None:
                raise SystemExit(f"{program} has ended.")
            if time.monotonic() > deadline:
                raise SystemExit("The machine does not take commands.")
            time.sleep(1)

    def run(self, command: str, stdin: bytes = b"", seconds: float = 120) -> str:
        """Run a command in its shell, as root; returns its output.

        Raises
        ------
        CommandError
            With the output, when it fails or takes longer than ``seconds``.
        """
        try:
            done = subprocess.run(
                [*self._ssh("-n" if not stdin else "-T"), command],
                input=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise CommandError(f"{command}: takes longer than {seconds} s") from None
        output = done.stdout.decode(errors="replace")
        if done.returncode:
            raise CommandError(f"{command}: {output}")
        return output

    def succeeds(self, command: str) -> bool:
        """Whether a command succeeds."""
        try:
            self.run(command)
        except CommandError:
            return False
        return True

    def put(self, file: str, content: bytes) -> None:
        """Write a file of the machine."""
        self.run(f"mkdir -p $(dirname {file}) && cat >{file}", content)

    def save(self, snapshot: str) -> None:
        """Keep its present state."""
        self._monitor("human-monitor-command", {"command-line": f"savevm {snapshot}"})

    def connect(self, connected: bool) -> None:
        """Plug the network cable in, or out."""
        self._monitor("set_link", {"name": "world", "up": connected})

    def cut_power(self) -> None:
        """What the machine has not yet sent to its disk is lost."""
        if self._process:
            self._hang_up()
            self._process.kill()
            self._process.wait()
            self._process = None

    def shut_down(self) -> None:
        """As with `poweroff`."""
        assert self._process
        self.succeeds("systemctl poweroff")
        self._hang_up()
        self._process.wait(timeout=_SSH_SECONDS)
        self._process = None

    def _connect(self) -> bool:
        """Open the connection that all commands use."""
        master = self._ssh("-fNM", "-i", str(self._image / "key"), "-p", str(self._port))
        return subprocess.run(master, **_QUIET).returncode == 0

    def _hang_up(self) -> None:
        subprocess.run(self._ssh("-O", "exit"), **_QUIET)

    def _ssh(self, *options: str) -> list[str]:
        return [
            *("ssh", *options, "-o", f"ControlPath={self.folder}/ssh", "-o", "BatchMode=yes"),
            *("-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"),
            *("-o", "LogLevel=ERROR", "-o", "ConnectTimeout=5", "root@127.0.0.1"),
        ]

    def _monitor(self, command: str, arguments: dict[str, Any]) -> None:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self.folder / "monitor"))
            answers = connection.makefile("rw")
            for request in (
                {"execute": "qmp_capabilities"},
                {"execute": command, "arguments": arguments},
            ):
                answers.write(json.dumps(request) + "\n")
                answers.flush()
                while True:
                    answer = json.loads(answers.readline())
                    if "error" in answer or answer.get("return"):
                        raise SystemExit(f"{command}: {answer}")
                    if "return" in answer:
                        break


def new_disk(image: Path, disk: Path) -> None:
    """An empty disk above that of the image."""
    base = image / "disk.qcow2"
    command = ["qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", base, disk]
    subprocess.run(command, check=True)


def copy_disk(disk: Path, copy: Path) -> None:
    """With all of its snapshots."""
    shutil.copyfile(disk, copy)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
