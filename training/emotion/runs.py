"""Runs: a folder for each, with its recipe and one folder for every network that it trains."""

import argparse
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from device.emotion.household import PRIOR_SENTENCES
from training.emotion.corpora import RAVDESS, Clip, DataError, by_speaker, corpora
from training.emotion.features import FeatureCache
from training.emotion.folds import FOLDS, NOBODY, Fold, without
from training.emotion.settings import Settings

RUNS = Path("runs")
SETTINGS_FILE = "settings.json"

_MORE_NETWORKS = ("seeds", "folds")
"""Settings that existing networks do not depend on."""

_TRAINING = ("conversion", "fitting", "folds", "household", "linear", "network", "train")
_DEVICE = ("emotion/model", "emotion/interpreter")


@dataclass(frozen=True)
class Part:
    """One network of a run.

    Attributes
    ----------
    folder : Path
        Holds ``weights.h5`` and ``history.csv`` after training, ``emotion.tflite`` after
        quantisation, and the tables of its predictions after evaluation.
    seed : int
    fold : Fold
    """

    folder: Path
    seed: int
    fold: Fold

    @property
    def shared(self) -> Path:
        """The folder of the files that do not depend on the seed: ``baseline.json``,
        ``projection.npz`` and ``linear.npz``."""
        return self.folder.parent

    @property
    def title(self) -> str:
        """For people."""
        return f"{self.fold.name}, seed {self.seed}"


@dataclass(frozen=True)
class Run:
    """A recipe and the networks that are trained with it.

    Attributes
    ----------
    folder : Path
    settings : Settings
    corpora : dict of str to list of Clip
        The clips of every corpus.
    features : FeatureCache
        Of these clips.
    """

    folder: Path
    settings: Settings
    corpora: dict[str, list[Clip]]
    features: FeatureCache

    @property
    def folds(self) -> list[Part]:
        """A part for each fold of RAVDESS and seed."""
        folds, seeds = FOLDS[: self.settings.folds], range(self.settings.seeds)
        return [self._part(fold, seed) for seed in seeds for fold in folds]

    @property
    def left_out(self) -> list[Part]:
        """A part for each corpus that is left out; with one seed, because seeds differ less than
        corpora, and each takes ten minutes."""
        return [self._part(without(name), seed=0) for name in self.corpora if name != RAVDESS]

    @property
    def released(self) -> Part:
        """The network for the device, trained on all clips."""
        return self._part(NOBODY, 0)

    @property
    def evaluated(self) -> list[Part]:
        """The networks that are evaluated."""
        return [*self.folds, *self.left_out]

    @property
    def parts(self) -> list[Part]:
        """All networks; without a fold none is released."""
        return [*self.evaluated, *([self.released] if self.settings.folds else [])]

    @property
    def clips(self) -> list[Clip]:
        """Of all corpora."""
        return [clip for clips in self.corpora.values() for clip in clips]

    def fill(self, jobs: int) -> None:
        """Compute the features that the cache does not hold yet; see :class:`FeatureCache`."""
        self.features.fill(self.corpora, self.settings.variants, jobs)

    def _part(self, fold: Fold, seed: int) -> Part:
        return Part(self.folder / fold.name / f"seed{seed}", seed, fold)

    def begin(self) -> None:
        """Write the recipe: settings, and digests of the code, the encoder and the recordings.

        Raises
        ------
        DataError
            The folder holds a run with another recipe.
        """
        path = self.folder / SETTINGS_FILE
        recipe = asdict(self.settings) | {
            "code": _digest_of_code(),
            "prior_sentences": PRIOR_SENTENCES,
            "encoder": self.features.digest,
            "data": _digest_of(self.clips),
        }
        recipe = json.loads(json.dumps(recipe))
        if path.exists():
            known = json.loads(path.read_text(encoding="utf-8"))
            decisive = [key for key in recipe if key not in _MORE_NETWORKS]
            changed = [key for key in decisive if known.get(key) != recipe[key]]
            if changed:
                raise DataError(
                    f"{self.folder} holds a run with another recipe ({', '.join(changed)}); choose "
                    "a --name."
                )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(recipe, indent=1) + "\n", encoding="utf-8")


def _digest_of_code() -> str:
    """Digest of the modules that determine the networks; features have a digest of their own."""
    root = Path(__file__).resolve().parents[2]
    sources = (root / "training" / "emotion" / f"{name}.py" for name in _TRAINING)
    device = (root / "device" / f"{name}.py" for name in _DEVICE)
    return _digest(path.read_bytes() for path in (*sources, *device))


def _digest_of(clips: Sequence[Clip]) -> str:
    sizes = (clip.path.stat().st_size if clip.path.exists() else 0 for clip in clips)
    return _digest(
        f"{c.corpus} {c.name} {c.speaker} {c.emotion} {size}".encode()
        for c, size in zip(clips, sizes, strict=True)
    )


def _digest(parts: Iterable[bytes]) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()[:16]


def clips_of(found: dict[str, list[Clip]], quick: bool) -> dict[str, list[Clip]]:
    """The clips of a run: all, or for a quick one the first of each emotion by all actors of
    RAVDESS, and by one speaker of the smallest other corpus."""
    if not quick:
        return found
    others = sorted((name for name in found if name != RAVDESS), key=lambda n: len(found[n]))
    chosen = {RAVDESS: found[RAVDESS]}
    for name in others[:1]:
        chosen[name] = by_speaker(found[name])[0]
    return {name: _firsts(clips) for name, clips in chosen.items()}


def _firsts(clips: Sequence[Clip]) -> list[Clip]:
    firsts = {(clip.speaker, clip.emotion): clip for clip in reversed(clips)}
    return sorted(firsts.values(), key=lambda clip: clip.name)


def run_of(args: argparse.Namespace) -> Run:
    """The run that the arguments name.

    Raises
    ------
    DataError
        The recordings are not there.
    """
    settings = Settings.quick() if args.quick else Settings()
    settings = replace(settings, **dict(args.set), seeds=args.seeds)
    folder = RUNS / (args.name or ("quick" if args.quick else "first"))
    found = clips_of(corpora(args.data), args.quick)
    return Run(folder, settings, found, FeatureCache(args.encoder, args.data))
