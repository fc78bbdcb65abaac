"""`emotify playlists`: one's own music, what would play and why, its picture, and the account."""

import argparse
import importlib.util
import json
import os
import secrets
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from device import assembly, config
from device.choosing import Choice
from device.circumplex import Way
from device.clock import SystemClock
from device.config import Config
from device.errors import PlaylistsError
from device.mood import Emotion, Mood
from device.music import Music
from device.playlist import Playlists
from device.publishing import publish


def run(args: argparse.Namespace) -> int:
    """Do what was asked with the playlists."""
    settings = config.load(args.config)
    actions = {"build": _build, "show": _show, "plot": _plot, "publish": _publish}
    return actions[args.action](args, settings)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be asked."""
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
        "--output", type=Path, default=Path("playlists.png"), metavar="FILE",
        help="the picture, a PNG (default: %(default)s)",
    )  # fmt: skip
    for chosen in (show, plot):
        chosen.add_argument("emotion", type=Emotion, choices=list(Emotion), metavar="EMOTION",
                            help=", ".join(Emotion))  # fmt: skip
        chosen.add_argument("--way", type=Way, choices=list(Way), help="not the configured way")
        chosen.add_argument("--seed", type=int, help="the same seed chooses the same tracks")
    action("publish", "Put a playlist for each emotion into one's Spotify account.")


def _build(args: argparse.Namespace, settings: Config) -> int:
    output = assembly.own_music()
    command = ["build", str(args.table), "--output", str(output)]
    if args.enrich:
        cache = assembly.state_folder() / "reccobeats.jsonl"
        command += ["--reccobeats", settings.playlists.reccobeats_url, "--cache", str(cache)]
    _train(*command)
    print("The next press chooses from them.")
    return 0


def _show(args: argparse.Namespace, settings: Config) -> int:
    playlists, mood = _playlists(args, settings), _certain(args.emotion)
    # Drawn here, so that it can be told and asked for again.
    seed = secrets.randbelow(10**6) if args.seed is None else args.seed
    playlist = playlists.choose(mood, seed)
    way = playlists.way(mood)
    shown = {"name": playlist.name, "way": way, "seed": seed, "context_uri": playlist.context_uri}
    choices = () if playlist.context_uri else playlists.choices(mood, seed)
    shown["tracks"] = [_reasons(playlists.music(), choice) for choice in choices]
    print(json.dumps(shown, ensure_ascii=False) if args.json else _table(shown))
    return 0


def _reasons(music: Music, choice: Choice) -> dict[str, Any]:
    at = choice.position
    track = music.tracks[at]
    valence, arousal = music.place[at].tolist()
    return {
        "uri": track.uri,
        "title": track.title,
        "artist": track.artist,
        "step": [round(float(axis), 3) for axis in choice.step],
        "place": [round(valence, 3), round(arousal, 3)],
        "distance": round(choice.distance, 3),
        "tempo": round(float(music.tempo[at]), 1),
        "energy": round(float(music.energy[at]), 3),
        "cluster": music.words[music.cluster[at]],
    }


def _table(shown: dict[str, Any]) -> str:
    lines = [f"{shown['name']} ({shown['way']}; again with --seed {shown['seed']})"]
    if shown["tracks"]:
        lines.append("    step         place        away   bpm  energy")
    for number, track in enumerate(shown["tracks"], 1):
        step, place = (" ".join(f"{axis:.2f}" for axis in track[key]) for key in ("step", "place"))
        lines.append(
            f"{number:2}  {step}    {place}    {track['distance']:.2f}  {track['tempo']:4.0f}"
            f"    {track['energy']:.2f}  {track['title']} - {track['artist']} ({track['cluster']})"
        )
    return "\n".join(lines)


def _plot(args: argparse.Namespace, settings: Config) -> int:
    playlists, mood = _playlists(args, settings), _certain(args.emotion)
    chosen = [[*choice.step.tolist(), choice.position] for choice in playlists.choices(mood, args.seed)]
    title = playlists.choose(mood, args.seed).name
    _train(
        "plot", str(playlists.file()), "--output", str(args.output), "--title", title,
        "--chosen", json.dumps(chosen),
    )  # fmt: skip
    print(f"Drawn in {args.output}")
    return 0


def _publish(args: argparse.Namespace, settings: Config) -> int:
    music = assembly.playlists(settings)
    memory = assembly.state_folder() / "published.json"
    for line in publish(music, assembly.account(settings), SystemClock(), memory):
        print(line, flush=True)
    return 0


def _playlists(args: argparse.Namespace, settings: Config) -> Playlists:
    wishes = settings.wishes
    if args.way:
        wishes = replace(wishes, ways=dict.fromkeys(Emotion, args.way))
    return assembly.playlists(settings, wishes=wishes)


def _certain(emotion: Emotion) -> Mood:
    return Mood({each: float(each is emotion) for each in Emotion})


def _train(*arguments: str) -> None:
    """Run the training's half of a command, which needs more packages than the device does."""
    missing = [name for name in ("sklearn", "matplotlib") if not importlib.util.find_spec(name)]
    if missing:
        raise PlaylistsError(
            "The packages that group and draw music are not installed here: "
            "pip install 'emotify[playlists]', or do it on another computer."
        )
    command = [sys.executable, "-m", "training.playlists", *arguments]
    # One thread: the daemon beside it must still hear the button.
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, env=environment, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise PlaylistsError(done.stderr.strip() or f"{command[2]} ended with {done.returncode}.")
