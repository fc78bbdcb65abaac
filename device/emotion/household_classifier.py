"""The classifier that knows its household.

classifier = HouseholdClassifier(model, HouseholdFile(path, ...), lambda: microphone.device)
mood = classifier.recognise(speech)
classifier.learn()                    # the sentence was good: it takes part in the mean
"""

from collections.abc import Callable

import numpy as np

from device.emotion.household_file import HouseholdFile
from device.emotion.model import EmotionModel
from device.mood import Emotion, Mood


class HouseholdClassifier:
    """Subtracts from each sentence how voices sound in this household. It is not thread-safe.

    Parameters
    ----------
    model : EmotionModel
    household : HouseholdFile
    microphone : callable
        Returns the name of the microphone that the sentence was heard through.
    """

    def __init__(
        self, model: EmotionModel, household: HouseholdFile, microphone: Callable[[], str]
    ):
        self._model = model
        self._household = household
        self._microphone = microphone
        self._latest: tuple[str, np.ndarray, Emotion] | None = None

    def recognise(self, speech: np.ndarray) -> Mood:
        """See :meth:`device.emotion.model.Classifier.recognise`."""
        household, microphone = self._household.read(), self._microphone()
        frames = self._model.encode(speech)
        mood = self._model.judge(frames, household.shift(microphone), household.prior())
        self._latest = microphone, self._model.voice(frames), mood.emotion
        return mood

    @property
    def known(self) -> int:
        """How many sentences have been heard through this microphone."""
        voices = self._household.read().voices.get(self._microphone())
        return voices.sentences if voices else 0

    def learn(self) -> None:
        """See :meth:`device.emotion.model.Classifier.learn`."""
        if self._latest:
            self._household.learn(*self._latest)
            self._latest = None

    def refuse(self, emotion: Emotion) -> None:
        """See :meth:`device.emotion.model.Classifier.refuse`."""
        self._household.refuse(emotion)
