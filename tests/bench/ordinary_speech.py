"""Counts the model's answers to ordinary speech that is not acted.

    python tests/bench/ordinary_speech.py [MODELS]

It uses the sentences in ``speech/`` of EMOTIFY_DATA (default: ../shared/data next to the checkout),
in which people order coffee. Nearly all of them should be neutral, calm or unsure. Prints how often
each emotion was the answer, and how often it was sure: of a fresh box, and of one that learns from
each sentence.
"""

import os
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from device.emotion.household import Household
from device.emotion.model import EmotionModel
from device.microphone.recording import read
from device.mood import Emotion, Mood
from device.speech.endpointing import listen

CHECKOUT = Path(__file__).parents[2]
DATA = Path(os.environ.get("EMOTIFY_DATA", CHECKOUT.parent / "shared" / "data"))
MICROPHONE = "microphone"
HARSH = (Emotion.ANGRY, Emotion.FEARFUL, Emotion.DISGUST)


def main(models: Path) -> None:
    """Print the counts."""
    model = EmotionModel.load(models)
    fresh, known = Counts(), Counts()
    household, unheard = Household(), 0
    for path in sorted((DATA / "speech").glob("*")):
        speech = listen(read(path))
        if not isinstance(speech, np.ndarray):
            unheard += 1
            continue
        frames = model.encode(speech)
        fresh.add(model.judge(frames))
        mood = model.judge(frames, household.shift(MICROPHONE))
        known.add(mood)
        household = household.with_sentence(MICROPHONE, model.voice(frames), mood.emotion, at=0.0)
    print("            fresh   sure   known   sure")
    for emotion in Emotion:
        print(f"{emotion:10}  {fresh.row(emotion)}   {known.row(emotion)}")
    print(f"all         {fresh.row(*Emotion)}   {known.row(*Emotion)}   ({unheard} unheard)")
    print(f"harsh       {fresh.row(*HARSH)}   {known.row(*HARSH)}   (angry, fearful or disgusted)")


class Counts:
    """How often each emotion was the answer, and how often surely."""

    def __init__(self) -> None:
        self._answers: Counter[Emotion] = Counter()
        self._sure: Counter[Emotion] = Counter()

    def add(self, mood: Mood) -> None:
        """Count one answer."""
        self._answers[mood.emotion] += 1
        self._sure[mood.emotion] += mood.sure

    def row(self, *emotions: Emotion) -> str:
        """Two columns for some emotions together."""
        answers, sure = (sum(c[e] for e in emotions) for c in (self._answers, self._sure))
        return f"{answers:5}   {sure:4}"


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else CHECKOUT / "models")
