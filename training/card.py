"""The card: what the model is, how good it is, and what it cannot do."""

from device.emotion import EmotionModel
from training.calibration import COVERAGE
from training.figures import Figures
from training.latency import SENTENCE_SECONDS
from training.ship import Recipe
from training.tables import by_actor, by_coverage, by_emotion, summary

_CARD = """\
# The emotion model

*Written by `emotify-train report`; every figure is computed from `out_of_fold.csv.gz` and
`recipe.json` in this folder. Do not edit.*

Hears one of eight emotions in a spoken sentence: neutral, calm, happy, sad, angry, fearful,
disgust, surprised. It listens to how something is said, not to what is said.

- **Network**: convolution, LSTM, attention over time.
- **Size**: {size:.0f} KiB with {quantisation} quantisation.
- **Input**: {frames} frames of {cepstra} cepstra and their deltas, one every {hop:.0f} ms,
  from speech at 16 kHz brought to one level; a longer sentence is heard in several windows.
- **Latency**: {latency:.0f} ms for a sentence of {sentence} s, features included, on one core of
  the machine that wrote this card (x86-64; it was not measured on a Pi).
- **Answers**: probabilities at temperature {temperature:.2f}; sure from {threshold:.2f} up.

## How good it is

Five speaker-independent folds (Luna-Jimenez et al. 2021): each of the 24 actors is judged by a
model that never heard that actor. Two further actors of each fold stay out of its training as
well; they decide the temperature and the threshold, which {coverage:.0%} of their clips reach.
Every network is trained for all {epochs} epochs and the last state is taken. The score is that of
the quantised files, one clip at a time, through the code that runs on the device. A clip in which
the device hears no speech to judge (a scream is not always taken for speech) counts as wrong.

Chance is 0.125; human listeners reach 0.624 on the same clips. The model in this folder has heard
all 24 actors, so it cannot be scored on RAVDESS; the folds' models, trained by the same recipe,
stand for it.

{summary}

Calibration and coverage are of the clips that the device hears, with the temperature and the
threshold of each fold's own validation actors.

{by_emotion}

![Confusion of the emotions](confusion.png)

{by_actor}

![UAR of each actor](actors.png)

{by_coverage}

![Coverage](coverage.png)
![Reliability](reliability.png)

## What it cannot do

- It learned from actors who say two English sentences into a good microphone in a quiet studio.
  Feelings that nobody acts, other languages, children, old voices, a noisy or echoing room: expect
  less, sometimes much less. None of that has been measured yet.
- It is wrong often enough that nothing but music should depend on it. It says nothing about what
  somebody truly feels, and it must not be used to judge people, at work, in school or in medicine.
- It sorts voices into eight words. Irony, mixed feelings and everything between the words are lost.
- Some voices suit it better than others: see the actors above.

## Data and licence

Trained on the speech of RAVDESS (Livingstone & Russo 2018, <https://zenodo.org/records/1188976>),
{clips} clips of 24 actors, CC BY-NC-SA 4.0. The weights come from it, so they are for
**non-commercial use** under the same licence; the MIT licence covers the code only. No recording is
part of this repository.

## Make it again

    emotify-train all

Training the networks of {folds} folds with {seeds} seed(s) each, and the one that ships, took
{minutes:.0f} minutes in all, each in one thread, on two cores that had other work as well.
Seeds and the order of operations are fixed; another kind of processor may still round differently.
"""


def card(figures: Figures, recipe: Recipe, model: EmotionModel, latency_ms: float) -> str:
    """The text of the card."""
    description = model.description
    front_end = description.front_end
    return _CARD.format(
        size=model.size / 1024,
        quantisation=description.quantisation,
        frames=front_end.frames,
        cepstra=front_end.cepstra,
        hop=1000 * front_end.hop_seconds,
        latency=latency_ms,
        sentence=SENTENCE_SECONDS,
        temperature=description.temperature,
        threshold=description.threshold,
        coverage=COVERAGE,
        epochs=recipe.settings["epochs"],
        summary=summary(figures),
        by_emotion=by_emotion(figures),
        by_actor=by_actor(figures),
        by_coverage=by_coverage(figures),
        clips=figures.clips,
        minutes=recipe.minutes,
        folds=len(figures.fold_uars),
        seeds=len(figures.uars),
    )
