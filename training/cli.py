"""``emotify-train``: makes the model, the playlists and the pictures that Emotify comes with."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from device.clock import SystemClock
from device.emotion.encoder import ENCODER_FILE
from device.errors import EmotifyError
from device.playlist.playlist import PLAYLISTS_FILE
from device.playlist_builder.build import BUILT_IN, build_own
from device.playlist_builder.reccobeats import ReccoBeats
from training.emotion.baseline import baseline
from training.emotion.cache import CACHE
from training.emotion.corpora import corpora
from training.emotion.evaluation import ROOMS_FILE, TEST_FILE, compare, evaluate, predictions
from training.emotion.features import FeatureCache, speech_of
from training.emotion.household_figures import HouseholdFigures
from training.emotion.lives import live
from training.emotion.owner import by_tendencies
from training.emotion.pipeline import MODELS, QUANTISATIONS, TAPS, convert_encoder, run_all
from training.emotion.report import CARD_FILE, report
from training.emotion.runs import RUNS, run_of
from training.emotion.settings import Settings
from training.emotion.train import quantise, train
from training.music.playlists import SCALE_TRACKS, print_scale, print_score, write_starter
from training.music.review import print_lists, print_presses

Command = Callable[[argparse.Namespace], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``emotify-train``; returns the exit status."""
    args = _parser().parse_args(arguments)
    try:
        args.command(args)
    except EmotifyError as error:
        print(f"emotify-train: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("emotify-train: stopped; what is finished is kept.", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="emotify-train",
        description="Make the model, the playlists and the pictures that Emotify comes with.",
    )
    command = _commands(parser)
    _add_encoder_arguments(
        command("encoder", _encoder, "convert the first blocks of Whisper's encoder to TFLite")
    )
    features = command(
        "features",
        _features,
        "compute the features of all recordings",
        "The endpointer cuts the speech out of every recording, and the encoder turns it and its "
        f"augmented variants into features. They are kept in {CACHE}/, so this can be stopped at "
        "any time and continues where it was.",
    )
    _add_data(features)
    _add_encoder(features)
    _add_jobs(features)
    _add_run(
        command(
            "baseline",
            _baseline,
            "print the UAR of a logistic regression on the same features",
            "It is fitted to the mean and the deviation over time of the features, for every fold "
            "and every corpus left out.",
        )
    )
    _add_run(
        command(
            "train",
            _train,
            "train a network for each fold and each corpus left out, and one on all recordings",
            "The folds are the five speaker-independent folds of RAVDESS. Finished networks are "
            "kept, so this can be stopped at any time.",
        )
    )
    _add_run(
        command(
            "quantise",
            lambda args: quantise(run_of(args), args.jobs),
            "convert every trained network of a run to TFLite",
        )
    )
    _add_run(
        command(
            "evaluate",
            lambda args: evaluate(run_of(args), args.jobs),
            "print how good the networks of a run are",
            "Every quantised network classifies the clips of the speakers that were kept out of "
            "its training, one at a time through the device's own code.",
        )
    )
    _add_run(
        command(
            "household",
            _household,
            "print how much better the networks of a run are when they know the household",
            "Every network answers to each clip again, after 5, 15 and 40 other sentences of the "
            "same speaker, or of several; and a simulated owner refuses wrong moods.",
        )
    )
    command(
        "compare",
        lambda args: print(compare(RUNS)),
        "print the settings in which the runs differ, and the UAR of their networks",
        f"A row for each evaluated run below {RUNS}/, without temperature and prior: on RAVDESS's "
        "folds, on the same in rooms, and on each corpus left out.",
    )
    _add_report_arguments(
        command(
            "report",
            _report,
            "write the model card and its pictures",
            "Every figure is computed from the tables of predictions beside the model; no "
            "recordings are needed.",
        )
    )
    _add_run(
        command(
            "all",
            _all,
            "do everything, from the recordings to the model and its card",
            f"The result is in {MODELS}/ (with --quick in the run's folder). What is finished "
            "already is kept.",
        )
    )
    light = command("light", _light, "draw the picture of the light's states for the README")
    _add_output(light, Path("device/light/states.png"))
    _add_playlists(
        command("playlists", None, "make the playlists that Emotify comes with, and score them")
    )
    return parser


def _commands(parser: argparse.ArgumentParser) -> Callable[..., argparse.ArgumentParser]:
    """Adds commands to a parser, from name, function and help."""
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, run: Command | None, help: str, more: str = ""
    ) -> argparse.ArgumentParser:
        """A command; ``more`` is printed in its own help only."""
        description = f"{help[0].upper()}{help[1:]}. {more}".rstrip()
        added = commands.add_parser(name, help=help, description=description)
        added.set_defaults(command=run)
        return added

    return command


# --- commands -----------------------------------------------------------------


def _encoder(args: argparse.Namespace) -> None:
    taps = tuple(args.taps)
    convert_encoder(args.weights, taps, args.quantisation, args.output, args.calibration)
    print(f"{args.output}: {args.output.stat().st_size / 1e6:.1f} MB")


def _features(args: argparse.Namespace) -> None:
    found = corpora(args.data)
    FeatureCache(args.encoder, args.data).fill(found, Settings().variants, args.jobs)
    for name, clips in found.items():
        unheard = sum(not len(speech) for speech in speech_of(clips).values())
        print(f"{name}: {len(clips)} clips, {unheard} in which the endpointer finds no speech")


def _baseline(args: argparse.Namespace) -> None:
    run = run_of(args)
    run.features.fill(run.corpora, 0, args.jobs)
    baseline(run, args.jobs)


def _train(args: argparse.Namespace) -> None:
    run = run_of(args)
    run.fill(args.jobs)
    train(run, args.jobs)


def _household(args: argparse.Namespace) -> None:
    run = run_of(args)
    live(run, args.jobs)
    print(HouseholdFigures.of(run).text())
    folds, in_rooms = (predictions(run.folds, file) for file in (TEST_FILE, ROOMS_FILE))
    owners = by_tendencies(folds, in_rooms, predictions(run.left_out, TEST_FILE))
    print(f"\nA simulated owner:\n\n{owners}")


def _report(args: argparse.Namespace) -> None:
    report(args.models)
    print(f"Written: {args.models / CARD_FILE}")


def _all(args: argparse.Namespace) -> None:
    run = run_of(args)
    folder = run.folder / "models" if args.quick else MODELS
    run_all(run, args.jobs, folder)
    print(f"The model and its card are in {folder}")


def _light(args: argparse.Namespace) -> None:
    from training.light import draw

    draw(args.output)
    print(f"Drawn in {args.output}")


def _build(args: argparse.Namespace) -> None:
    url = args.reccobeats
    build_own(args.table, args.output, ReccoBeats(url, args.cache, SystemClock()) if url else None)


# --- arguments ----------------------------------------------------------------


def _add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        type=Path,
        default=Path(os.environ.get("EMOTIFY_DATA", "../shared/data")),
        metavar="DIR",
        help="folder of the recordings, with ravdess/ in it "
        "(default: $EMOTIFY_DATA, or ../shared/data)",
    )


def _add_encoder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--encoder",
        type=Path,
        default=MODELS / ENCODER_FILE,
        metavar="FILE",
        help="the encoder that computes the features (default: %(default)s)",
    )


def _add_jobs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--jobs",
        type=int,
        default=os.cpu_count() or 1,
        metavar="N",
        help="processes at the same time, each with one thread (default: one for each core)",
    )


def _add_output(parser: argparse.ArgumentParser, default: Path) -> None:
    parser.add_argument(
        "--output",
        type=Path,
        default=default,
        metavar="FILE",
        help="the file to write (default: %(default)s)",
    )


def _add_run(parser: argparse.ArgumentParser) -> None:
    """The arguments that name a run and its settings."""
    _add_data(parser)
    _add_encoder(parser)
    _add_jobs(parser)
    parser.add_argument(
        "--name",
        default=None,
        metavar="NAME",
        help=f"the run's results are in {RUNS}/NAME (default: first, or quick with --quick)",
    )
    parser.add_argument(
        "--seeds",
        type=int,
        default=1,
        metavar="N",
        help="train each fold N times with different seeds (default: 1)",
    )
    parser.add_argument(
        "--set",
        type=_setting,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="change a setting; `folds=0` trains only the networks for the corpora left out, which "
        "is how settings are chosen",
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="a tiny network on a few clips: tests the pipeline, the model is useless",
    )


def _setting(text: str) -> tuple[str, int | float | str]:
    name, _, value = text.partition("=")
    known = asdict(Settings())
    if name not in known:
        raise argparse.ArgumentTypeError(f"{name} is none of {', '.join(known)}")
    kind = type(known[name])
    try:
        return name, kind(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{name} is no {kind.__name__}: {value!r}") from error


def _add_encoder_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--weights",
        type=Path,
        default=Path("../shared/data/whisper-base/model.safetensors"),
        metavar="FILE",
        help="safetensors file with Hugging Face's names, such as that of openai/whisper-base "
        "(default: %(default)s)",
    )
    parser.add_argument(
        "--taps",
        type=int,
        nargs="+",
        default=TAPS,
        metavar="BLOCK",
        help="blocks whose outputs are the features (default: 2 3 4)",
    )
    parser.add_argument(
        "--quantisation",
        choices=QUANTISATIONS,
        default="dynamic",
        help="the type of the weights and of the arithmetic (default: %(default)s)",
    )
    parser.add_argument(
        "--calibration",
        type=Path,
        metavar="FILE",
        help=".npy of log-mel spectrograms [shape=(n, frames, 80)], from which int8 takes the "
        "ranges of values",
    )
    _add_output(parser, MODELS / ENCODER_FILE)


def _add_report_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--models",
        type=Path,
        default=MODELS,
        metavar="DIR",
        help="folder of the model (default: %(default)s)",
    )


def _add_playlists(parser: argparse.ArgumentParser) -> None:
    command = _commands(parser)
    starter = command(
        "starter",
        lambda args: write_starter(args.data, args.output),
        "make the playlists that Emotify comes with",
    )
    build = command("build", _build, "make playlists from a table of one's own tracks")
    build.add_argument("table", type=Path, metavar="CSV")
    build.add_argument("--reccobeats", metavar="URL", help="get missing features from there")
    build.add_argument(
        "--cache",
        type=Path,
        default=Path("reccobeats.jsonl"),
        metavar="FILE",
        help="cache of the answers from there (default: %(default)s)",
    )
    score = command(
        "score",
        lambda args: print_score(args.table, args.playlists, args.data),
        "score the playlists with music that people have labelled",
    )
    score.add_argument("table", type=Path, metavar="LABELLED.csv")
    read = command(
        "read",
        lambda args: print_lists(args.playlists, args.seeds),
        "print the lists of all emotions with both strategies, for a person to read",
    )
    read.add_argument("--seeds", type=int, nargs="+", default=(1, 2), metavar="SEED")
    presses = command(
        "presses",
        lambda args: print_presses(args.playlists, args.seed),
        "count what comes again from press to press",
    )
    presses.add_argument("--seed", type=int, default=0)
    for each in (score, read, presses):
        each.add_argument(
            "--playlists",
            type=Path,
            default=BUILT_IN,
            metavar="FILE",
            help="the playlists (default: those that Emotify comes with)",
        )
    scale = command(
        "scale",
        lambda args: print_scale(args.tracks),
        "measure time and memory of building playlists from many synthetic tracks",
    )
    scale.add_argument("--tracks", type=int, nargs="+", default=SCALE_TRACKS, metavar="N")
    for each in (starter, score):
        _add_data(each)
    for each in (starter, build):
        _add_output(each, MODELS / PLAYLISTS_FILE)


if __name__ == "__main__":
    sys.exit(main())
