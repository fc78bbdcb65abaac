"""``emotify-train playlists``: from tables of tracks to the music that the device chooses from.

    playlists starter          the map and the playlists that Emotify comes with
    playlists build MY.csv     the same clusters for one's own tracks
    playlists plot             a picture of the plane
    playlists score TABLE.csv  how well music lands where people feel it
    playlists scale            time and memory on many synthetic tracks

``emotify playlists build`` and ``plot`` run these in a process of their own.
"""

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from device.clock import SystemClock
from device.config.config import Config
from device.errors import EmotifyError, PlaylistsError
from device.playlist.tracks import Music
from training.arguments import add_data
from training.music.build import build, document, write
from training.music.catalogue import Catalogue, Complaint, read_catalogue
from training.music.clusters import Trial
from training.music.feeling import Feeling, correlations, learn
from training.music.labelled import read_labelled
from training.music.reccobeats import ReccoBeats
from training.music.scale import measure, synthesise
from training.music.score import score

BUILT_IN = Config().models_folder / "playlists.json"
LEAST_POPULARITY = 50
"""Of the starter's tracks: what is little known is more often gone from Spotify."""

SCALE_TRACKS = (1_000, 10_000, 100_000, 1_000_000)

_TOLD_COMPLAINTS = 20


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the sub-command to ``emotify-train``."""
    parser = subparsers.add_parser(
        "playlists",
        help="make the playlists from a table of tracks, and score them",
        description="From tables of tracks to the music that the device chooses from.",
    )
    add_commands(parser)


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Add what can be done with playlists."""
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Any, help: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=help, description=help)
        added.set_defaults(run=run)
        return added

    starter = command("starter", run_starter, "make the playlists that Emotify comes with")
    add_data(starter)
    _add_output(starter)

    own = command("build", run_build, "make playlists from a table of one's own tracks")
    own.add_argument("table", type=Path, metavar="CSV")
    own.add_argument("--reccobeats", metavar="URL", help="ask there for missing features")
    own.add_argument(
        "--cache",
        type=Path,
        default=Path("reccobeats.jsonl"),
        metavar="FILE",
        help="keeps what was found there (default: %(default)s)",
    )
    _add_output(own)

    scored = command("score", run_score, "score the playlists by music that people have labelled")
    scored.add_argument("table", type=Path, metavar="LABELLED.csv")
    scored.add_argument(
        "--playlists",
        type=Path,
        default=BUILT_IN,
        metavar="FILE",
        help="what is scored (default: the playlists that Emotify comes with)",
    )
    add_data(scored)

    plot = command("plot", run_plot, "draw the plane with the clusters and the chosen tracks")
    plot.add_argument("playlists", type=Path, metavar="FILE")
    plot.add_argument("--output", type=Path, default=Path("playlists.png"), metavar="PNG")
    plot.add_argument("--title", default="", metavar="TEXT")
    plot.add_argument(
        "--chosen", default="[]", metavar="JSON", help="[[valence, arousal, position], ...]"
    )

    scale = command("scale", run_scale, "measure time and memory on many synthetic tracks")
    scale.add_argument("--tracks", type=int, nargs="+", default=SCALE_TRACKS, metavar="N")


def run_starter(args: argparse.Namespace) -> int:
    """Learn the map, cluster the starter table, and say what came of it."""
    labelled = read_labelled(args.data / "tracks" / "human_moods.csv")
    feeling = learn(labelled)
    heard = correlations(feeling, labelled)
    print(f"The map from features to feeling, learnt from {len(labelled)} tracks;")
    print("Pearson's r with the listeners' valence and arousal:")
    print(f"  the map, on artists it has not learnt from  {_pair(heard['map'])}")
    print(f"  Spotify's own valence and energy            {_pair(heard['raw'])}")
    table = _starter_table(args.data)
    source = {
        "tracks": "TidyTuesday 2020-01-21, spotify_songs.csv (CC0), songs of popularity "
        f"{LEAST_POPULARITY} or more",
        "feeling": "human_moods.csv: Deezer mood detection data set (Delbouys et al. 2018)",
        "sha256": _digest(table),
    }
    return _make(table, starter(args.data), feeling, source, args.output)


def run_build(args: argparse.Namespace) -> int:
    """Cluster somebody's own tracks."""
    fill = ReccoBeats(args.reccobeats, args.cache, SystemClock()) if args.reccobeats else None
    catalogue = read_catalogue(args.table, fill)
    source = {"tracks": args.table.name, "sha256": _digest(args.table)}
    return _make(args.table, catalogue, shipped_map(), source, args.output)


def run_score(args: argparse.Namespace) -> int:
    """Print how well labelled music lands, beside what it must beat."""
    labelled = read_labelled(args.table)
    table = _starter_table(args.data)
    catalogue = starter(args.data) if table.exists() else None
    known, scores = score(labelled, read_document(args.playlists), catalogue)
    print(f"{args.table.name}: {len(known)} labelled tracks scored")
    _tell(labelled.complaints)
    if len(known) < len(labelled):
        print(f"{len(labelled) - len(known)} tracks have no features and are not known.")
    if not any(known.artists):
        print("It names no artists, so the map may have learnt from some of these tracks.")
    if catalogue is None:
        print(f"Plain K-Means is not compared: it needs {table}.")
    print(f"{'':49} right quadrant  rank correlation")
    for found in scores:
        print(f"  {found.name:47} {found.share:14.1%} {found.correlation:17.3f}")
    return 0


def run_plot(args: argparse.Namespace) -> int:
    """Draw the picture."""
    from training.music.plot import draw

    draw(Music.load(args.playlists), json.loads(args.chosen), args.title, args.output)
    return 0


def run_scale(args: argparse.Namespace) -> int:
    """Build from ever more synthetic tracks."""
    print("   tracks  seconds       MB")
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "tracks.csv"
        for tracks in args.tracks:
            synthesise(table, tracks)
            cost = measure(table, tracks, Path(folder) / "playlists.json")
            print(f"{tracks:9}  {cost.seconds:7.1f}  {cost.megabytes:7.0f}", flush=True)
    return 0


def shipped_map() -> Feeling:
    """The map from features to feeling that Emotify comes with.

    Raises
    ------
    PlaylistsError, CatalogueError
        When there is none.
    """
    return Feeling.of(read_document(BUILT_IN).get("feeling", {}))


def starter(data: Path) -> Catalogue:
    """The songs of the starter table that are well known.

    Raises
    ------
    CatalogueError
        When the table is not there.
    """
    catalogue = read_catalogue(_starter_table(data))
    return catalogue.take(np.flatnonzero(catalogue.popularity >= LEAST_POPULARITY))


def read_document(file: Path) -> dict[str, Any]:
    """A file of playlists as JSON.

    Raises
    ------
    PlaylistsError
        When it cannot be read.
    """
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PlaylistsError(f"{file}: cannot be read ({error}).") from None


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("models/playlists.json"),
        metavar="FILE",
        help="where the playlists go (default: %(default)s)",
    )


def _make(
    table: Path, catalogue: Catalogue, feeling: Feeling, source: dict[str, Any], output: Path
) -> int:
    print(f"{table.name}: {len(catalogue)} songs, {catalogue.merged} rows merged with others")
    _tell(catalogue.complaints)
    built = build(catalogue, feeling, _tell_trial)
    print(f"{len(built.clusters.centroids)} clusters separate best and are found again best.")
    made = document(built, source)
    write(made, output)
    for number, entry in enumerate(made["clusters"], 1):
        place = f"valence {entry['valence']:.2f}  arousal {entry['arousal']:.2f}"
        print(f"  {number:2}  {entry['songs']:6} songs  {place}  {entry['words']}")
    print(f"{len(made['tracks'])} songs written to {output}")
    return 0


def _starter_table(data: Path) -> Path:
    return data / "tracks" / "spotify_songs.csv"


def _tell(complaints: Sequence[Complaint]) -> None:
    if complaints:
        print(f"{len(complaints)} rows are left out:")
    for complaint in complaints[:_TOLD_COMPLAINTS]:
        print(f"  {complaint}")
    if len(complaints) > _TOLD_COMPLAINTS:
        rest = ", ".join(str(complaint.row) for complaint in complaints[_TOLD_COMPLAINTS:])
        print(f"  and rows {rest}")


def _tell_trial(count: int, trial: Trial) -> None:
    print(
        f"  {count:2} clusters: silhouette {trial.silhouette:.3f}, "
        f"adjusted Rand index over seeds {trial.stability:.3f}"
    )


def _pair(r: tuple[float, float]) -> str:
    return f"valence {r[0]:.2f}  arousal {r[1]:.2f}"


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run without the rest of ``emotify-train``, whose packages a person at home need not have."""
    parser = argparse.ArgumentParser(prog="emotify playlists")
    add_commands(parser)
    args = parser.parse_args(arguments)
    try:
        return args.run(args)
    except EmotifyError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
