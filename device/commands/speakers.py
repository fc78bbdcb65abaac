"""`emotify speakers`: what the account can play on."""

import argparse
from collections.abc import Sequence

from device import assembly, config
from device.clock import SystemClock
from device.player import Speaker


def run(args: argparse.Namespace) -> int:
    """Print a line for each speaker."""
    print(table(assembly.player(config.load(args.config), SystemClock()).speakers()))
    return 0


def table(speakers: Sequence[Speaker]) -> str:
    """The speakers, one a line, for a person."""
    if not speakers:
        return "No speaker is on: wake one up, or open Spotify on it once."
    width = max(len(speaker.name) for speaker in speakers)
    return "\n".join(
        f"{speaker.name:{width}}  {speaker.kind.lower():12}  {_state(speaker)}".rstrip()
        for speaker in speakers
    )


def _state(speaker: Speaker) -> str:
    if speaker.restricted:
        return "takes no commands from other programs"
    volume = "" if speaker.volume is None else f"volume {speaker.volume} %"
    return ", ".join(filter(None, ("active" if speaker.active else "", volume)))
