"""Reads damaged copies of every file of the device; each must be read or raise that file's error.

    python tests/bench/damaged_files.py [--count 5000] [--configurations 20000] [--seed 0]

A copy is damaged as text (cut, flipped, doubled, with absurd numbers, deep nesting and unusual
characters) or, if it is JSON, in one of its values. Prints how many copies of each kind were read,
were refused, and raised another exception.
"""

import argparse
import copy
import json
import random
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from device.appliance.login_reminder import LoginReminder
from device.appliance.status import Status
from device.commands.household import in_words
from device.config import config
from device.config.config import Config
from device.emotion.household import Household
from device.emotion.household_file import HouseholdFile
from device.emotion.model import ModelMetadata
from device.errors import AccountError, ConfigError, PlaylistsError
from device.mood import Emotion, Mood
from device.playlist.history import History
from device.playlist.playlist import Playlists
from device.simulation.clock import SimulatedClock
from device.spotify import publishing
from device.spotify.account import Account
from device.spotify.memory import Memory
from device.spotify.refusal import limited

ODD: list[Any] = [
    None, True, False, 0, -1, 1, 2**63, -(2**70), 10**400, 0.5, -1e300, float("nan"),
    float("inf"), "", "x", "\x00", "\ud800", "🦊", "spotify:track:x", [], {}, [None], [[]],
    ["x", "y"], {"": {}}, [1] * 3, "9" * 5000,
]  # fmt: skip
ODD_TEXT = [
    "[" * 3000, "{" * 200, '{"a":' * 2000, "]" * 50, "9" * 5000, "1e400", "-1e999", "NaN",
    "Infinity", "null", "\\ud800", "\x00", "\r", "\n", '"', "'", "\\", "=", "[", "]", "#", "0x" +
    "f" * 6000, "inf", "true", "1979-05-27", "\ufeff", "é", "a.b.c", '"""', ",",
]  # fmt: skip


class Fuzzer:
    """Damages the content of a file."""

    def __init__(self, seed: int):
        self._random = random.Random(seed)

    def damaged(self, content: bytes) -> bytes:
        """A damaged copy."""
        chance = self._random
        if chance.random() < 0.5:
            with suppress(ValueError):
                return self._other_values(json.loads(content))
        for _ in range(chance.randint(1, 4)):
            content = self._other_text(content)
        return content

    def _other_values(self, document: Any) -> bytes:
        for _ in range(self._random.randint(1, 3)):
            document = self._other_value(document)
        return json.dumps(document).encode("utf-8", "surrogatepass")

    def _other_value(self, value: Any) -> Any:
        chance = self._random
        if not isinstance(value, list | dict) or not value or chance.random() < 0.15:
            return copy.deepcopy(chance.choice(ODD))
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        key = chance.choice(keys)
        if chance.random() < 0.1:
            del value[key]
        else:
            value[key] = self._other_value(value[key])
        return value

    def _other_text(self, content: bytes) -> bytes:
        chance = self._random
        at, to = sorted(chance.randint(0, len(content)) for _ in range(2))
        match chance.randrange(5):
            case 0:
                return content[:at]
            case 1:
                return content[:at] + content[to:]
            case 2:
                return content[:at] + content[at:to] * 2 + content[to:]
            case 3:
                flipped = bytes([chance.randrange(256)])
                return content[:at] + flipped + content[at + 1 :]
        odd = chance.choice(ODD_TEXT).encode("utf-8", "surrogatepass")
        return content[:at] + odd + content[at:]


def readers(folder: Path) -> dict[str, tuple[bytes, Callable[[Path], None], type[Exception]]]:
    """For each kind of file: a good one, what reads it, and the error that it may end in."""
    clock = SimulatedClock()
    account = Account("c" * 32, "http://127.0.0.1:8000/callback", folder / "token", clock=clock)

    def read_config(path: Path) -> None:
        config.load(path).preferences  # noqa: B018 - it is computed from the values

    def read_music(path: Path) -> None:
        music = Playlists((path,), History(folder / "none"))
        music.for_mood(Mood(dict.fromkeys(Emotion, 0.125)), seed=1)

    def read_description(path: Path) -> None:
        ModelMetadata.parse(path.read_bytes().decode("utf-8"))

    def read_token(path: Path) -> None:
        path.replace(folder / "token")
        LoginReminder(account.login_status, clock).check()
        account.allows("user-read-playback-state")
        account.client()

    def read_memory(path: Path) -> None:
        memory = Memory(path, clock)
        if seconds := memory.limit_seconds:
            limited(clock.time(), seconds)
        memory.speaker("kitchen"), memory.own_volume("id", 14), memory.music()
        memory.keep_speaker("kitchen", "id", "Kitchen")

    def read_household(path: Path) -> None:
        file = HouseholdFile(path, "m", 2, clock)
        in_words(file.read())
        file.learn("USB", np.ones(2, np.float32), Emotion.SAD)
        file.refuse(Emotion.SAD)

    def read_lately(path: Path) -> None:
        History(path).add(["spotify:track:1"])

    committed = Config().models_folder
    music = json.loads((committed / "playlists.json").read_bytes())
    music["tracks"] = music["tracks"][:40]
    # Without the affect model, which the device does not read.
    del music["affect_model"]
    token = {
        "access_token": "a", "refresh_token": "r", "scope": "user-read-playback-state",
        "expires_at": 1_700_003_600, "logged_in_at": 1_690_000_000,
    }  # fmt: skip
    memory = {
        "limit": {"since": 1_699_999_000, "not_before": 1_700_000_100},
        "speakers": {"kitchen": ["id", "Kitchen"]},
        "lowered": {"speaker": "id", "own": 40, "levels": [14, 27]},
        "music": {"speaker": "id", "name": "Kitchen", "tracks": [["u", "t"]], "context": None},
    }
    voice = np.array([0.1, -0.2], np.float32)
    household = (
        Household().with_sentence("USB", voice, Emotion.SAD, 1.7e9).with_refusal(Emotion.HAPPY)
    )
    status = {"pid": 1, "at": 1.0, "phase": "ready", "round": 3, "said": "", "login": None}
    return {
        "configuration": (str(Config()).encode(), read_config, ConfigError),
        "playlists": (json.dumps(music).encode(), read_music, PlaylistsError),
        "model": ((committed / "emotion.json").read_bytes(), read_description, ValueError),
        "token": (json.dumps(token).encode(), read_token, AccountError),
        "memory": (json.dumps(memory).encode(), read_memory, AccountError),
        "household": (household.text("m").encode(), read_household, AccountError),
        "history": (b'["spotify:track:1", "spotify:track:2"]', read_lately, AccountError),
        "status": (json.dumps(status).encode(), lambda path: str(Status.read(path)), AccountError),
        "published": (
            b'{"sad": {"id": "x", "digest": "y"}}',
            lambda path: str(publishing.read_memory(path)),
            AccountError,
        ),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=5000, help="of each kind")
    parser.add_argument("--configurations", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    worst: Counter[str] = Counter()
    silent = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind, (good, read, error) in readers(folder).items():
            fuzzer, outcomes = Fuzzer(args.seed), Counter[str]()
            path = folder / kind
            for _ in range(args.configurations if kind == "configuration" else args.count):
                path.write_bytes(fuzzer.damaged(good))
                try:
                    read(path)
                    outcomes["read"] += 1
                except error as refusal:
                    outcomes["refused" if str(refusal) else "refused without a word"] += 1
                except Exception:
                    outcomes["let something else through"] += 1
                    last = traceback.format_exc().splitlines()
                    worst["\n".join(last[-5:])] += 1
            silent += outcomes["refused without a word"]
            print(f"{kind}: {', '.join(f'{count} {what}' for what, count in outcomes.items())}")
    for trace, count in worst.most_common():
        print(f"{count} times\n{trace}", file=sys.stderr)
    return 1 if worst or silent else 0


if __name__ == "__main__":
    sys.exit(main())
