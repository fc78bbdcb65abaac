"""`emotify status`: print the status of the daemon on this machine."""

import argparse
from time import monotonic

from device.appliance.status import Status

_UNITS = (("day", 86_400), ("hour", 3600), ("minute", 60))


def run(args: argparse.Namespace) -> int:
    """Print the status; exit status 0 only when there is no problem."""
    status = Status.of_daemon()
    if status is None:
        print("Emotify is not running: `sudo systemctl start emotify`, or `emotify run`.")
        print("`sudo emotify doctor` says what is wrong.")
        return 1
    print(f"Emotify runs ({status.phase}), for {_span(monotonic() - status.started)}.")
    for line in filter(None, (status.said, status.login)):
        print(line)
    if status.problem and status.problem != status.said:
        print(status.problem)
    if status.mood:
        print(f"The latest mood: {status.mood}.")
    print(f"Since this machine was started: {', '.join(_counts(status))}.")
    return 1 if status.problem or status.login else 0


def _counts(status: Status) -> list[str]:
    moods = sorted(status.moods.items(), key=lambda each: -each[1])
    faults = sorted(status.faults.items())
    return [
        _number(status.presses, "press", "presses"),
        *(f"{count} x {emotion}" for emotion, count in moods),
        *(f"{count} x fault {fault}" for fault, count in faults),
    ]


def _span(seconds: float) -> str:
    for unit, length in _UNITS:
        if seconds >= length:
            return _number(int(seconds // length), unit, f"{unit}s")
    return "less than a minute"


def _number(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"
