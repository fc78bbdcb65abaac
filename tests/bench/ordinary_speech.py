"""Counts the model's answers to ordinary speech that is not acted.

    python tests/bench/ordinary_speech.py [MODELS]

It uses the sentences in ``speech/`` of EMOTIFY_DATA (default: ../shared/data next to the checkout),
in which people order coffee. Nearly all of them should be neutral, calm or unsure. Prints how often
each emotion was the answer, and how often it was sure.
"""

import os
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from device.emotion.model import EmotionModel
from device.microphone.recording import read
from device.mood import Emotion
from device.speech.endpointing import listen

CHECKOUT = Path(__file__).parents[2]
DATA = Path(os.environ.get("EMOTIFY_DATA", CHECKOUT.parent / "shared" / "data"))
HARSH = (Emotion.ANGRY, Emotion.FEARFUL, Emotion.DISGUST)


def main(models: Path) -> None:
    """Print the counts."""
    model = EmotionModel.load(models)
    answers: Counter[Emotion] = Counter()
    sure: Counter[Emotion] = Counter()
    unheard = 0
    for path in sorted((DATA / "speech").glob("*")):
        speech = listen(read(path))
        if not isinstance(speech, np.ndarray):
            unheard += 1
            continue
        mood = model.recognise(speech)
        answers[mood.emotion] += 1
        sure[mood.emotion] += mood.sure
    print("            answers   sure")
    for emotion in Emotion:
        print(f"{emotion:10}  {answers[emotion]:7}   {sure[emotion]:4}")
    print(f"all         {answers.total():7}   {sure.total():4}   ({unheard} unheard)")
    print(f"surely angry, fearful or disgusted: {sum(sure[emotion] for emotion in HARSH)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else CHECKOUT / "models")
