"""`emotify doctor`: check everything, and say what to do about what is wrong."""

import argparse
import json
import os
import shutil
import signal
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from time import sleep

from device import assembly
from device.appliance.status import Status
from device.clock import SystemClock
from device.config import config
from device.config.folders import BUILT_IN_MODELS, state_folder
from device.doctor import machine, microphone, pins
from device.doctor.finding import Finding, NotCheckedError, Verdict, examine
from device.doctor.pins import Person
from device.doctor.spotify import SpotifyChecks
from device.emotion.model import METADATA_FILE
from device.errors import PinError
from device.light.led import GpioLed
from device.light.light import Light
from device.light.patterns import PATTERNS, Cue
from device.playlist.playlist import PLAYLISTS_FILE
from device.playlist.tracks import TrackTable

_NAME_CELLS = 15
_COLOURS = {Verdict.GOOD: 32, Verdict.WRONG: 31, Verdict.NOT_CHECKED: 33}


def run(args: argparse.Namespace) -> int:
    """Print a line for each part; exit status 0 only when nothing is wrong."""
    person = None if args.json or not sys.stdin.isatty() else Terminal()
    findings = []
    for finding in Doctor(args, person).findings():
        findings.append(finding)
        if not args.json:
            print(_text(finding), flush=True)
    wrong = sum(finding.verdict is Verdict.WRONG for finding in findings)
    if args.json:
        print(json.dumps({"wrong": wrong, "findings": [asdict(each) for each in findings]}))
    else:
        print({0: "Nothing is wrong.", 1: "One thing is wrong."}.get(wrong, f"{wrong} are wrong."))
    return 1 if wrong else 0


class Terminal:
    """The person at this terminal."""

    def tell(self, words: str) -> None:
        print(f"  {words}", flush=True)

    def confirms(self, question: str) -> bool:
        print(f"  {question} [Y/n] ", end="", flush=True)
        return not sys.stdin.readline().strip().lower().startswith("n")


class Doctor:
    """All checks, with what they have in common.

    Parameters
    ----------
    args : argparse.Namespace
        With the configuration file.
    person : Person or None
        None when nobody can press the button and look at the light.
    """

    def __init__(self, args: argparse.Namespace, person: Person | None):
        self._file = args.config
        self._person = person
        self._settings, _ = config.read(self._file)
        self._clock = SystemClock()
        self._daemon = Status.of_daemon()

    def findings(self) -> Iterator[Finding]:
        """The findings, one after the other."""
        settings, clock = self._settings, self._clock
        spotify = SpotifyChecks(
            assembly.account(settings, clock),
            lambda: assembly.player(settings, clock).speakers(),
            settings.player.speaker,
            clock,
        )
        built = BUILT_IN_MODELS / METADATA_FILE
        yield examine("configuration", self._configuration)
        yield examine("model", self._model)
        yield examine("playlists", self._playlists)
        yield examine("microphone", self._microphone)
        yield examine("button", self._button)
        yield examine("light", self._light)
        yield examine("account", spotify.account)
        yield examine("login", spotify.login)
        yield examine("speaker", spotify.speaker)
        yield examine("clock", lambda: machine.clock(clock, settings.spotify.api_url, built))
        yield examine("disk", lambda: machine.disk(state_folder()))
        yield examine("service", machine.unit)

    def _configuration(self) -> str:
        config.load(self._file)
        return str(self._file or "no file, so the defaults")

    def _model(self) -> str:
        model = assembly.classifier(self._settings)
        return f"{model.size / 1e6:.0f} MB in {self._settings.models_folder}"

    def _playlists(self) -> str:
        own = assembly.own_music()
        files = [self._settings.models_folder / PLAYLISTS_FILE, *([own] if own.exists() else [])]
        tables = [TrackTable.load(file) for file in files]
        return f"{len(tables[-1].tracks)} tracks in {files[-1]}"

    def _microphone(self) -> str:
        source = assembly.microphone(self._settings)
        if self._person is None:
            return microphone.microphone(source, lambda _: None)
        try:
            return microphone.microphone(source, microphone.draw)
        finally:
            print("\r\x1b[K", end="")

    def _button(self) -> str:
        person, settings = self._somebody(), self._settings
        presses = self._presses if self._daemon else None
        factory = assembly.pin_factory(settings)
        return pins.button(settings.button, settings.light, factory, person, presses)

    def _light(self) -> str:
        person = self._somebody()
        return pins.light(self._settings.light, self._show_test, person)

    def _somebody(self) -> Person:
        if self._person is None:
            raise NotCheckedError("needs somebody at a terminal: `sudo emotify doctor`")
        return self._person

    def _presses(self) -> int:
        status = Status.of_daemon()
        return status.presses if status else 0

    def _show_test(self) -> None:
        """Let the daemon show the test, because the pins are its own; without it show it here."""
        seconds = PATTERNS[Cue.TEST].seconds
        if self._daemon:
            try:
                os.kill(self._daemon.pid, signal.SIGUSR2)
            except PermissionError:
                raise PinError("The pins belong to the daemon: `sudo emotify doctor`.") from None
            sleep(seconds)
            return
        factory = assembly.pin_factory(self._settings)
        light = Light(GpioLed(self._settings.light, factory), self._clock)
        light.show(Cue.TEST)
        sleep(seconds)
        light.close()


def _text(finding: Finding) -> str:
    mark = {
        Verdict.GOOD: "ok",
        Verdict.WRONG: f"fault {finding.fault}",
        Verdict.NOT_CHECKED: "-",
    }[finding.verdict]
    if sys.stdout.isatty():
        mark = f"\x1b[{_COLOURS[finding.verdict]}m{mark:8}\x1b[0m"
    indent = " " * (9 + _NAME_CELLS)
    lines = finding.says.splitlines()
    if sys.stdout.isatty():
        width = max(shutil.get_terminal_size().columns - len(indent), 40)
        wrap = partial(textwrap.wrap, width=width, break_on_hyphens=False, break_long_words=False)
        lines = [part for line in lines for part in wrap(line)]
    return f"{mark:8} {finding.name:{_NAME_CELLS}}" + f"\n{indent}".join(lines)
