"""Compares ways to judge a long sentence: whole, in segments, and a part of it.

    python tests/bench/long_sentences.py [--most N]

A sentence of RAVDESS lasts three seconds. A long one is made of the clips of one actor and one
emotion, one after the other, up to ten seconds. Each way is judged twice:

- by a logistic regression on the mean and the deviation of the encoder's frames, which is trained
  on the clips of the other actors (five speaker-independent folds);
- by the committed network. It knows these actors, so compare its figures only with each other.

For each way: UAR of both, and the difference of the network's probabilities to those for the whole
sentence (median of the largest of the eight). It takes seven minutes with tflite-runtime.

                       regression   network   difference
    whole                   0.443     0.812        0.000
    segments of 4 s         0.818     0.974        0.084
    last 5 s                0.802     0.948        0.081
    loudest 5 s             0.812     0.958        0.084

(192 sentences of 6.5 to 10 s, November 2026.) Segments could be encoded while one speaks, but their
answer is not that of the whole sentence to 0.01, and neither is it better than the loudest part.
"""

import argparse
from collections import defaultdict
from collections.abc import Callable

import numpy as np
from box import DATA
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import recall_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from tqdm import tqdm

from device.config.config import Config
from device.emotion.encoder import ENCODER_FILE, loudest_part
from device.emotion.interpreter import Network
from device.emotion.model import MODEL_FILE, classify
from device.features import log_mel
from device.microphone import SAMPLE_RATE
from device.microphone.recording import read
from device.speech.endpointing import LONGEST_SECONDS, listen

MODELS = Config().models_folder
FOLDS = 5
LONG_SECONDS = 6.5

Cut = Callable[[np.ndarray], list[np.ndarray]]


def whole(speech: np.ndarray) -> list[np.ndarray]:
    """The sentence as it is."""
    return [speech]


def segments(seconds: float) -> Cut:
    """Equal segments of at most so many seconds, each encoded by itself."""
    return lambda speech: np.array_split(
        speech, int(np.ceil(len(speech) / (seconds * SAMPLE_RATE)))
    )


def last(seconds: float) -> Cut:
    """The end of the sentence."""
    return lambda speech: [speech[-round(seconds * SAMPLE_RATE) :]]


def loudest(speech: np.ndarray) -> list[np.ndarray]:
    """The part that the device judges."""
    return [loudest_part(speech)]


WAYS: dict[str, Cut] = {
    "whole": whole,
    "segments of 4 s": segments(4),
    "last 5 s": last(5),
    "loudest 5 s": loudest,
}


def encode(encoder: Network, speech: np.ndarray) -> np.ndarray:
    """The frames of all of a sentence."""
    return encoder(log_mel(speech)[None])


def statistics(frames: np.ndarray) -> np.ndarray:
    """Mean and deviation over time."""
    return np.concatenate((frames.mean(axis=0), frames.std(axis=0)))


def main(most: int) -> None:
    """Print the table."""
    encoder = Network((MODELS / ENCODER_FILE).read_bytes())
    network = Network((MODELS / MODEL_FILE).read_bytes())
    said: dict[tuple[int, int], list[np.ndarray]] = defaultdict(list)
    for path in sorted((DATA / "ravdess").glob("*/*.flac")):
        names = path.stem.split("-")
        if isinstance(speech := listen(read(path)), np.ndarray):
            said[int(names[6]), int(names[2]) - 1].append(speech)
    short = [(key, clip) for key, clips in said.items() for clip in clips]
    actors = np.array([actor for (actor, _), _ in short])
    labels = np.array([label for (_, label), _ in short])
    pooled = np.array([statistics(encode(encoder, clip)) for _, clip in tqdm(short, disable=None)])

    joined = {key: np.concatenate(clips) for key, clips in said.items()}
    long = [
        (key, speech[: round(LONGEST_SECONDS * SAMPLE_RATE)])
        for key, speech in sorted(joined.items())
        if len(speech) >= LONG_SECONDS * SAMPLE_RATE
    ][:most]
    true = np.array([label for (_, label), _ in long])
    fold_of = np.array([actor % FOLDS for (actor, _), _ in long])
    results = {}
    for name, cut in tqdm(WAYS.items(), disable=None):
        frames = [
            np.concatenate([encode(encoder, part) for part in cut(speech)]) for _, speech in long
        ]
        results[name] = (
            np.array([statistics(each) for each in frames]),
            np.array([classify(network, each) for each in frames]),
        )
    answers = {name: np.zeros(len(long), int) for name in WAYS}
    for fold in np.unique(fold_of):
        regression = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=500))
        regression.fit(pooled[actors % FOLDS != fold], labels[actors % FOLDS != fold])
        for name, (features, _) in results.items():
            answers[name][fold_of == fold] = regression.predict(features[fold_of == fold])
    print(f"{len(long)} sentences of {LONG_SECONDS} to {LONGEST_SECONDS} s")
    print("                   regression   network   difference")
    for name, (_, chances) in results.items():
        uar = recall_score(true, answers[name], average="macro")
        known = recall_score(true, chances.argmax(axis=1), average="macro")
        far = np.median(np.abs(chances - results["whole"][1]).max(axis=1))
        print(f"{name:18} {uar:10.3f}   {known:7.3f}   {far:10.3f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--most", type=int, default=200, help="at most so many long sentences")
    main(parser.parse_args().most)
