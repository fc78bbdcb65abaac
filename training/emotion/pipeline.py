"""The pipeline: from the recordings to the model and its card; the conversion of the encoder."""

from pathlib import Path

from training.emotion import golden
from training.emotion.baseline import baseline
from training.emotion.evaluation import evaluate
from training.emotion.lives import live
from training.emotion.processes import in_processes
from training.emotion.release import release
from training.emotion.report import report
from training.emotion.runs import Run
from training.emotion.train import quantise, train

QUANTISATIONS = ("float", "float16", "dynamic", "int8")

TAPS = (2, 3, 4)
"""Blocks of the encoder whose outputs are the features: together these separate emotions best."""

TOKENS = 4
"""Of 20 ms, in one frame of the features."""

MODELS = Path("models")


def run_all(run: Run, jobs: int, folder: Path = MODELS) -> None:
    """Do every step of a run, and put the model and its card into a folder.

    Raises
    ------
    DataError
        The code computes something else than for the committed model; see
        :mod:`training.emotion.golden`.
    """
    if (MODELS / golden.GOLDEN_FILE).exists():
        golden.check(MODELS)
    run.fill(jobs)
    for step in (baseline, train, quantise, evaluate, live):
        step(run, jobs)
    release(run, folder)
    golden.write(folder)
    report(folder)


def convert_encoder(
    weights: Path,
    taps: tuple[int, ...],
    quantisation: str,
    output: Path,
    calibration: Path | None,
) -> None:
    """Convert the first blocks of Whisper's encoder to TFLite, in a process of its own.

    Parameters
    ----------
    weights : Path
        Safetensors file with Hugging Face's names.
    taps : tuple of int
        Numbers of blocks, from 1.
    quantisation : str
        One of :data:`QUANTISATIONS`.
    output : Path
    calibration : Path or None
        ``.npy`` of log-mel spectrograms [shape=(n, frames, 80)], for int8.

    Raises
    ------
    DataError
        The weights cannot be read, or have fewer blocks.
    """
    arguments = [(weights, taps, quantisation, output, calibration)]
    in_processes(_convert, arguments, jobs=1, what="converting")


def _convert(
    weights: Path,
    taps: tuple[int, ...],
    quantisation: str,
    output: Path,
    calibration: Path | None,
) -> str:
    import numpy as np

    from training.emotion.conversion import encoder_to_tflite
    from training.emotion.whisper import Encoder, Weights

    encoder = Encoder(Weights.read(weights), taps, TOKENS)
    examples = np.load(calibration) if calibration else np.empty((0, 0, 0), np.float32)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(encoder_to_tflite(encoder, quantisation, examples))
    return f"{output.name}, {quantisation}"
