"""The command line: `emotify COMMAND`."""

import argparse
import importlib
import os
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from device.config import config, folders
from device.errors import EmotifyError
from device.mood import Emotion
from device.playlist.preferences import Strategy

_Value = TypeVar("_Value", bound=StrEnum)

_AS_CALLED = ("run", "report", "listen", "playlists")
"""The user of the daemon is set by the service manager. The others read files of the caller's own,
or the journal; what they write belongs to the service anyway (:func:`device.files.replace`)."""

_FOUND = Path()
"""Stands for the configuration file that is found in the usual places."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; an error is printed and gives exit status 1."""
    args = _parser().parse_args(arguments)
    command = importlib.import_module(f"device.commands.{args.command}")
    try:
        if args.command not in _AS_CALLED:
            folders.act_as_owner(folders.state_folder())
        if args.config is _FOUND:
            args.config = config.find()
        return command.run(args)
    except EmotifyError as error:
        print(f"emotify: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of the output has closed it; Python must not flush the rest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _one_of(values: type[_Value]) -> Callable[[str], _Value]:
    """Reads one of these values; argparse's own message would not list them."""

    def read(text: str) -> _Value:
        try:
            return values(text)
        except ValueError:
            known = ", ".join(values)
            raise argparse.ArgumentTypeError(f"{text!r} is none of these: {known}") from None

    return read


class _Version(argparse.Action):
    """Prints the version of the installed project, which is only read when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"{parser.prog} {version(parser.prog)}")
        parser.exit()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="emotify",
        description="Press a button, say a sentence, and music for your mood starts playing.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, help: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=help, description=help)
        added.add_argument(
            "--config",
            type=Path,
            default=_FOUND,
            metavar="FILE",
            help="the configuration file (default: the first that exists of "
            "~/.config/emotify/config.toml and /etc/emotify/config.toml)",
        )
        return added

    command("run", "Run the daemon, which serves the button, the light and the speaker.")

    listen = command(
        "listen", "Recognise the mood in recordings, or in a sentence from the microphone."
    )
    listen.add_argument("files", nargs="*", metavar="FILE", help="WAV, FLAC or OGG")
    listen.add_argument(
        "--json", action="store_true", help="print a JSON object for each recording"
    )
    household = listen.add_mutually_exclusive_group()
    household.add_argument(
        "--learn",
        action="store_true",
        help="let the sentences take part in what is known of the household (see `household`)",
    )
    household.add_argument(
        "--fresh", action="store_true", help="judge as if nothing were known of the household"
    )
    one = listen.add_mutually_exclusive_group()
    one.add_argument("--play", action="store_true", help="also start the music")
    one.add_argument("--all", action="store_true", help="judge each sentence, not only the first")

    simulate = command(
        "simulate",
        "Run the daemon in this terminal, with a key as the button, a drawn light, "
        "and a local stand-in for Spotify. Everything else is real.",
    )
    simulate.add_argument("--wav", metavar="FILE", help="use a recording instead of the microphone")
    simulate.add_argument(
        "--mood",
        type=_one_of(Emotion),
        metavar="EMOTION",
        help="use this mood instead of the recognised one: " + ", ".join(Emotion),
    )
    simulate.add_argument(
        "--press-once",
        action="store_true",
        help="press once and exit after the round; exit status 0 only if the music started",
    )

    login = command("login", "Log in to Spotify, which is needed every six months.")
    login.add_argument(
        "--playlists", action="store_true", help="also allow `emotify playlists publish`"
    )
    command("logout", "Delete the login to Spotify.")

    speakers = command("speakers", "List the speakers of the Spotify account.")
    action = speakers.add_mutually_exclusive_group()
    action.add_argument("--use", metavar="NAME", help="play on this speaker from now on")
    action.add_argument("--test", metavar="NAME", help="play ten seconds on this speaker")

    known = command(
        "household", "Print what Emotify knows of the voices here, and which moods were refused."
    )
    known.add_argument(
        "action", nargs="?", choices=["forget"], help="forget: delete all of it, and start afresh"
    )

    doctor = command(
        "doctor", "Check every part, from the configuration to the service, and say what to do."
    )
    doctor.add_argument("--json", action="store_true", help="print a JSON object, ask nobody")
    command("report", "Print a report for somebody who is to find a mistake; without names.")
    command("wiring", "Print a picture (SVG) of how to wire button and light to these pins.")
    command("press", "Press the button of the running daemon.")
    command("status", "Print the status of the daemon, and what to do if there is a problem.")
    _add_playlists(
        command("playlists", "Build playlists from your own music; show, plot and publish them.")
    )
    command("config", "Print the configuration: every key with its meaning, range and value.")
    return parser


def _add_playlists(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    def action(name: str, help: str) -> argparse.ArgumentParser:
        return actions.add_parser(name, help=help, description=help)

    build = action("build", "Build the playlists from a CSV of your own tracks.")
    build.add_argument("table", type=Path, metavar="MY.csv", help="as exported by Exportify")
    build.add_argument(
        "--enrich",
        choices=["reccobeats"],
        help="get missing features from ReccoBeats, a free service",
    )
    show = action("show", "Print a playlist for an emotion, and why its tracks are in it.")
    show.add_argument("--json", action="store_true", help="print a JSON object")
    plot = action("plot", "Draw the clusters, the emotions, and a playlist for one of them.")
    plot.add_argument(
        "--output",
        type=Path,
        default=Path("playlists.png"),
        metavar="FILE",
        help="the PNG to write (default: %(default)s)",
    )
    for chosen in (show, plot):
        chosen.add_argument(
            "emotion",
            type=_one_of(Emotion),
            metavar="EMOTION",
            help=", ".join(Emotion),
        )
        chosen.add_argument(
            "--strategy",
            type=_one_of(Strategy),
            metavar="STRATEGY",
            help=f"{' or '.join(Strategy)}, instead of the configured one",
        )
        chosen.add_argument("--seed", type=int, help="the same seed chooses the same tracks")
    action("publish", "Create a playlist for each emotion in your Spotify account.")
