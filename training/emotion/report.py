"""The model card: what the model is, how good it is, and what it cannot do.

Every figure is computed from the tables of predictions beside the model.
"""

import time
from pathlib import Path

import numpy as np

from device.emotion.household import MOOD_VARIANCE, PRIOR_SENTENCES
from device.emotion.model import EmotionModel
from device.microphone import SAMPLE_RATE
from device.mood import Emotion
from training.emotion.calibration import SURE_FACTOR
from training.emotion.figures import Evaluation
from training.emotion.household_figures import HOUSEHOLD_FILE, HouseholdFigures
from training.emotion.owner import by_tendencies
from training.emotion.release import RECIPE_FILE, Recipe, evaluation, released_predictions
from training.emotion.tables import (
    baseline_table,
    by_actor,
    by_coverage,
    by_emotion,
    corpora_table,
    summary,
)

CARD_FILE = "MODEL_CARD.md"
SENTENCE_SECONDS = 3

_CARD = """\
# The emotion model

*Written by `emotify-train report`; every figure is computed from the tables of predictions and
`recipe.json` in this folder. Do not edit.*

**On speakers and microphones that it was never trained on it recognises {left_out_uar:.0%} of the
emotions (mean over {corpora} corpora in several languages, each left out of training as a whole;
chance is 12 to 20 %); in rooms that it was never trained on, with home noise 10 dB below the voice,
{rooms_uar:.0%} of eight; in the studio of RAVDESS, for new actors, {uar:.0%}.** Human listeners
reach 62 % on the clips of RAVDESS.

![UAR of each corpus](corpora.png)

It recognises one of eight emotions in a spoken sentence: neutral, calm, happy, sad, angry, fearful,
disgust, surprised. It uses how something is said, not what is said.

- **Encoder** (`encoder.tflite`): stem and first four blocks of Whisper base (Radford et al. 2022),
  trained by OpenAI on 680,000 hours of speech, not on emotions. The outputs of blocks 2, 3 and 4
  are concatenated, 12.5 frames a second. It is not fine-tuned.
- **Network** (`emotion.tflite`): the mean of the logits of four classifiers. The first is
  convolution, LSTM and attention over time; alone it overfits the few actors. The others use the
  mean and the deviation over time: two dense layers, and a logistic regression. The first two use
  {components} principal components of the frames, the last two all channels.
- **Size**: {size:.1f} MB, both files; weights of eight bits ({quantisation}).
- **Input**: speech at 16 kHz, normalised in level; of a sentence longer than 5 s its loudest 5 s.
- **Household**: the running mean of the frames of earlier sentences is subtracted, see below.
- **Latency**: {latency:.0f} ms of processor time for a sentence of {sentence} s, encoder included,
  on one core of the machine that wrote this card (x86-64; it was not measured on a Pi).
- **Output**: probabilities at temperature {temperature:.2f}; an answer is sure from {threshold:.2f}
  up.

## How good it is

UAR (unweighted average recall) is the mean of the emotions' recalls. Every figure is for speakers
who are not in the network's training set, with a temperature, a prior and a threshold that were
chosen without them. A clip in which the endpointer finds no speech counts as wrong. Intervals are
95 % over speakers.

{summary}

RAVDESS is evaluated in five speaker-independent folds (Luna-Jimenez et al. 2021). Every other
corpus is evaluated by networks that were trained without it; there calm counts as neutral:

{left_out}

A logistic regression on the mean and the deviation of the same frames (`emotify-train baseline`)
compared with the network on the same clips. Where the difference is negative, the LSTM does not
help:

{baseline}

{by_emotion}

![Confusion of the emotions](confusion.png)

{by_actor}

![UAR of each actor](actors.png)

{by_coverage}

![Coverage](coverage.png)
![Reliability](reliability.png)

The figures are for the quantised files, one clip at a time, through the code that runs on the
device. The model in this folder was trained on all of these corpora, so it cannot be evaluated on
them; the networks of the folds, trained with the same recipe, are evaluated instead.

## Knowing the household

Every voice, microphone and room shifts the frames. A box subtracts the mean of the sentences that
it has heard before, with the weight of the mean in training of {prior_sentences:g} sentences. In it
each emotion has the weight of the square root of how often it was recognised, so that a mood that
is the rule does not become the mean; and the more one mood prevails, the less is subtracted: the
voice of a speaker is taken to vary {mood_variance:g} times as much between moods as between
speakers. The network is trained for new boxes and for old ones: the mean of 0, 3, 8, 20 or 40 other
sentences of the speaker is subtracted from each sentence.

UAR of a new box, and after 5, 15 and 40 other sentences of the same speaker with several mixes of
moods (`emotify-train household`). Half of each speaker's clips are heard before, and the others
are asked:

{household}

![Knowing the household](household.png)

**Several people** who share a box, after 40 sentences in all. K-Means knows all sentences and the
number of people, and "one for each person" knows who speaks, so both are better than they could
be in a box:

{people}

On average clusters gain {gain_of_clusters:+.1f} points over one mean. Less than 2 points are not
worth them, so there is one mean.

**The weight of the mean** was chosen with these figures in view, after 15 sentences, so that even
where all sentences are neutral or calm a known household is hardly worse than a fresh one. The
first of each mix is the box's, with a prior weight of {prior_sentences:g} and a mood variance of
{mood_variance:g}:

{weights}

**Refusals** ("not that one") lower the prior of an emotion. Of simulated owners who refuse half
of the wrong moods, the share of right first answers in 300 sentences, the mean over all corpora,
for new boxes:

{owners}

## How the settings were chosen

- The blocks of the encoder, the number of components and the four classifiers were chosen on the
  corpora left out, with the folds of RAVDESS in view, so the figures for both are a little
  optimistic. No test fold chose an epoch: every network is trained for all {epochs} epochs, and the
  last state is used.
- No setting of the network was chosen in the rooms of the test; but the endpointer was tuned with
  these rooms in view, so in other rooms it may miss more clips. Training uses other rooms, recorded
  and synthetic ones.
- **Temperature and threshold** are chosen on corpora and rooms that were left out: for each corpus
  on all the others. An answer is sure where, on them, such answers are right {surer} times as
  often as all answers.
- **Prior**: at home most sentences are ordinary, but in the corpora all emotions are equally
  frequent. So the probabilities are multiplied by {prior}.

## Limits

- It learned from actors. For emotions that are not acted, other languages, children, very old
  voices, and noisy or echoing rooms, expect lower figures, sometimes much lower.
- It is wrong often enough that nothing but music should depend on it. It does not tell what a
  person feels, and it must not be used to judge people, at work, in school or in medicine.
- A known household cannot tell a mood that somebody is always in from the sound of the voice. So
  where nearly all sentences are neutral, neutral is recognised less often than by a fresh box.
- It has eight classes. Irony, mixed feelings and everything between the classes are lost.
- It works better for some voices than for others: see the actors above.

## Data and licences

| corpus | clips | speakers | licence and origin |
| --- | --- | --- | --- |
{data}

Some of these are for **non-commercial use** (CC BY-NC-SA 4.0) or for research, so the weights of
`emotion.tflite` are for non-commercial use under the same licence. `encoder.tflite` is OpenAI's,
converted, under the MIT licence; the MIT licence of this repository covers the code only. Rooms and
noises for augmentation: SpeechBrain, OpenAIR, audiomentations, ESC-10 (CC BY 3.0), Speech Commands
(CC BY 4.0), Picovoice (Apache-2.0). No recording is part of this repository.

## Reproduce it

    emotify-train encoder
    emotify-train all

Training took {minutes:.0f} minutes, each network in one thread, on two cores that were also used
for other work. Computing the features and fitting what the networks of a fold share come on top.
Seeds and the order of operations are fixed; another type of processor may still round differently.
"""

_ORIGINS = {
    "ravdess": "RAVDESS, CC BY-NC-SA 4.0, Livingstone & Russo 2018",
    "cremad": "CREMA-D, ODbL 1.0, Cao et al. 2014",
    "emodb": "Berlin EMO-DB, TU Berlin, Burkhardt et al. 2005",
    "emovo": "EMOVO, free for research, Costantini et al. 2014",
    "nemo": "nEMO, CC BY-NC-SA 4.0, Christop 2024",
    "ased": "ASED, freely available, Retta et al. 2022",
    "tess": "TESS, CC BY-NC-ND 4.0, Dupuis & Pichora-Fuller 2010",
    "savee": "SAVEE, free for research, Haq & Jackson 2009",
}


def report(folder: Path) -> None:
    """Write the card of the model in a folder, and its pictures.

    Raises
    ------
    DataError, ModelError
        A file that belongs to the model is missing or damaged.
    """
    from training.emotion.pictures import draw

    recipe, figures = Recipe.read(folder / RECIPE_FILE), evaluation(folder)
    model = EmotionModel.load(folder)
    household = HouseholdFigures.read(folder / HOUSEHOLD_FILE)
    draw(figures, household, folder)
    owners = by_tendencies(*released_predictions(folder))
    text = card(figures, household, owners, recipe, model, latency_ms(model))
    (folder / CARD_FILE).write_text(text, encoding="utf-8")


def card(
    figures: Evaluation,
    household: HouseholdFigures,
    owners: str,
    recipe: Recipe,
    model: EmotionModel,
    latency_ms: float,
) -> str:
    """The text of the card; ``owners`` is the table of the simulated owners."""
    metadata, ravdess = model.metadata, figures.ravdess
    prior = (f"{p:g} ({e})" for e, p in zip(Emotion, metadata.prior, strict=True) if p != 1)
    data = (
        (name, str(count), str(recipe.speakers[name]), _ORIGINS.get(name, "your own"))
        for name, count in recipe.clips.items()
    )
    return _CARD.format(
        left_out_uar=figures.left_out_uar,
        corpora=len(figures.left_out),
        rooms_uar=figures.in_rooms.uar,
        uar=ravdess.uar,
        size=model.size / 1e6,
        quantisation=metadata.quantisation,
        latency=latency_ms,
        sentence=SENTENCE_SECONDS,
        temperature=metadata.temperature,
        threshold=metadata.threshold,
        summary=summary(figures),
        left_out=corpora_table(figures),
        baseline=baseline_table(recipe.baseline, figures),
        by_emotion=by_emotion(figures),
        by_actor=by_actor(ravdess),
        by_coverage=by_coverage(ravdess),
        prior_sentences=PRIOR_SENTENCES,
        mood_variance=MOOD_VARIANCE,
        household=household.by_mix(),
        people=household.by_people(),
        gain_of_clusters=100 * household.gain_of_clusters,
        weights=household.by_weight(),
        owners=owners,
        epochs=recipe.settings["epochs"],
        components=recipe.settings["components"],
        surer=SURE_FACTOR,
        prior=", ".join(prior),
        data="\n".join(f"| {' | '.join(row)} |" for row in data),
        minutes=recipe.minutes,
    )


def latency_ms(model: EmotionModel, times: int = 30) -> float:
    """The median processor time from a sentence of three seconds to its mood, in one thread."""
    sentence = np.random.default_rng(0).normal(0, 0.1, SENTENCE_SECONDS * SAMPLE_RATE)
    taken = []
    for _ in range(times):
        started = time.process_time()
        model.recognise(sentence.astype(np.float32))
        taken.append(1000 * (time.process_time() - started))
    return float(np.median(taken))
