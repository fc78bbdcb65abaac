"""The household: how the voices around the box sound through its microphone, and what was refused.

    household = Household().with_sentence("USB microphone", voice, Emotion.SAD, at=clock.time())
    household.shift("USB microphone")     # is subtracted from each sentence of that microphone
    household.prior()                     # multiplies the probabilities

Every voice, microphone and room shifts the output of the encoder. The mean over the sentences that
were heard before shows this shift, if the moods in them differ enough to cancel out. At home one
mood is often the rule, so the more often it was heard, the less each of its sentences weighs; and
while few other moods were heard, less of the mean is subtracted.

A voice here is the mean over time of the encoder's frames of one sentence, standardised by the
model (:meth:`device.emotion.model.EmotionModel.voice`), so in training its mean is zero.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import exp
from typing import Any, Self

import numpy as np

from device import files
from device.mood import Emotion

FORMAT = 1
"""Version of the layout of the file."""

PRIOR_SENTENCES = 7.0
"""The weight of the mean in training, in sentences: after as many the shift is half of the mean."""

MOOD_VARIANCE = 4.0
"""The variance of a speaker's voice between moods, in variances between speakers: as much as keeps
a household with neutral sentences only from losing (see the model card)."""

MEMORY_SENTENCES = 60
"""A sentence is forgotten by a factor of e after so many others."""

MAX_DISTANCE = 0.4
"""The root mean square over the channels by which a sentence may differ from the mean; the more it
differs beyond that, the less it moves the mean. In the corpora one sentence in a hundred differs by
more from the mean of its speaker, and none by more than 0.63."""

REFUSAL = 0.2
"""A refusal lowers the logarithm of an emotion's prior by so much, at first."""

MAX_REFUSAL = 0.7
"""The logarithm of a prior is never lowered by more: the emotion stays half as likely."""

REFUSAL_DECAY = 0.99
"""After each sentence so much is left of it, half of it after 69 sentences."""

_MAX_MICROPHONES = 8

# Far beyond what can be heard, and still good numbers for the network and for a calendar.
_MAX_MEAN = 100.0
_MAX_TIME = 1e11


@dataclass(frozen=True)
class VoiceMean:
    """The running mean of the voices that were heard through one microphone.

    Attributes
    ----------
    sentences : int > 0
        How many were heard.
    since, until : float
        When the first and the latest of them were heard, in seconds since 1970.
    counts : np.ndarray [shape=(8,), float64 >= 0]
        How many of each emotion were recognised; older ones are forgotten.
    mean : np.ndarray [shape=(channels,), float32]
        In it each emotion has the weight of the square root of its count.
    """

    sentences: int
    since: float
    until: float
    counts: np.ndarray
    mean: np.ndarray

    def with_voice(self, voice: np.ndarray, emotion: Emotion, at: float) -> Self:
        """The mean with one more voice [shape=(channels,)], recognised as an emotion, heard at a
        time."""
        step = voice - self.mean
        distance = float(step @ step / len(step)) ** 0.5
        step = step * (MAX_DISTANCE / max(distance, MAX_DISTANCE)) ** 2
        counts = (1 - 1 / MEMORY_SENTENCES) * self.counts
        before = np.sqrt(counts).sum()
        counts[list(Emotion).index(emotion)] += 1
        share = 1 - before / np.sqrt(counts).sum()
        mean = (self.mean + share * step).astype(np.float32)
        # Before a Pi has found the time on the network, its clock may be behind.
        until = max(self.until, at)
        return type(self)(self.sentences + 1, self.since, until, counts, mean)

    @property
    def weight(self) -> float:
        """The share of the mean that is subtracted, in 0..1."""
        return weight_of(self.counts)

    @property
    def shift(self) -> np.ndarray:
        """What is subtracted from the standardised frames [shape=(channels,)]."""
        return self.weight * self.mean


def weight_of(
    counts: np.ndarray,
    prior_sentences: float = PRIOR_SENTENCES,
    mood_variance: float = MOOD_VARIANCE,
) -> float:
    """The share of a mean that is subtracted: that of the best linear prediction (Robinson 1991).

    It is the variance of voices over the variance of such means, which vary with the sentences and
    with the moods in them as well.

    Parameters
    ----------
    counts : np.ndarray [shape=(8,), float64 >= 0]
        How many sentences of each emotion are in the mean; not all are 0.
    prior_sentences : float >= 0
    mood_variance : float >= 0

    Returns
    -------
    float in 0..1
    """
    total = np.sqrt(counts).sum()
    # The effective size of a sample with such weights (Kish 1965).
    sentences = total**2 / np.minimum(1, counts).sum()
    # The sum of the squared weights of the emotions, and that of even weights.
    lopsidedness = counts.sum() / total**2 - 1 / len(Emotion)
    return float(1 / (1 + prior_sentences / sentences + mood_variance * lopsidedness))


@dataclass(frozen=True)
class Refusals:
    """The refusals of one emotion.

    Attributes
    ----------
    times : int > 0
    strength : float in 0..0.7
        By how much they lower the logarithm of its prior now.
    """

    times: int
    strength: float


@dataclass(frozen=True)
class Household:
    """What is known of the household; it never changes, every method returns a new one.

    Attributes
    ----------
    voices : mapping of str to VoiceMean
        By the name of the microphone.
    refusals : mapping of Emotion to Refusals
    """

    voices: Mapping[str, VoiceMean] = field(default_factory=dict)
    refusals: Mapping[Emotion, Refusals] = field(default_factory=dict)

    def shift(self, microphone: str) -> np.ndarray | float:
        """What is subtracted from the standardised frames [shape=(channels,)]; 0 for nothing."""
        known = self.voices.get(microphone)
        return known.shift if known else 0.0

    def prior(self) -> np.ndarray:
        """The factor for the probability of each emotion [shape=(8,), float64 in 0.5..1]."""
        none = Refusals(1, 0.0)
        return np.array([exp(-self.refusals.get(emotion, none).strength) for emotion in Emotion])

    def with_sentence(
        self, microphone: str, voice: np.ndarray, emotion: Emotion, at: float
    ) -> Self:
        """The household after one more sentence.

        Parameters
        ----------
        microphone : str
        voice : np.ndarray [shape=(channels,)]
        emotion : Emotion
            What it was recognised as.
        at : float
            Seconds since 1970.
        """
        known = self.voices.get(microphone)
        if known is None:
            known = VoiceMean(0, at, at, np.zeros(len(Emotion)), np.zeros_like(voice))
        others = {name: mean for name, mean in self.voices.items() if name != microphone}
        latest = sorted(others, key=lambda name: others[name].until)[-_MAX_MICROPHONES + 1 :]
        voices = {name: others[name] for name in latest}
        voices[microphone] = known.with_voice(voice, emotion, at)
        faded = {
            emotion: replace(refusals, strength=REFUSAL_DECAY * refusals.strength)
            for emotion, refusals in self.refusals.items()
        }
        return type(self)(voices, faded)

    def with_refusal(self, emotion: Emotion) -> Self:
        """The household after a mood that was shown was said not to be this one."""
        known = self.refusals.get(emotion, Refusals(0, 0.0))
        strength = known.strength + REFUSAL * (1 - known.strength / MAX_REFUSAL)
        return replace(
            self, refusals={**self.refusals, emotion: Refusals(known.times + 1, strength)}
        )

    def text(self, model: str) -> str:
        """The content of the file, for a model with this checksum."""
        voices = {
            name: {
                "sentences": known.sentences,
                "since": round(known.since),
                "until": round(known.until),
                "counts": [round(count, 3) for count in known.counts.tolist()],
                "mean": base64.b64encode(known.mean.astype("<f2").tobytes()).decode(),
            }
            for name, known in self.voices.items()
        }
        refusals = {
            emotion: {"times": known.times, "strength": round(known.strength, 4)}
            for emotion, known in self.refusals.items()
        }
        values = {"format": FORMAT, "model": model, "voices": voices, "refusals": refusals}
        return json.dumps(values)

    @classmethod
    def parse(cls, content: bytes, model: str, channels: int) -> Self:
        """Read the content of the file; one of another model or format is a new household.

        Parameters
        ----------
        content : bytes
        model : str
            Checksum of the model.
        channels : int
            Of its voices.

        Raises
        ------
        ValueError
            It is damaged.
        """
        values = files.parse_json(content)
        if not isinstance(values, dict):
            raise ValueError("it is no JSON object")
        if values.get("format") != FORMAT or values.get("model") != model:
            return cls()
        try:
            voices = {n: _voice_mean(known, channels) for n, known in values["voices"].items()}
            refusals = {Emotion(e): _refusals(known) for e, known in values["refusals"].items()}
        except (KeyError, TypeError, AttributeError, binascii.Error) as error:
            raise ValueError(f"a value is missing or of the wrong kind ({error})") from error
        return cls(voices, refusals)


def _voice_mean(values: dict[str, Any], channels: int) -> VoiceMean:
    mean = np.frombuffer(base64.b64decode(values["mean"], validate=True), "<f2")
    sentences, since, until = (values[name] for name in ("sentences", "since", "until"))
    if len(mean) != channels or not (np.abs(mean) <= _MAX_MEAN).all():
        raise ValueError("a mean of voices is out of range")
    if not (sentences > 0 and 0 <= since <= until <= _MAX_TIME):
        raise ValueError("a count or a time is out of range")
    counts = np.array([float(count) for count in values["counts"]])
    if len(counts) != len(Emotion) or not (counts.sum() > 0 and (counts >= 0).all()):
        raise ValueError("the counts of emotions are out of range")
    return VoiceMean(int(sentences), float(since), float(until), counts, mean.astype(np.float32))


def _refusals(values: dict[str, Any]) -> Refusals:
    refusals = Refusals(int(values["times"]), float(values["strength"]))
    if not (refusals.times > 0 and 0 <= refusals.strength <= MAX_REFUSAL):
        raise ValueError("a refusal is out of range")
    return refusals
