"""The card: what the model is, how good it is, and what it cannot do."""

from device.emotion.model import EmotionModel
from device.mood import Emotion
from training.calibration import SURER
from training.figures import Judged
from training.latency import SENTENCE_SECONDS
from training.ship import Recipe
from training.tables import against, by_actor, by_coverage, by_emotion, strangers, summary

_CARD = """\
# The emotion model

*Written by `emotify-train report`; every figure is computed from the tables of predictions and
`recipe.json` in this folder. Do not edit.*

**On people and microphones that it never met it gets {strangers_uar:.0%} of the emotions right
(mean over {corpora} corpora in several languages, each left out of training as a whole; chance is
12 to 20 %); in rooms that it never heard, with home noise 10 dB below the voice, {rooms_uar:.0%} of
eight; in the studio of RAVDESS, from unheard actors, {uar:.0%}.** Human listeners reach 62 % on the
clips of RAVDESS.

![UAR of each corpus](strangers.png)

It hears one of eight emotions in a spoken sentence: neutral, calm, happy, sad, angry, fearful,
disgust, surprised. It listens to how something is said, not to what is said.

- **Encoder** (`encoder.tflite`): stem and first four blocks of Whisper base (Radford et al. 2022),
  trained by OpenAI on 680,000 hours of speech, never on an emotion. What blocks 2, 3 and 4 say
  together is taken, 12.5 times a second. It is not trained any further.
- **Network** (`emotion.tflite`): the mean of the logits of four answers. The first is that of
  convolution, LSTM and attention over time; alone it overfits the few actors. The others know the
  mean and the deviation over time: two dense layers, and a logistic regression. The first two see
  {components} principal components of the frames, the last two all channels.
- **Size**: {size:.1f} MB, both files; weights of eight bits ({quantisation}).
- **Input**: speech at 16 kHz, brought to one level; a sentence of any length.
- **Latency**: {latency:.0f} ms of processor time for a sentence of {sentence} s, all in, on one
  core of the machine that wrote this card (x86-64; it was not measured on a Pi).
- **Answers**: probabilities at temperature {temperature:.2f}; sure from {threshold:.2f} up.

## How good it is

UAR is the mean of the emotions' recalls. Every figure is of speakers whom the network never heard,
with temperature, prior and threshold that they had no part in. A clip in which the device hears no
speech to judge counts as wrong. Intervals are of 95 %, over other speakers.

{summary}

RAVDESS is judged in five speaker-independent folds (Luna-Jimenez et al. 2021). Every other corpus
is judged by networks that heard nothing of it; there calm counts as neutral:

{strangers}

A logistic regression on the mean and the deviation of the same frames (`emotify-train baseline`),
against the network, on the same clips. Where the difference is below zero, the network has not yet
earned its LSTM:

{baseline}

{by_emotion}

![Confusion of the emotions](confusion.png)

{by_actor}

![UAR of each actor](actors.png)

{by_coverage}

![Coverage](coverage.png)
![Reliability](reliability.png)

The scores are those of the quantised files, one clip at a time, through the code that runs on the
device. The model in this folder has heard all of these corpora, so it cannot be scored on them; the
networks of the folds, trained by the same recipe, stand for it.

## What chose the settings

- The blocks of the encoder, the number of components and the four answers were chosen by corpora
  left out, with the folds of RAVDESS in view, so the figures of both flatter a little. No test fold
  chose an epoch: every network is trained for all {epochs} epochs, and the last state is taken.
- In the rooms of the test no setting of the network was chosen; but what the device takes for a
  voice there was tuned with these rooms in view, so that fewer clips are unheard than may be in
  others. Training has other rooms, recorded ones and ones that are made up.
- **Temperature and threshold** are those of corpora and rooms that were left out: for each corpus,
  of all the others. An answer is sure where, on them, such answers are right {surer} times as
  often as all answers.
- **Prior**: at home most sentences are ordinary, but in the corpora all emotions are acted alike
  often. So the probabilities are multiplied by {prior}.

## What it cannot do

- It learned from people who act. Feelings that nobody acts, other languages, children and very old
  voices, a noisy or echoing room: expect less, sometimes much less.
- It is wrong often enough that nothing but music should depend on it. It says nothing about what
  somebody truly feels, and it must not be used to judge people, at work, in school or in medicine.
- It sorts voices into eight words. Irony, mixed feelings and everything between the words are lost.
- Some voices suit it better than others: see the actors above.

## Data and licences

| corpus | clips | speakers | licence and origin |
| --- | --- | --- | --- |
{data}

Some of these are for **non-commercial use** (CC BY-NC-SA 4.0) or for research, so the weights of
`emotion.tflite` are for non-commercial use under the same licence. `encoder.tflite` is OpenAI's,
converted, under the MIT licence; the MIT licence of this repository covers the code only. Rooms and
noises for augmentation: SpeechBrain, OpenAIR, audiomentations, ESC-10 (CC BY 3.0), Speech Commands
(CC BY 4.0), Picovoice (Apache-2.0). No recording is part of this repository.

## Make it again

    emotify-train encoder
    emotify-train all

Training took {minutes:.0f} minutes in all, each network in one thread, on two cores that had other
work as well; listening, encoding and what the networks of a fold share come before it. Seeds and
the order of operations are fixed; another kind of processor may still round differently.
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


def card(judged: Judged, recipe: Recipe, model: EmotionModel, latency_ms: float) -> str:
    """The text of the card."""
    description, figures = model.description, judged.ravdess
    tilts = (f"{p:g} ({e})" for e, p in zip(Emotion, description.prior, strict=True) if p != 1)
    data = (
        (name, str(count), str(recipe.speakers[name]), _ORIGINS.get(name, "your own"))
        for name, count in recipe.clips.items()
    )
    return _CARD.format(
        strangers_uar=judged.strangers_uar,
        corpora=len(judged.strangers),
        rooms_uar=judged.in_rooms.uar,
        uar=figures.uar,
        size=model.size / 1e6,
        quantisation=description.quantisation,
        latency=latency_ms,
        sentence=SENTENCE_SECONDS,
        temperature=description.temperature,
        threshold=description.threshold,
        summary=summary(judged),
        strangers=strangers(judged),
        baseline=against(recipe.baseline, judged),
        by_emotion=by_emotion(judged),
        by_actor=by_actor(figures),
        by_coverage=by_coverage(figures),
        epochs=recipe.settings["epochs"],
        components=recipe.settings["components"],
        surer=SURER,
        prior=", ".join(tilts),
        data="\n".join(f"| {' | '.join(row)} |" for row in data),
        minutes=recipe.minutes,
    )
