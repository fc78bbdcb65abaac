"""Training and quantising the networks of a run: one for each fold, and one for the device.

A network that is finished is not trained again; one that was interrupted starts again.
"""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from device.emotion.model import MODEL_FILE
from training.emotion.corpora import Clip, DataError
from training.emotion.features import PLAIN, variants
from training.emotion.household import shifted_for_households
from training.emotion.linear import Linear, Projection, importance, statistics
from training.emotion.predictions import number
from training.emotion.processes import in_processes
from training.emotion.runs import Part, Run
from training.emotion.settings import Settings

if TYPE_CHECKING:
    from training.emotion.fitting import Sentence

WEIGHTS_FILE = "weights.h5"
PROJECTION_FILE = "projection.npz"
LINEAR_FILE = "linear.npz"
HISTORY_FILE = "history.csv"

MINUTES_A_FOLD = 2
"""For what the networks of a fold share, with a process on each of two threads of one core."""

MINUTES_A_NETWORK = 8


def train(run: Run, jobs: int) -> None:
    """Train the networks of a run that are not trained yet."""
    run.begin()
    missing: dict[str, list[Part]] = defaultdict(list)
    for part in run.parts:
        if not (part.folder / WEIGHTS_FILE).exists():
            missing[part.fold.name].append(part)
    count = sum(map(len, missing.values()))
    minutes = MINUTES_A_FOLD * -(-len(missing) // jobs) + MINUTES_A_NETWORK * -(-count // jobs)
    print(f"training: {count} networks, about {minutes} minutes in all", flush=True)
    in_processes(train_parts, [(run, parts) for parts in missing.values()], jobs, "training")


def train_parts(run: Run, parts: Sequence[Part]) -> str:
    """Train networks of one fold on the clips in which the endpointer finds speech.

    Parameters
    ----------
    run : Run
        Its clips that are kept out of the fold's training are not read.
    parts : sequence of Part
        Of one fold. Projection and linear path are written into the folder that they share.
    """
    started = time.monotonic()
    sentences, origin = _sentences(run, parts[0])
    for part in parts:
        train_part(part, sentences, origin, run.settings)
    seeds = ", ".join(str(part.seed) for part in parts)
    return f"{parts[0].fold.name}, seeds {seeds}, {time.monotonic() - started:.0f} s"


def train_part(
    part: Part, sentences: Sequence["Sentence"], origin: np.ndarray, settings: Settings
) -> None:
    """Train one network, see :func:`training.emotion.fitting.fit`; weights and history are written
    into its folder."""
    from training.emotion.fitting import fit

    started = time.monotonic()
    part.folder.mkdir(parents=True, exist_ok=True)
    with (part.folder / HISTORY_FILE).open("w", encoding="utf-8") as history:
        print("epoch,loss,seconds", file=history, flush=True)

        def write_epoch(epoch: int, logs: dict[str, float]) -> None:
            seconds = time.monotonic() - started
            print(f"{epoch + 1},{logs['loss']:.4f},{seconds:.0f}", file=history, flush=True)

        model = fit(sentences, origin, settings, part.seed, write_epoch)
    _save_weights(model, part.folder / WEIGHTS_FILE)


def quantise(run: Run, jobs: int) -> None:
    """Convert the networks of a run that are not converted yet to TFLite.

    Raises
    ------
    DataError
        A network is not trained.
    """
    for part in run.parts:
        if not (part.folder / WEIGHTS_FILE).exists():
            raise DataError(f"{part.folder} holds no network; run `emotify-train train` first.")
    run.begin()
    missing = [part for part in run.parts if not (part.folder / MODEL_FILE).exists()]
    in_processes(quantise_part, [(part, run.settings) for part in missing], jobs, "quantising")


def quantise_part(part: Part, settings: Settings) -> str:
    """Convert one network together with its projection and its linear path."""
    from training.emotion.conversion import network_to_tflite
    from training.emotion.network import build_model

    projection = Projection.read(part.shared / PROJECTION_FILE)
    linear = Linear.read(part.shared / LINEAR_FILE)
    sizes = projection.components.shape[1], len(linear.mean)
    model = build_model(*sizes, settings, padded=False)
    model.load_weights(part.folder / WEIGHTS_FILE)
    content = network_to_tflite(model, projection, linear, settings.quantisation)
    (part.folder / MODEL_FILE).write_bytes(content)
    return f"{part.title}, {len(content) / 1024:.0f} KiB"


def _sentences(run: Run, part: Part) -> tuple[list["Sentence"], np.ndarray]:
    """The training set of a fold, and the standardised statistics of nothing; projection and linear
    path are fitted if they do not exist."""
    from training.emotion.fitting import Sentence

    training_set = _training_set(run, part)
    part.shared.mkdir(parents=True, exist_ok=True)
    fitted = (part.shared / LINEAR_FILE).exists()
    if not fitted:
        plain = [run.features.of(own) for own in training_set.values()]
        Projection.fit(plain, run.settings.components).write(part.shared / PROJECTION_FILE)
        del plain
    projection = Projection.read(part.shared / PROJECTION_FILE)
    frames_of, rows, whole, speakers = [], [], [], []
    for number_of_variant, (clips, frames) in enumerate(_variants(run, training_set)):
        for one in frames:
            standardised = projection.standardised(one)
            frames_of.append(projection(standardised))
            rows.append(statistics(standardised))
        whole += clips
        speakers += [(number_of_variant, clip.speaker) for clip in clips]
    if not fitted:
        emotions = [number(clip.emotion) for clip in whole]
        weights = importance([clip.corpus for clip in whole], emotions, run.settings)
        shifted = shifted_for_households(np.array(rows), speakers)
        linear = Linear.fit(shifted, emotions, weights, run.settings.linear_strength)
        linear.write(part.shared / LINEAR_FILE)
    linear = Linear.read(part.shared / LINEAR_FILE)
    sentences: dict[Clip, Sentence] = {}
    for clip, projected, row in zip(whole, frames_of, rows, strict=True):
        empty = Sentence(clip.corpus, clip.emotion, clip.perceived, [], [], clip.speaker)
        sentence = sentences.setdefault(clip, empty)
        sentence.variants.append(projected)
        sentence.statistics.append(linear.standardised(row).astype(np.float16))
    return list(sentences.values()), linear.standardised(np.zeros_like(linear.mean))


def _training_set(run: Run, part: Part) -> dict[str, list[Clip]]:
    """The training clips of every corpus in which there is speech."""
    chosen = {}
    for name, clips in run.corpora.items():
        own = [clip for clip in clips if part.fold.trains_on(clip)]
        frames = run.features.of(own)
        own = [clip for clip, one in zip(own, frames, strict=True) if len(one)]
        if own:
            chosen[name] = own
    return chosen


def _variants(
    run: Run, training_set: dict[str, list[Clip]]
) -> Iterator[tuple[list[Clip], list[np.ndarray]]]:
    """The clips of each corpus with their features, once for each variant."""
    for name, clips in training_set.items():
        for variant in (PLAIN, *variants(run.corpora[name], run.settings.variants)):
            yield clips, run.features.of(clips, variant)


def _save_weights(model: Any, path: Path) -> None:
    """Save the weights of a Keras model: the whole file, or none when it is interrupted."""
    unfinished = path.with_name(f"part-{path.name}")
    model.save_weights(unfinished)
    unfinished.replace(path)
