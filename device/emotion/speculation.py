"""Speculation: recognising the mood in a sentence before it is certain that it has ended.

    classifier = SpeculativeClassifier(EmotionModel.load(folder), most=2)
    classifier.speculate(speech)             # a pause begins
    mood = classifier.recognise(speech)      # the pause was the end: the answer is there

A sentence is over after 0.7 s of silence. After 0.25 s of it the recognition begins, so that the
mood is there when the sentence is declared over. If the voice goes on, the answer is thrown away.

This belongs to the worker that recognises, and is no state of the state machine: a mood that was
recognised early and one that was not lead to the same light and the same music.
"""

import logging

import numpy as np

from device.emotion.model import Classifier
from device.mood import Mood

_log = logging.getLogger(__name__)


class SpeculativeClassifier:
    """A classifier that may begin before the end of a sentence. It is not thread-safe.

    Parameters
    ----------
    classifier : Classifier
    most : int
        Speculations in one sentence; with 0 there are none.

    Attributes
    ----------
    begun, wasted : int
        Speculations so far, and those whose answer was thrown away.
    """

    def __init__(self, classifier: Classifier, most: int):
        self._classifier = classifier
        self._most = most
        self._in_sentence = 0
        self._answer: tuple[np.ndarray, Mood] | None = None
        self.begun = self.wasted = 0

    def speculate(self, speech: np.ndarray) -> None:
        """Recognise a sentence that may go on; the answer before is thrown away."""
        self._throw_away()
        if self._in_sentence < self._most:
            self._in_sentence += 1
            self.begun += 1
            self._answer = speech, self._classifier.recognise(speech)

    def recognise(self, speech: np.ndarray) -> Mood:
        """See :meth:`device.emotion.model.Classifier.recognise`; the sentence is over."""
        if self._answer and np.array_equal(self._answer[0], speech):
            mood, self._answer = self._answer[1], None
        else:
            mood = self._classifier.recognise(speech)
        self.forget()
        return mood

    def forget(self) -> None:
        """Keep nothing of the sentence."""
        self._throw_away()
        self._in_sentence = 0

    def _throw_away(self) -> None:
        if self._answer:
            self._answer = None
            self.wasted += 1
            _log.debug("The voice went on: %d of %d early answers.", self.wasted, self.begun)
