"""Counts the wasted speculations, and compares the answers with those without speculation.

    python tests/bench/speculation.py [--answers]

A speculation begins at a pause that may be the end of the sentence; it is wasted when the voice
goes on. Counted are all sentences of ``speech/`` and 300 clips of CREMA-D in EMOTIFY_DATA. With
``--answers`` the mood is recognised with and without speculation in all clips of RAVDESS's first
actor, and in 100 of CREMA-D with three pauses of 0.2 to 0.6 s inserted, after each of which the
voice goes on; the exit status is 1 if any answer differs. It takes one minute, with the answers 4.

                     begun   wasted   answers that were not there
    speech              65     5 %                             0
    cremad             303     2 %                             2

(November 2026.)
"""

import argparse
import random
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from box import DATA
from tqdm import tqdm

from device.config.config import Config
from device.emotion.model import EmotionModel
from device.emotion.speculation import SpeculativeClassifier
from device.microphone import SAMPLE_RATE
from device.microphone.recording import read
from device.mood import Emotion, Mood
from device.speech.endpointing import listen

MOST = 2
PIECE = 1024
HISS = 1e-5


class Counting:
    """A classifier that takes no time, and counts its answers."""

    answers = 0

    def recognise(self, speech: np.ndarray) -> Mood:
        """Always the same."""
        self.answers += 1
        return Mood.certain(Emotion.NEUTRAL)


def live(file: Path, pauses: Iterable[tuple[float, float]] = ()) -> list[np.ndarray]:
    """A recording as a microphone delivers it, with silence after it.

    ``pauses`` are pairs of a place in it, as a share of its length, and of the silence's seconds.
    """
    sound = np.concatenate(list(read(file)))
    hiss = np.random.default_rng(0)
    for share, seconds in sorted(pauses, reverse=True):
        at = round(share * len(sound))
        silence = hiss.normal(0, HISS, round(seconds * SAMPLE_RATE)).astype(np.float32)
        sound = np.concatenate((sound[:at], silence, sound[at:]))
    sound = np.concatenate((sound, hiss.normal(0, HISS, 2 * SAMPLE_RATE).astype(np.float32)))
    return np.split(sound, range(PIECE, len(sound), PIECE))


def count(files: list[Path]) -> str:
    """A row of the table."""
    counting = Counting()
    classifier = SpeculativeClassifier(counting, MOST)
    late = 0
    for file in tqdm(files, disable=None):
        heard = listen(live(file), classifier.speculate)
        if isinstance(heard, np.ndarray):
            before = counting.answers
            classifier.recognise(heard)
            late += counting.answers - before
        classifier.forget()
    share = classifier.wasted / classifier.begun
    return f"{classifier.begun:9}{share:7.0%}{late:30}"


def differing(sounds: Iterable[list[np.ndarray]]) -> tuple[int, int]:
    """How many answers there are, and how many differ from those without speculation."""
    model = EmotionModel.load(Config().models_folder)
    classifier = SpeculativeClassifier(model, MOST)
    answers = different = 0
    for sound in sounds:
        heard = listen(sound, classifier.speculate)
        if isinstance(heard, np.ndarray):
            answers += 1
            different += classifier.recognise(heard) != model.recognise(heard)
        classifier.forget()
        without = listen(sound)
        different += not np.array_equal(heard, without)
    return answers, different


def main(with_answers: bool) -> int:
    """Print the table; 1 if an answer differs."""
    chance = random.Random(1)
    cremad = chance.sample(sorted((DATA / "cremad").rglob("*.*")), 300)
    print("                 begun   wasted   answers that were not there")
    print("    speech  ", count(sorted((DATA / "speech").iterdir())))
    print("    cremad  ", count(cremad))
    if not with_answers:
        return 0
    actor = sorted((DATA / "ravdess" / "Actor_01").iterdir())
    broken = (
        live(file, [(chance.uniform(0.2, 0.8), chance.uniform(0.2, 0.6)) for _ in range(3)])
        for file in cremad[:100]
    )
    wrong = 0
    for what, sounds in (("RAVDESS", map(live, actor)), ("CREMA-D with pauses", broken)):
        answers, different = differing(tqdm(sounds, disable=None))
        print(f"{what}: {different} of {answers} answers differ from those without speculation")
        wrong += different
    return 1 if wrong else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--answers", action="store_true")
    sys.exit(main(parser.parse_args().answers))
