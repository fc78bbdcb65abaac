"""`emotify playlists`: one's own music, what would play and why, its picture, and the account."""

import argparse
import importlib.util
import json
import os
import secrets
import subprocess
import sys
from dataclasses import replace
from typing import Any

from device import assembly
from device.clock import SystemClock
from device.config import config, folders
from device.config.config import Config
from device.errors import PlaylistsError
from device.mood import Emotion, Mood
from device.playlist.playlist import Playlists
from device.playlist.selection import Choice
from device.playlist.tracks import Music
from device.spotify.publishing import publish


def run(args: argparse.Namespace) -> int:
    """Build, show, plot or publish the playlists."""
    settings = config.load(args.config)
    actions = {"build": _build, "show": _show, "plot": _plot, "publish": _publish}
    return actions[args.action](args, settings)


def _build(args: argparse.Namespace, settings: Config) -> int:
    output = assembly.own_music()
    command = ["build", str(args.table), "--output", str(output)]
    if args.enrich:
        cache = folders.state_folder() / "reccobeats.jsonl"
        command += ["--reccobeats", settings.playlists.reccobeats_url, "--cache", str(cache)]
    _train(*command)
    print("The next press chooses from them.")
    return 0


def _show(args: argparse.Namespace, settings: Config) -> int:
    playlists, mood = _playlists(args, settings), _certain(args.emotion)
    # Drawn here, so that it can be told and asked for again.
    seed = secrets.randbelow(10**6) if args.seed is None else args.seed
    selection = playlists.selection(mood, seed)
    playlist, music = selection.playlist, selection.music
    way = playlists.way(mood)
    shown = {"name": playlist.name, "way": way, "seed": seed, "context_uri": playlist.context_uri}
    shown["tracks"] = [_reasons(music, choice) for choice in selection.choices] if music else []
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
    playlists = _playlists(args, settings)
    selection = playlists.selection(_certain(args.emotion), args.seed)
    chosen = [[*choice.step.tolist(), choice.position] for choice in selection.choices]
    title = selection.playlist.name
    _train(
        "plot", str(playlists.file()), "--output", str(args.output), "--title", title,
        "--chosen", json.dumps(chosen),
    )  # fmt: skip
    print(f"Drawn in {args.output}")
    return 0


def _publish(args: argparse.Namespace, settings: Config) -> int:
    music = assembly.playlists(settings)
    memory = folders.state_folder() / "published.json"
    for line in publish(music, assembly.account(settings, SystemClock()), SystemClock(), memory):
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
            f"{' and '.join(missing)} are not installed here, which group and draw the music: in "
            "Emotify's folder, run .venv/bin/pip install '.[playlists]'."
        )
    command = [sys.executable, "-m", "training.playlists", *arguments]
    # One thread: the daemon beside it must still hear the button.
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, env=environment, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise PlaylistsError(done.stderr.strip() or f"{command[2]} ended with {done.returncode}.")
