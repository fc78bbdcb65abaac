"""`emotify speakers`: list, choose and test the account's speakers."""

import argparse
from collections.abc import Sequence

from device import assembly
from device.clock import SystemClock
from device.config import config, edit
from device.config.config import Config
from device.mood import Emotion, Mood
from device.player import Player, Speaker
from device.spotify.player import SpotifyPlayer
from device.spotify.speakers import find_speaker

TEST_SECONDS = 10


def run(args: argparse.Namespace) -> int:
    """Print a line for each speaker; with --use choose one, with --test play on one."""
    settings = config.load(args.config)
    if args.test is not None:
        return _test(settings, args.test)
    speakers = assembly.player(settings, SystemClock()).speakers()
    if args.use is None:
        print(table(speakers))
        return 0
    speaker = find_speaker(speakers, args.use)
    file = edit.write(args.config, "player", "speaker", speaker.name)
    print(f'"{speaker.name}" is the speaker now, in {file}. A running daemon takes it.')
    return 0


def table(speakers: Sequence[Speaker]) -> str:
    """The speakers as text, one in a line."""
    if not speakers:
        return "There is no speaker: wake one up, or open Spotify on it once."
    width = max(len(speaker.name) for speaker in speakers)
    return "\n".join(
        f"{speaker.name:{width}}  {speaker.kind.lower():12}  {_state(speaker)}".rstrip()
        for speaker in speakers
    )


def _state(speaker: Speaker) -> str:
    if speaker.restricted:
        return "cannot be used: it takes no commands from other programs (Sonos, Echo groups)"
    if not speaker.usable:
        return "cannot be used: it has no id on Spotify now; open Spotify on it once"
    volume = "volume cannot be set" if speaker.volume is None else f"volume {speaker.volume} %"
    return ", ".join(filter(None, ("active" if speaker.active else "", volume)))


def _test(settings: Config, name: str) -> int:
    clock = SystemClock()
    player: Player = SpotifyPlayer(assembly.account(settings, clock), name, clock)
    calm = Mood.certain(Emotion.CALM)
    speaker = player.play(assembly.playlists(settings).for_mood(calm))
    print(f'Playing on "{speaker.name}" for {TEST_SECONDS} seconds.', flush=True)
    try:
        player.settle()
        clock.sleep(TEST_SECONDS)
    finally:
        player.stop()
    return 0
