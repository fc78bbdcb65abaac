"""The light: decides what to show, and shows it on the LED.

light = Light(led, clock)
light.show(Cue.MOOD, Emotion.CALM)
"""

import logging
import threading
from dataclasses import dataclass
from math import isfinite
from time import monotonic

from device.clock import Clock
from device.light.led import Led
from device.light.patterns import DARK, HUES, PATTERNS, WHITE, Colour, Cue, Frame, Layer
from device.mood import Emotion

_log = logging.getLogger(__name__)

_FADE_STEP_SECONDS = 0.025
_TIMEOUT_SECONDS = 10.0
_VOICE_STEPS = 32
"""Brightnesses that follow the voice; more could not be told apart."""


@dataclass(frozen=True)
class _Shown:
    cue: Cue
    since: float
    hue: Colour


class Display:
    """What the light shows at a time, without threads or pins.

    Parameters
    ----------
    beacon : bool
        Whether to blink faintly when there is nothing to show.
    """

    def __init__(self, beacon: bool = False):
        self._shown: dict[Layer, _Shown] = {}
        self._voice = _brightness(0.0)
        if beacon:
            self.show(Cue.BEACON, now=0.0)

    def show(self, cue: Cue, now: float, hue: Colour = WHITE) -> None:
        """Start a pattern in its layer, instead of what that layer showed.

        Parameters
        ----------
        cue : Cue
        now : float (in seconds)
        hue : Colour
            The mood's hue.
        """
        self._shown[PATTERNS[cue].layer] = _Shown(cue, now, hue)

    def clear(self, layer: Layer) -> None:
        """Show nothing in a layer any more."""
        self._shown.pop(layer, None)

    def voice(self, level: float) -> bool:
        """Set the loudness of the voice, an RMS in 0..1; returns whether it can be seen."""
        before, self._voice = self._voice, round(_brightness(level) * _VOICE_STEPS) / _VOICE_STEPS
        return self._voice != before

    def at(self, now: float) -> tuple[Colour, float | None]:
        """The colour, and the seconds until it changes by itself (None: it does not)."""
        for layer in sorted(Layer, reverse=True):
            if shown := self._current(layer, now):
                return self._colour(shown, now)
        return DARK, None

    def _current(self, layer: Layer, now: float) -> _Shown | None:
        while shown := self._shown.get(layer):
            pattern = PATTERNS[shown.cue]
            if pattern.times is None or now - shown.since < pattern.times * pattern.seconds:
                return shown
            if pattern.then is None:
                self.clear(layer)
            else:
                ended = shown.since + pattern.times * pattern.seconds
                self._shown[layer] = _Shown(pattern.then, ended, shown.hue)
        return None

    def _colour(self, shown: _Shown, now: float) -> tuple[Colour, float | None]:
        pattern = PATTERNS[shown.cue]
        at = (now - shown.since) % pattern.seconds
        before = DARK if now - shown.since < pattern.seconds else _look(pattern.frames[-1], shown)
        for frame in pattern.frames:
            look = _look(frame, shown)
            if at < frame.seconds:
                break
            at -= frame.seconds
            before = look
        if not frame.fade:
            loudness = self._voice if pattern.follows_voice else 1.0
            return _scale(look, loudness), frame.seconds - at if isfinite(frame.seconds) else None
        done = at / frame.seconds
        red, green, blue = (a + (b - a) * done for a, b in zip(before, look, strict=True))
        return (red, green, blue), min(_FADE_STEP_SECONDS, frame.seconds - at)


def _look(frame: Frame, shown: _Shown) -> Colour:
    return _scale(shown.hue if frame.colour is None else frame.colour, frame.level)


def _scale(colour: Colour, level: float) -> Colour:
    red, green, blue = colour
    return red * level, green * level, blue * level


def _brightness(loudness: float) -> float:
    """Brightness for a loudness: a quarter at RMS 0.003 (-50 dBFS), full at 0.18 (-15 dBFS)."""
    return min(1.0, max(0.25, 0.25 + 0.75 * (loudness - 0.003) / 0.177))


class Light:
    """Shows cues on an LED, in a thread that sleeps while nothing changes.

    Parameters
    ----------
    led : Led
        Used by that thread only.
    clock : Clock
    beacon : bool
        Whether to blink faintly when there is nothing to show.
    timeout_seconds : float > 0
        An LED that takes longer to show a colour hangs.
    """

    def __init__(
        self,
        led: Led,
        clock: Clock,
        beacon: bool = False,
        timeout_seconds: float = _TIMEOUT_SECONDS,
    ):
        self._led = led
        self._timeout_seconds = timeout_seconds
        self._clock = clock
        self._display = Display(beacon)
        self._busy_since: float | None = None
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="light", daemon=True)
        self._thread.start()

    def show(self, cue: Cue, emotion: Emotion | None = None) -> None:
        """Show a cue; the hue is that of the emotion."""
        hue = HUES[emotion] if emotion else WHITE
        with self._changed:
            self._display.show(cue, self._clock.now(), hue)
            self._changed.notify()

    def clear(self, layer: Layer) -> None:
        """Show nothing in a layer any more."""
        with self._changed:
            self._display.clear(layer)
            self._changed.notify()

    def voice(self, level: float) -> None:
        """Follow the loudness of the voice, an RMS in 0..1."""
        with self._changed:
            if self._display.voice(level):
                self._changed.notify()

    @property
    def hangs(self) -> bool:
        """Whether the LED takes longer than the timeout to show a colour."""
        since = self._busy_since
        return since is not None and monotonic() - since > self._timeout_seconds

    def close(self) -> None:
        """Turn off the LED and release it."""
        if self.hangs:
            return
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()
        self._led.close()

    def _run(self) -> None:
        shown = None
        with self._changed:
            while not self._closed:
                colour, seconds = self._display.at(self._clock.now())
                if colour != shown:
                    shown = colour
                    self._put(colour)
                self._changed.wait(seconds)

    def _put(self, colour: Colour) -> None:
        self._busy_since = monotonic()
        try:
            self._led.show(colour)
        except Exception:
            # A loose wire must not end the thread: the next colour may come through.
            _log.exception("The light does not show its colour; check its wires.")
        finally:
            self._busy_since = None
