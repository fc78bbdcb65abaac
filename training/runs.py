"""Runs: a folder for each, with its recipe and one folder for every network that it trains."""

import argparse
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from training.corpora import Clip, DataError
from training.folds import FOLDS, Fold
from training.settings import Settings

RUNS = Path("runs")


_TRAINING = ("augmentation", "calibration", "conversion", "fitting", "folds", "network", "train")
_DEVICE = ("emotion", "features", "interpreter", "recording", "sound", "speech")

ALL_ACTORS = -1
"""In the place of a fold's number: nobody is left out."""


@dataclass(frozen=True)
class Part:
    """One network of a run.

    Attributes
    ----------
    folder : Path
        Holds ``weights.h5``, ``front_end.json`` and ``history.csv`` once it is trained,
        ``emotion.tflite`` and ``emotion.json`` once it is quantised, and ``predictions.csv.gz``
        once it has been evaluated.
    seed : int
    number : int
        Of the fold; :data:`ALL_ACTORS` for the network that ships.
    """

    folder: Path
    seed: int
    number: int

    @property
    def fold(self) -> Fold:
        """Who is kept out of training: nobody, for the network that ships."""
        return Fold(frozenset(), frozenset()) if self.number == ALL_ACTORS else FOLDS[self.number]

    @property
    def title(self) -> str:
        """For people."""
        which = "all actors" if self.number == ALL_ACTORS else f"fold {self.number}"
        return f"{which}, seed {self.seed}"


@dataclass(frozen=True)
class Run:
    """A recipe and the networks made by it.

    Attributes
    ----------
    folder : Path
    settings : Settings
    """

    folder: Path
    settings: Settings

    @property
    def folds(self) -> list[Part]:
        """A part for each fold and seed."""
        return [
            Part(self.folder / f"seed{seed}-fold{number}", seed, number)
            for seed in range(self.settings.seeds)
            for number in range(self.settings.folds)
        ]

    @property
    def shipped(self) -> Part:
        """The network for the device, trained on all actors."""
        return Part(self.folder / "shipped", 0, ALL_ACTORS)

    def begin(self, clips: Sequence[Clip]) -> None:
        """Write down the recipe: the settings, the code and the recordings.

        Raises
        ------
        DataError
            The folder holds a run by another recipe, whose figures are not those of this one.
        """
        path = self.folder / "settings.json"
        recipe = asdict(self.settings) | {"code": _digest_of_code(), "data": _digest_of(clips)}
        recipe = json.loads(json.dumps(recipe))
        if path.exists():
            known = json.loads(path.read_text(encoding="utf-8"))
            changed = [key for key in recipe if key != "seeds" and known.get(key) != recipe[key]]
            if changed:
                raise DataError(
                    f"{self.folder} holds a run by another recipe ({', '.join(changed)}); choose "
                    "a --name."
                )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(recipe, indent=1) + "\n", encoding="utf-8")


def _digest_of_code() -> str:
    """Of the modules that decide what a network learns and what it answers."""
    root = Path(__file__).resolve().parent.parent
    sources = (root / "training" / f"{name}.py" for name in _TRAINING)
    heard = (root / "device" / f"{name}.py" for name in _DEVICE)
    return _digest(path.read_bytes() for path in (*sources, *heard))


def _digest_of(clips: Sequence[Clip]) -> str:
    sizes = (clip.path.stat().st_size if clip.path.exists() else 0 for clip in clips)
    return _digest(f"{c.name} {size}".encode() for c, size in zip(clips, sizes, strict=True))


def _digest(parts: Iterable[bytes]) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()[:16]


def clips_of(clips: Sequence[Clip], quick: bool) -> list[Clip]:
    """The clips that a run uses: all, or for a quick one the first of each emotion and actor."""
    if not quick:
        return list(clips)
    firsts = {(clip.speaker, clip.emotion): clip for clip in reversed(clips)}
    return sorted(firsts.values(), key=lambda clip: clip.name)


def run_of(args: argparse.Namespace) -> Run:
    """The run that the arguments name."""
    settings = replace(Settings.quick() if args.quick else Settings(), seeds=args.seeds)
    return Run(RUNS / (args.name or ("quick" if args.quick else "first")), settings)
