"""What a person sees of the light, from the kernel's record of its three lines."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from device.light.patterns import Colour

STEP_SECONDS = 0.04
"""Four periods of the PWM: so long that a duty shows, and a third of the shortest flash."""

_LINE = re.compile(
    r" (\d+\.\d+): (?:gpio_value: (\d+) set ([01])|tracing_mark_write: (\w+))", re.MULTILINE
)
_SHORTEST_STEPS = 3
_DARK = 0.004
_DIM = 0.1
_DIM_STEPS = 6
"""A dim step is seen together with as many before and after it."""
_DOTS_PER_INCH = 80


@dataclass(frozen=True)
class Record:
    """What happened to the lines, in seconds of the kernel's clock.

    Attributes
    ----------
    edges : dict of list of (seconds, value)
        Of each line, by its number; the value is 0 or 1.
    marks : dict of float
        When something else happened, by its name; of several the first.
    """

    edges: dict[int, list[tuple[float, int]]]
    marks: dict[str, float]

    @classmethod
    def of(cls, trace: str, base: int) -> "Record":
        """From the text of the kernel's trace; ``base`` is the number of the chip's first line."""
        edges: dict[int, list[tuple[float, int]]] = {}
        marks: dict[str, float] = {}
        for seconds, line, value, mark in _LINE.findall(trace):
            if mark:
                marks.setdefault(mark, float(seconds))
            else:
                edges.setdefault(int(line) - base, []).append((float(seconds), int(value)))
        return cls(edges, marks)

    def lit_after(self, seconds: float) -> float:
        """When a line was first switched on after this moment.

        Raises
        ------
        ValueError
            When none was.
        """
        return min(at for line in self.edges.values() for at, on in line if on and at > seconds)

    def colours(self, pins: tuple[int, int, int], begin: float, seconds: float) -> np.ndarray:
        """The mean of red, green and blue in steps, each 0..1 [shape=(steps, 3)]."""
        steps = np.arange(0, seconds + STEP_SECONDS / 2, STEP_SECONDS) + begin
        return np.stack([self._duty(pin, steps) for pin in pins], axis=1)

    def _duty(self, pin: int, steps: np.ndarray) -> np.ndarray:
        edges = np.array([(0.0, 0), *self.edges.get(pin, [])])
        # For how long it was on until each edge, and until now.
        times = np.append(edges[:, 0], steps[-1] + 1)
        on = np.append(0, np.cumsum(np.diff(times) * edges[:, 1]))
        return np.clip(np.diff(np.interp(steps, times, on)) / STEP_SECONDS, 0, 1)


def looks(colours: np.ndarray, palette: dict[str, Colour]) -> list[tuple[str, float]]:
    """What is seen one after another, and for how long.

    Each step is the colour of the palette whose proportions of red, green and blue are the nearest,
    or "dark". What is shorter than the shortest flash is the border between two others, or unsteady
    PWM, and counts as what was seen before it.
    """
    colours = _steady(colours)
    names = list(palette)
    hues = np.array([palette[name] for name in names])
    hues = hues / hues.max(axis=1, keepdims=True)
    seen: list[tuple[str, int]] = []
    for colour in colours:
        name = "dark"
        if colour.max() > _DARK:
            name = names[np.linalg.norm(hues - colour / colour.max(), axis=1).argmin()]
        if seen and seen[-1][0] == name:
            seen[-1] = (name, seen[-1][1] + 1)
        else:
            seen.append((name, 1))
    begins: dict[int, str] = {}
    at = 0
    for name, steps in seen:
        if steps >= _SHORTEST_STEPS and name not in list(begins.values())[-1:]:
            begins[at if begins else 0] = name
        at += steps
    lengths = np.diff([*begins, len(colours)]) * STEP_SECONDS
    return list(zip(begins.values(), map(float, lengths), strict=True))


def _steady(colours: np.ndarray) -> np.ndarray:
    """Each dim step is the mean of the dim steps around it.

    A duty of a hundredth is 0.1 ms in a period, so that every delay changes its colour.
    """
    light = colours.max(axis=1, keepdims=True)
    dim = (light > _DARK) & (light < _DIM)
    around = np.ones(2 * _DIM_STEPS + 1)
    number, *sums = (
        np.convolve(column, around)[_DIM_STEPS:-_DIM_STEPS]
        for column in np.hstack([dim, colours * dim]).T
    )
    return np.where(dim, np.transpose(sums) / np.maximum(number, 1)[:, None], colours)


def draw(strips: dict[str, np.ndarray], file: Path) -> None:
    """Draw the colours of several rounds, from the press on, into a PNG."""
    steps = max(map(len, strips.values()))
    picture = np.array([np.pad(each, ((0, steps - len(each)), (0, 0))) for each in strips.values()])
    figure = Figure((9, 1 + 0.4 * len(strips)), layout="constrained", facecolor="0.85")
    axes = figure.add_subplot()
    extent = (0, steps * STEP_SECONDS, len(strips), 0)
    axes.imshow(picture, aspect="auto", interpolation="nearest", extent=extent)
    axes.set_yticks(np.arange(len(strips)) + 0.5, list(strips))
    axes.hlines(np.arange(1, len(strips)), *extent[:2], color="0.85", linewidth=3)
    axes.set(xlabel="seconds since the press")
    axes.tick_params(left=False)
    axes.spines[:].set_visible(False)
    figure.savefig(file, dpi=_DOTS_PER_INCH, metadata={"Software": None})
