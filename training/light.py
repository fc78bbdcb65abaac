"""A picture of the light's states for the README, from the patterns of the device."""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from device.light.light import Display
from device.light.patterns import HUES, PATTERNS, Cue
from device.mood import Emotion

SECONDS = 6.0

_STEP_SECONDS = 0.02
_EMOTION = Emotion.HAPPY
_DOTS_PER_INCH = 80
_GREY = "0.85"


def draw(file: Path) -> None:
    """Draw the first six seconds of every state into a PNG, with the hue of a happy mood."""
    strips = np.array([_strip(cue) for cue in PATTERNS])
    figure = Figure((9, 6), layout="constrained", facecolor=_GREY)
    axes = figure.add_subplot()
    axes.imshow(strips, aspect="auto", interpolation="nearest", extent=(0, SECONDS, len(strips), 0))
    axes.set_yticks(
        np.arange(len(strips)) + 0.5, [each.meaning.replace("`", "") for each in PATTERNS.values()]
    )
    axes.hlines(np.arange(1, len(strips)), 0, SECONDS, color=_GREY, linewidth=3)
    axes.set(xlabel="seconds", title=f"The states of the light (the hue is that of {_EMOTION})")
    axes.tick_params(left=False)
    axes.spines[:].set_visible(False)
    figure.savefig(file, dpi=_DOTS_PER_INCH, metadata={"Software": None})


def _strip(cue: Cue) -> np.ndarray:
    """The colours over time [shape=(steps, 3)]."""
    display = Display()
    display.show(cue, now=0.0, hue=HUES[_EMOTION])
    colours = []
    for now in np.arange(0, SECONDS, _STEP_SECONDS):
        # A voice whose loudness changes with the syllables.
        display.voice(0.1 * np.sin(4 * now) ** 2)
        colours.append(display.at(float(now))[0])
    return np.array(colours)
