"""Lives: what a box hears of a household before it is asked.

Half of each speaker's clips are heard before, drawn at random with a mix of moods; the network then
answers to each clip of the other half, as on the device. Then the halves change places, so every
clip is asked once for each kind of life.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from sklearn.cluster import KMeans

from device.emotion import household
from device.emotion.household import MOOD_VARIANCE, PRIOR_SENTENCES, Household, VoiceMean, weight_of
from device.emotion.interpreter import Network
from device.emotion.model import MODEL_FILE, Standard, calibrated, classify
from device.mood import Emotion
from training.emotion.cache import digest, write_npz
from training.emotion.calibration import PRIOR
from training.emotion.corpora import Clip
from training.emotion.features import PLAIN
from training.emotion.linear import Projection
from training.emotion.predictions import number
from training.emotion.processes import in_processes
from training.emotion.runs import Part, Run
from training.emotion.train import PROJECTION_FILE

HEARD = (5, 15, 40)
"""The box is asked after so many sentences."""

EVEN, ORDINARY, ONE_MOOD, CALM = MIXES = (
    "even",
    "65 % neutral or calm",
    "60 % one emotion",
    "neutral or calm only",
)

_SHARES = {ORDINARY: 0.65, ONE_MOOD: 0.6, CALM: 1.0}

PEOPLE = (2, 3, 4)
"""So many speakers share a box; they take turns at random, with even moods."""

WAYS = ONE_MEAN, CLUSTERS, OWN_MEAN = ("one mean", "a mean for each cluster", "one for each person")
"""K-Means knows all sentences and the number of people, so it is better than it could be in a box;
so is knowing who speaks."""

OTHER_PRIORS = (PRIOR_SENTENCES / 4, PRIOR_SENTENCES / 2, PRIOR_SENTENCES * 2)
"""Other prior weights of the mean, to choose from, after :data:`CHOICE_HEARD` sentences."""

OTHER_VARIANCES = (0.0, MOOD_VARIANCE / 2, MOOD_VARIANCE * 2)
"""Other variances of moods, to choose from in the same way."""

CHOICE_HEARD = 15

_MICROPHONE = "microphone"


def mixed(mix: str, heard: int) -> str:
    """The name of the answers after so many sentences of a mix."""
    return f"{mix}, {heard} heard"


def weighted(mix: str, prior: float) -> str:
    """The name of the answers with another prior weight."""
    return f"{mix}, prior {prior:g}"


def varied(mix: str, variance: float) -> str:
    """The name of the answers with another variance of moods."""
    return f"{mix}, mood variance {variance:g}"


def shared(way: str, people: int) -> str:
    """The name of the answers for several people."""
    return f"{way}, {people} people"


NAMES = (
    *(mixed(mix, heard) for mix in MIXES for heard in HEARD),
    *(weighted(mix, prior) for mix in MIXES for prior in OTHER_PRIORS),
    *(varied(mix, variance) for mix in MIXES for variance in OTHER_VARIANCES),
    *(shared(way, people) for way in WAYS for people in PEOPLE),
)


def drawn(emotions: np.ndarray, mix: str, count: int, rng: np.random.Generator) -> np.ndarray:
    """Draw sentences with a mix of moods, each of which may come again.

    Parameters
    ----------
    emotions : np.ndarray [shape=(n,), int]
        Of the sentences.
    mix : str
        One of :data:`MIXES`; where it names one emotion, that is drawn as well.
    count : int
    rng : np.random.Generator

    Returns
    -------
    np.ndarray [shape=(count,), int]
        Numbers of sentences.
    """
    kinds = np.unique(emotions)
    shares = np.ones(len(kinds))
    often = kinds == rng.choice(kinds) if mix == ONE_MOOD else kinds < 2
    if mix != EVEN and often.any():
        share = _SHARES[mix]
        shares = np.where(often, share / often.sum(), (1 - share) / max(1, (~often).sum()))
    chosen = rng.choice(kinds, count, p=shares / shares.sum())
    return np.array([rng.choice(np.flatnonzero(emotions == emotion)) for emotion in chosen])


def lives_path(part: Part) -> Path:
    """The file of a network's answers; another one when the code of the household is another."""
    return part.folder / f"lives-{digest((household, sys.modules[__name__]))}.npz"


def live(run: Run, jobs: int) -> None:
    """Let every network of a run answer in lives, if it has not yet."""
    run.begin()
    parts = [part for part in run.evaluated if not lives_path(part).exists()]
    in_processes(live_part, [(run, part) for part in parts], jobs, "living")


def live_part(run: Run, part: Part) -> str:
    """Let one network answer to the clips that were kept out of its training."""
    network = Network((part.folder / MODEL_FILE).read_bytes())
    projection = Projection.read(part.shared / PROJECTION_FILE)
    clips = [clip for clip in run.clips if part.fold.tests_on(clip)]
    standard = Standard(projection.mean, projection.scale)
    lives = Lives(clips, run.features.of(clips, PLAIN), network, standard)
    write_npz(lives_path(part), lives.answers())
    return part.title


class Lives:
    """The lives of the speakers of one corpus.

    Parameters
    ----------
    clips : sequence of Clip
    frames : sequence of np.ndarray [shape=(n, channels)]
        Of each clip; without a frame where there is no speech.
    network : Network
    standard : Standard
        Of the network.
    """

    def __init__(
        self,
        clips: Sequence[Clip],
        frames: Sequence[np.ndarray],
        network: Network,
        standard: Standard,
    ):
        self._network = network
        self._frames = [one.astype(np.float32) for one in frames]
        self._standard = standard
        self._emotions = np.array([number(clip.emotion) for clip in clips])
        nothing = np.zeros(len(standard.mean), np.float32)
        self._voices = np.array(
            [standard.voice(one) if len(one) else nothing for one in self._frames]
        )
        speakers = np.array([clip.speaker for clip in clips])
        heard = np.array([len(one) > 0 for one in frames])
        rng = np.random.default_rng(0)
        self._halves = []
        for speaker in np.unique(speakers):
            own = rng.permutation(np.flatnonzero((speakers == speaker) & heard))
            self._halves.append((own[::2], own[1::2]))

    def answers(self) -> dict[str, np.ndarray]:
        """The probabilities [shape=(clips, 8)] before temperature and prior, for each of
        :data:`NAMES`; NaN where there is no speech."""
        shape = (len(self._frames), len(Emotion))
        answers = {name: np.full(shape, np.nan) for name in NAMES}
        for speaker, halves in enumerate(self._halves):
            for half in (0, 1):
                rng = np.random.default_rng((speaker, half))
                for name, means in self._known(speaker, half, rng):
                    for row in halves[1 - half]:
                        answers[name][row] = self._answer(row, self._nearest(means, row))
        return answers

    def _known(
        self, speaker: int, half: int, rng: np.random.Generator
    ) -> Iterator[tuple[str, list[np.ndarray]]]:
        """For each name what the box may subtract: one mean, or several to choose from."""
        before = self._halves[speaker][half]
        for mix in MIXES:
            heard = self._drawn(before, mix, rng)
            known = self._after(heard)
            for count in HEARD:
                yield mixed(mix, count), [known[count - 1].shift]
            then = known[CHOICE_HEARD - 1]
            for prior in OTHER_PRIORS:
                weight = weight_of(then.counts, prior_sentences=prior)
                yield weighted(mix, prior), [weight * then.mean]
            for variance in OTHER_VARIANCES:
                weight = weight_of(then.counts, mood_variance=variance)
                yield varied(mix, variance), [weight * then.mean]
        everybody = [number for number in range(len(self._halves)) if number != speaker]
        for people in PEOPLE:
            sharing = [speaker, *rng.permutation(everybody)[: people - 1]]
            turns = rng.integers(len(sharing), size=max(HEARD))
            drawn = [self._drawn(self._halves[i][half], EVEN, rng) for i in sharing]
            heard = np.choose(turns, drawn)
            yield shared(ONE_MEAN, people), [self._shift(heard)]
            clusters = KMeans(len(sharing), n_init=3, random_state=0).fit(self._voices[heard])
            each = [heard[clusters.labels_ == label] for label in np.unique(clusters.labels_)]
            yield shared(CLUSTERS, people), [self._shift(own) for own in each]
            yield shared(OWN_MEAN, people), [self._shift(heard[turns == 0])]

    def _drawn(self, rows: np.ndarray, mix: str, rng: np.random.Generator) -> np.ndarray:
        return rows[drawn(self._emotions[rows], mix, max(HEARD), rng)]

    def _answer(self, row: int, shift: np.ndarray | float) -> np.ndarray:
        return classify(self._network, self._standard.shifted(self._frames[row], shift))

    def _after(self, rows: np.ndarray) -> list[VoiceMean]:
        """What the box knows after each of these sentences, which it recognises as it would."""
        home, known = Household(), []
        for row in rows:
            raw = self._answer(row, home.shift(_MICROPHONE))
            emotion = list(Emotion)[calibrated(raw, 1.0, tuple(PRIOR.values())).argmax()]
            home = home.with_sentence(_MICROPHONE, self._voices[row], emotion, at=0.0)
            known.append(home.voices[_MICROPHONE])
        return known

    def _shift(self, rows: np.ndarray) -> np.ndarray:
        """What a box subtracts that has heard these sentences."""
        if not len(rows):
            return np.zeros_like(self._voices[0])
        return self._after(rows)[-1].shift

    def _nearest(self, shifts: list[np.ndarray], row: int) -> np.ndarray:
        return min(shifts, key=lambda shift: float(np.sum((self._voices[row] - shift) ** 2)))
