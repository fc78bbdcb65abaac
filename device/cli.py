"""The command line: `emotify COMMAND`."""

import argparse
import importlib
import os
import sys
from pathlib import Path

from device.config import config, folders
from device.errors import EmotifyError
from device.mood import Emotion
from device.playlist.circumplex import Strategy

_FOUND = Path()
"""In the place of the configuration that is looked for."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its errors become one message and exit status 1."""
    args = _parser().parse_args(arguments)
    command = importlib.import_module(f"device.commands.{args.command}")
    try:
        if args.command != "run":  # Which is who the service manager says.
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
        # Whoever read our output has seen enough; Python must not try to flush the rest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="emotify",
        description="Press a button, say a sentence, and music that fits your mood begins.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, help: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=help, description=help)
        added.add_argument(
            "--config",
            type=Path,
            default=_FOUND,
            metavar="FILE",
            help="the configuration (default: ~/.config/emotify/config.toml, "
            "else /etc/emotify/config.toml, else none)",
        )
        return added

    command("run", "Serve the button, the light and the speaker: the daemon on the Pi.")

    listen = command("listen", "Tell the mood in recordings, or in what the microphone hears now.")
    listen.add_argument("files", nargs="*", metavar="FILE", help="WAV, FLAC or OGG")
    listen.add_argument("--json", action="store_true", help="print one JSON object a line")
    listen.add_argument("--play", action="store_true", help="also start the music")

    simulate = command(
        "simulate",
        "Run the daemon in this terminal: a key is the button, the light is drawn, "
        "and the speaker is a stand-in for Spotify. Everything else is real.",
    )
    simulate.add_argument("--wav", metavar="FILE", help="a recording in the microphone's place")
    simulate.add_argument(
        "--mood",
        type=Emotion,
        choices=list(Emotion),
        help="hear this mood in whatever is said",
    )
    simulate.add_argument(
        "--press-once",
        action="store_true",
        help="press once, end with the round; exit status 0 only if the music started",
    )

    login = command("login", "Log in to Spotify, once every six months.")
    login.add_argument(
        "--playlists", action="store_true", help="also allow `emotify playlists publish`"
    )
    command("logout", "Forget the login to Spotify.")

    speakers = command("speakers", "List the speakers of the account.")
    one = speakers.add_mutually_exclusive_group()
    one.add_argument("--use", metavar="NAME", help="play on this one from now on")
    one.add_argument("--test", metavar="NAME", help="play ten seconds on this one")

    command("status", "Tell how the daemon on this machine is.")
    _add_playlists(
        command("playlists", "One's own music: build, show, plot and publish the playlists.")
    )
    command("config", "Print the configuration in force: every key, its meaning and its range.")
    return parser


def _add_playlists(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    def action(name: str, help: str) -> argparse.ArgumentParser:
        return actions.add_parser(name, help=help, description=help)

    build = action("build", "Make the playlists from a CSV of one's own tracks.")
    build.add_argument("table", type=Path, metavar="MY.csv", help="as Exportify makes it")
    build.add_argument(
        "--enrich",
        choices=["reccobeats"],
        help="ask ReccoBeats, a free service, for the features that the table lacks",
    )
    show = action("show", "Print what would play for an emotion, and why.")
    show.add_argument("--json", action="store_true", help="print one JSON object")
    plot = action("plot", "Draw the music, the emotions and what would play for one of them.")
    plot.add_argument(
        "--output",
        type=Path,
        default=Path("playlists.png"),
        metavar="FILE",
        help="the picture, a PNG (default: %(default)s)",
    )
    for chosen in (show, plot):
        chosen.add_argument(
            "emotion",
            type=Emotion,
            choices=list(Emotion),
            metavar="EMOTION",
            help=", ".join(Emotion),
        )
        chosen.add_argument(
            "--strategy",
            type=Strategy,
            choices=list(Strategy),
            help="instead of the configured one",
        )
        chosen.add_argument("--seed", type=int, help="the same seed chooses the same tracks")
    action("publish", "Put a playlist for each emotion into one's Spotify account.")
