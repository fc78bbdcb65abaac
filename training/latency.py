"""Latency: how long the answer to a sentence takes."""

import time

import numpy as np

from device.emotion.model import EmotionModel
from device.microphone import SAMPLE_RATE

SENTENCE_SECONDS = 3


def latency_ms(model: EmotionModel, times: int = 30) -> float:
    """The median processor time from a sentence of three seconds to its mood; one thread."""
    sentence = np.random.default_rng(0).normal(0, 0.1, SENTENCE_SECONDS * SAMPLE_RATE)
    taken = []
    for _ in range(times):
        began = time.process_time()
        model.recognise(sentence.astype(np.float32))
        taken.append(1000 * (time.process_time() - began))
    return float(np.median(taken))
