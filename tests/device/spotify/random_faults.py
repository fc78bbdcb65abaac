"""Random faults between Spotify and the daemon, which is a process.

    python tests/device/spotify/random_faults.py --count 200 --jobs 16 [--lag 2]

Each seed is one script: presses, faults, speakers that sleep, tokens that end, power cuts that
halve the token file. After every press it is asked: did the round end in time, is there no crash,
no POST sent twice, no request too many, and do the light and the status tell the truth? In the end
everything is mended, and a press must lead to music. All the while the watchdog must hear of the
daemon at least twice in the time that it allows.
"""

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from device.appliance.status import Status
from device.simulation.spotify import (
    Answer,
    Delay,
    FallAsleep,
    Fault,
    SimulatedSpeaker,
    SpotifyStandIn,
    Trouble,
)
from device.spotify.request_budget import CHECKS

ROUND_SECONDS = 10.0
WATCHDOG_SECONDS = 30.0
ANSWER_SECONDS = 1.2
SLACK_SECONDS = 8.0
"""For hearing the sentence, and for all the other work on a busy machine."""

STATE = "/v1/me/player"
PATHS = ["", STATE, f"{STATE}/devices", f"{STATE}/play", f"{STATE}/pause", f"{STATE}/volume",
         "/api/token"]  # fmt: skip
OWN_VOLUME = 40


def refusal(status, message, reason=None, headers=None):
    error = {"status": status, "message": message} | ({"reason": reason} if reason else {})
    return Answer(status, {"error": error}, headers or {})


TROUBLES = [
    *Trouble,
    Answer(202),
    Answer(204),
    *(Answer(status) for status in (400, 401, 403, 404, 500, 502, 503)),
    Answer(200, "<html>Welcome to the hotel's Wi-Fi</html>"),
    Answer(502, "<html>Bad gateway</html>"),
    Answer(200, []),
    Answer(403, "User not registered in the Developer Dashboard"),
    refusal(403, "Player command failed: Premium required", "PREMIUM_REQUIRED"),
    refusal(403, "Player command failed: Restriction violated", "UNKNOWN"),
    refusal(403, "Player command failed: Restricted device", "UNKNOWN"),
    refusal(404, "Player command failed: No active device found", "NO_ACTIVE_DEVICE"),
    refusal(429, "API rate limit exceeded", headers={"Retry-After": "1"}),
    refusal(429, "API rate limit exceeded", headers={"Retry-After": "3600"}),
    refusal(429, "Quota", "QUOTA_EXCEEDED", {"Retry-After": "40000"}),
    Delay(0.3),
    Delay(2.0),
    FallAsleep("Living room"),
]


class Watchdog:
    """Hears what the daemon tells the service manager, and how long it says nothing."""

    def __init__(self, address):
        self.address = address
        self.fed = 0
        self.longest_gap = 0.0
        self._last = None
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(address))
        threading.Thread(target=self._listen, daemon=True).start()

    def begin(self):
        """A daemon starts: it counts from its first word on."""
        self._last = None

    def _listen(self):
        while told := self._socket.recv(4096):
            if told in (b"WATCHDOG=1", b"READY=1"):
                now = time.monotonic()
                if self._last is not None:
                    self.longest_gap = max(self.longest_gap, now - self._last)
                self.fed += told == b"WATCHDOG=1"
                self._last = now


class Run:
    """One daemon, one stand-in, one seed."""

    def __init__(self, seed, recording, folder, lag):
        self.random = random.Random(seed)
        self.recording = recording
        self.folder = folder
        self.longest = 0.0
        self.log = []
        self.process = None
        self.spotify = SpotifyStandIn([SimulatedSpeaker("Living room", volume=OWN_VOLUME)])
        self.spotify.player.lag_seconds = lag
        self.watchdog = Watchdog(folder / "notify")

    @property
    def token_file(self):
        return self.folder / "token.json"

    @property
    def status(self):
        return Status.read(self.folder / "emotify-status.json")

    def __call__(self):
        with self.spotify:
            self.configure()
            self.log_in()
            self.start()
            try:
                for _ in range(self.random.randint(5, 9)):
                    self.random.choice(
                        [self.press, self.press, self.press, self.fault, self.fault, self.fault,
                         self.wake, self.expire, self.end_login, self.cut_power]
                    )()  # fmt: skip
                self.mend()
            finally:
                self.process.kill()
                self.process.wait()
            self.check_log()
            self.check_watchdog()
        return self.longest

    def configure(self):
        spotify = self.spotify
        self.config = self.folder / "config.toml"
        self.config.write_text(
            f'[spotify]\nclient_id = "{spotify.client_id}"\n'
            f'redirect_uri = "{spotify.redirect_uri}"\napi_url = "{spotify.api_url}"\n'
            f'accounts_url = "{spotify.accounts_url}"\ntimeout_seconds = {ANSWER_SECONDS}\n'
            f'round_seconds = {ROUND_SECONDS}\n[player]\nspeaker = "Living room"\n'
        )

    def log_in(self):
        spotify = self.spotify
        spotify.clear_faults()
        spotify.account(self.token_file)

    def start(self):
        box = Path(__file__).with_name("box.py")
        self.watchdog.begin()
        environment = os.environ | {
            "NOTIFY_SOCKET": str(self.watchdog.address),
            "WATCHDOG_USEC": str(round(WATCHDOG_SECONDS * 1e6)),
            "GPIOZERO_PIN_FACTORY": "mock",
            "GPIOZERO_MOCK_PIN_CLASS": "mockpwmpin",
            "STATE_DIRECTORY": str(self.folder),
            "RUNTIME_DIRECTORY": str(self.folder),
        }
        self.process = subprocess.Popen(
            [sys.executable, str(box), str(self.config), str(self.recording)],
            env=environment, stderr=subprocess.PIPE, text=True, errors="replace",
        )  # fmt: skip
        threading.Thread(target=self.log.extend, args=(self.process.stderr,), daemon=True).start()
        self.wait_for(lambda status: status.phase == "ready", 60)

    def wait_for(self, reached, seconds):
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            assert self.process.poll() is None, "the daemon has ended"
            if (status := self.status) and status.pid == self.process.pid and reached(status):
                return time.monotonic() - began
            time.sleep(0.02)
        raise AssertionError(f"no end after {seconds} s: {self.status}")

    def press(self):
        before = self.status.round
        self.spotify.requests.clear()
        self.process.send_signal(signal.SIGUSR1)
        took = self.wait_for(
            lambda status: status.round > before and status.phase == "ready",
            ROUND_SECONDS + SLACK_SECONDS,
        )
        self.longest = max(self.longest, took)
        self.check_round()

    def check_round(self):
        status, light = self.status, self.status.light
        if status.fault is None:
            assert light == "playing", status
            assert self.spotify.now_playing.playing, status
        else:
            assert light == ("offline" if status.fault == 2 else str(status.fault)), status
            assert status.problem, status
        # The music is settled meanwhile.
        time.sleep(self.random.uniform(0, 2.5))
        asked = list(self.spotify.requests)
        if asked and asked[0].path == f"{STATE}/volume":
            # The round before had music to settle, perhaps with a new token.
            while asked and asked[0].path in (f"{STATE}/volume", "/api/token"):
                del asked[0]
        assert len(asked) <= 6 + CHECKS, asked
        self.check_process()
        posts = [json.dumps([one.path, one.body]) for one in asked if one.method == "POST"]
        assert len(posts) == len(set(posts)), "a POST was sent twice"

    def check_process(self):
        """Everybody on the machine may read the list of processes."""
        seen = Path(f"/proc/{self.process.pid}/cmdline").read_text()
        assert not [secret for secret in self.spotify.accounts.secrets if secret in seen]

    def fault(self):
        what, path = self.random.choice(TROUBLES), self.random.choice(PATHS)
        if isinstance(what, Answer) and what.status < 300 and path in ("", f"{STATE}/volume"):
            path = f"{STATE}/play"  # Nobody could tell that a volume was not taken.
        self.spotify.inject([Fault(what, path, self.random.randint(1, 3))])

    def wake(self):
        for speaker in self.spotify.player.speakers:
            speaker.asleep = False

    def expire(self):
        self.spotify.accounts.expire_access_tokens()

    def end_login(self):
        self.spotify.accounts.end_logins()
        if self.random.random() < 0.5:
            self.log_in()

    def cut_power(self):
        """At some moment of a round; the card may lose the end of what was written last."""
        self.process.send_signal(signal.SIGUSR1)
        time.sleep(self.random.uniform(0, 2))
        self.process.kill()
        self.process.wait()
        if self.token_file.exists():
            content = self.token_file.read_bytes()
            half = content[: self.random.randrange(len(content))]
            self.token_file.with_name(".token.json.half").write_bytes(half)
            if self.token_file.with_name("token.json.previous").exists():
                self.token_file.write_bytes(half)
        self.start()

    def mend(self):
        self.spotify.clear_faults()
        self.wake()
        self.press()
        for _ in range(3):
            problem = self.status.problem
            if problem is None:
                break
            if "too often" in problem:
                assert not self.spotify.requests, "it asked before the time"
                self.let_the_limit_pass()
            else:
                # Nothing but the end of the login may be left.
                assert self.status.fault == 3, problem
                assert "emotify login" in problem, problem
                self.log_in()
            self.press()
        assert self.status.problem is None, self.status
        assert self.status.login is None, self.status
        time.sleep(3)
        if self.volume != OWN_VOLUME:
            # A round that had to get a new token has no request left for it: the next one has.
            self.press()
            time.sleep(3)
        assert self.volume == OWN_VOLUME, "the volume was not restored"

    @property
    def volume(self):
        return self.spotify.player.speakers[0].volume

    def let_the_limit_pass(self):
        memory = self.folder / "spotify.json"
        memory.write_text(json.dumps(json.loads(memory.read_text()) | {"limit": {}}))

    def check_watchdog(self):
        assert self.watchdog.fed, "the watchdog was never fed"
        gap = self.watchdog.longest_gap
        assert gap <= WATCHDOG_SECONDS / 2, f"the watchdog heard nothing for {gap:.1f} s"

    def check_log(self):
        text = "".join(self.log)
        assert "Traceback" not in text, text
        assert "A bug" not in text, text
        found = [secret for secret in self.spotify.accounts.secrets if secret in text]
        assert not found, "a secret is in the log"


def run(seed, recording, lag):
    with tempfile.TemporaryDirectory() as folder:
        one = Run(seed, recording, Path(folder), lag)
        try:
            return seed, one(), None
        except Exception as error:
            tail = "".join(one.log[-40:])
            return seed, one.longest, f"{type(error).__name__}: {error}\n{tail}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--lag", type=float, default=0.0, help="of what Spotify shows, in seconds")
    parser.add_argument("--description", type=Path, help="Spotify's OpenAPI description")
    args = parser.parse_args()
    if args.description:
        sys.path.append(str(Path(__file__).parents[2] / "support"))
        from spotify_openapi import OpenApi

        SpotifyStandIn.openapi = OpenApi.load(args.description)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(args.jobs) as pool:
        recording = Path(folder) / "sentence.wav"
        words = "The kids are talking by the door."
        subprocess.run(["espeak-ng", "-w", recording, words], check=True)
        seeds = range(args.first, args.first + args.count)
        outcomes = list(pool.map(lambda seed: run(seed, recording, args.lag), seeds))
    failures = [outcome for outcome in outcomes if outcome[2]]
    for seed, _, failure in failures:
        print(f"seed {seed}: {failure}", file=sys.stderr)
    longest = max(longest for _, longest, _ in outcomes)
    print(
        f"{len(outcomes)} scripts, {len(failures)} failed, the longest round took {longest:.1f} s"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
