"""`emotify playlists`: build, show, plot and publish the playlists."""

import argparse
import importlib.util
import json
import secrets
from dataclasses import replace
from typing import Any

from device import assembly
from device.clock import SystemClock
from device.config import config, folders
from device.config.config import Config
from device.errors import PlaylistsError
from device.mood import Emotion, Mood
from device.playlist.playlist import Playlists
from device.playlist.selection import SelectedTrack
from device.playlist.tracks import MOODS, Explicit, TrackTable
from device.spotify.publishing import publish

_STRONG_MOOD = 0.75
_EXPLICIT = {"yes": "explicit", "probably": "probably explicit"}


def run(args: argparse.Namespace) -> int:
    """Build, show, plot or publish the playlists."""
    settings = config.load(args.config)
    actions = {"build": _build, "show": _show, "plot": _plot, "publish": _publish}
    actions[args.action](args, settings)
    return 0


def _build(args: argparse.Namespace, settings: Config) -> None:
    _check_packages()
    from device.playlist_builder.build import build_own
    from device.playlist_builder.reccobeats import ReccoBeats

    fill = None
    if args.enrich:
        cache = folders.state_folder() / "reccobeats.jsonl"
        fill = ReccoBeats(settings.playlists.reccobeats_url, cache, SystemClock())
    build_own(args.table, assembly.own_music(), fill)
    print("They are used from the next press on.")


def _show(args: argparse.Namespace, settings: Config) -> None:
    playlists, mood = _playlists(args, settings), Mood.certain(args.emotion)
    # Drawn here, so that it can be printed and used again.
    seed = secrets.randbelow(10**6) if args.seed is None else args.seed
    selection = playlists.select(mood, seed)
    playlist, table = selection.playlist, selection.table
    shown = {
        "name": playlist.name,
        "strategy": playlists.strategy(mood),
        "seed": seed,
        "context_uri": playlist.context_uri,
        "tracks": [_reasons(table, each) for each in selection.tracks] if table else [],
    }
    print(json.dumps(shown, ensure_ascii=False) if args.json else _text(shown))


def _reasons(table: TrackTable, selected: SelectedTrack) -> dict[str, Any]:
    index = selected.index
    track = table.tracks[index]
    valence, arousal = table.affect[index].tolist()
    return {
        "uri": track.uri,
        "title": track.title,
        "artist": track.artist,
        "target": [round(float(axis), 3) for axis in selected.target],
        "affect": [round(valence, 3), round(arousal, 3)],
        "distance": round(selected.distance, 3),
        "tempo": round(float(table.tempo[index]), 1),
        "energy": round(float(table.energy[index]), 3),
        "moods": _moods(table, index),
        "explicit": Explicit(table.explicit[index]).name.lower(),
        "cluster": table.labels[table.cluster[index]],
    }


def _moods(table: TrackTable, index: int) -> dict[str, float]:
    """How much of each mood listeners would find in a track."""
    return {m: round(v, 2) for m, v in zip(MOODS, table.moods[index].tolist(), strict=True)}


def _text(shown: dict[str, Any]) -> str:
    lines = [f"{shown['name']} ({shown['strategy']}; again with --seed {shown['seed']})"]
    if shown["tracks"]:
        lines.append("    target       affect   distance   bpm  energy")
    for number, track in enumerate(shown["tracks"], 1):
        target, affect = (
            " ".join(f"{axis:.2f}" for axis in track[key]) for key in ("target", "affect")
        )
        lines.append(
            f"{number:2}  {target}    {affect}    {track['distance']:.2f}  {track['tempo']:4.0f}"
            f"    {track['energy']:.2f}  {track['title']} - {track['artist']} ({_about(track)})"
        )
    return "\n".join(lines)


def _about(track: dict[str, Any]) -> str:
    """The cluster, the strong moods, and whether a track is explicit."""
    parts = [track["cluster"]]
    if strong := [mood for mood, value in track["moods"].items() if value >= _STRONG_MOOD]:
        parts.append(", ".join(strong))
    if words := _EXPLICIT.get(track["explicit"]):
        parts.append(words)
    return "; ".join(parts)


def _plot(args: argparse.Namespace, settings: Config) -> None:
    _check_packages()
    from device.playlist_builder.plot import draw

    playlists = _playlists(args, settings)
    selection = playlists.select(Mood.certain(args.emotion), args.seed)
    table = selection.table or playlists.table()
    draw(table, selection.tracks, selection.playlist.name, args.output)
    print(f"Drawn in {args.output}")


def _publish(args: argparse.Namespace, settings: Config) -> None:
    playlists = assembly.playlists(settings)
    memory = folders.state_folder() / "published.json"
    account = assembly.account(settings, SystemClock())
    for line in publish(playlists, account, SystemClock(), memory):
        print(line, flush=True)


def _playlists(args: argparse.Namespace, settings: Config) -> Playlists:
    preferences = settings.preferences
    if args.strategy:
        preferences = replace(preferences, strategies=dict.fromkeys(Emotion, args.strategy))
    return assembly.playlists(settings, preferences=preferences)


def _check_packages() -> None:
    """Building and drawing need packages that the daemon does without."""
    missing = [name for name in ("sklearn", "matplotlib") if not importlib.util.find_spec(name)]
    if missing:
        raise PlaylistsError(
            f"{' and '.join(missing)} are not installed, which build and draw the playlists: run "
            "`./setup.sh playlists` in Emotify's folder."
        )
