import queue
import threading

import pytest

from device.errors import Fault
from device.light.light import Display, Light
from device.light.patterns import DARK, HUES, PATTERNS, Cue, Layer
from device.mood import Emotion
from device.simulation.clock import SimulatedClock


def looks(display, begin, end, step=0.01):
    """Every colour between two moments."""
    return [display.at(begin + i * step)[0] for i in range(round((end - begin) / step))]


def blinks(colours):
    """How often the light goes from dark to lit."""
    lit = [colour != DARK for colour in colours]
    return sum(now and not before for before, now in zip([False, *lit], lit, strict=False))


def test_a_light_with_nothing_to_show_is_dark_and_sleeps():
    assert Display().at(0) == (DARK, None)


def test_the_beacon_is_faint_and_short():
    colours = looks(Display(beacon=True), 0, 10)
    assert blinks(colours) == 2
    assert max(max(colour) for colour in colours) == pytest.approx(0.03)


@pytest.mark.parametrize("fault", list(Fault))
def test_a_fault_blinks_its_number_three_times_in_red_and_ends(fault):
    display = Display()
    display.show(Cue.of(fault), now=0)
    colours = looks(display, 0, 30)
    assert blinks(colours) == 3 * fault
    assert {colour for colour in colours if colour != DARK} == {(1.0, 0.0, 0.0)}
    assert display.at(30) == (DARK, None)


def test_fault_goes_before_button_before_activity_before_warning_before_idle():
    display = Display(beacon=True)
    order = [Cue.OFFLINE, Cue.LISTENING, Cue.PRESSED, Cue.FAULT_1]
    seen = [display.at(0)[0]]
    for cue in order:
        display.show(cue, now=0)
        seen.append(display.at(0)[0])
    assert len(set(seen)) == len(seen)
    for cue in reversed(order):
        assert display.at(0)[0] == seen.pop()
        display.clear(PATTERNS[cue].layer)
    assert display.at(0)[0] == seen.pop()


def test_a_higher_pattern_that_ends_uncovers_the_one_below():
    display = Display()
    display.show(Cue.LISTENING, now=0)
    display.show(Cue.PRESSED, now=0)
    assert display.at(0)[0] == (1, 1, 1)
    red, _, blue = display.at(1)[0]
    assert blue > red


def test_the_mood_fades_in_stays_three_seconds_and_then_breathes_until_the_music_plays():
    display = Display()
    display.show(Cue.MOOD, now=0, hue=HUES[Emotion.CALM])
    assert display.at(0)[0] == DARK
    assert display.at(0.2)[0] == pytest.approx(tuple(part / 2 for part in HUES[Emotion.CALM]))
    assert set(looks(display, 0.41, 2.99)) == {HUES[Emotion.CALM]}
    assert len(set(looks(display, 3.0, 60))) > 10


def test_two_slow_breaths_say_that_it_plays_and_then_the_light_sleeps():
    display = Display()
    display.show(Cue.PLAYING, now=0, hue=HUES[Emotion.HAPPY])
    brightness = [max(colour) for colour in looks(display, 0, 4.1)]
    peaks = [
        i for i in range(1, len(brightness) - 1)
        if brightness[i - 1] < brightness[i] >= brightness[i + 1]
    ]  # fmt: skip
    assert len(peaks) == 2
    assert display.at(10) == (DARK, None)


def test_while_the_microphone_is_open_the_brightness_follows_the_voice():
    display = Display()
    display.show(Cue.LISTENING, now=0)
    levels = []
    for loudness in (0.0, 0.05, 0.1, 0.5):
        display.voice(loudness)
        levels.append(display.at(1)[0][2])
    assert levels == sorted(levels)
    assert levels[0] > 0
    assert levels[-1] == 1.0


def test_a_voice_that_is_as_loud_as_before_changes_nothing():
    display = Display()
    assert [display.voice(level) for level in (0.1, 0.1001, 0.15, 0.15, 0.0)] == [
        True, False, True, False, True,
    ]  # fmt: skip


def test_no_mood_has_the_red_of_a_fault_or_the_colour_of_another_mood():
    assert len(set(HUES.values())) == len(Emotion)
    for red, green, blue in HUES.values():
        assert not (red > 0.9 and green < 0.2 and blue < 0.2)


@pytest.mark.parametrize("cue", Cue)
def test_a_fade_wakes_at_most_fifty_times_a_second_and_a_steady_light_never(cue):
    display = Display()
    display.show(cue, now=0)
    fades = any(frame.fade for frame in PATTERNS[cue].frames)
    wakes, now = [], 0.0
    while now < 5:
        _, seconds = display.at(now)
        if seconds is None:
            break
        now += max(seconds, 1e-6)
        wakes.append(now)
    a_second = max((sum(begin <= wake < begin + 1 for wake in wakes) for begin in wakes), default=0)
    assert a_second <= (50 if fades else 5)
    if cue in (Cue.PAUSING, Cue.LISTENING):
        assert wakes == []


def test_a_steady_pattern_lets_the_light_sleep_until_it_changes():
    display = Display()
    display.show(Cue.OFFLINE, now=0)
    assert display.at(0)[1] == pytest.approx(0.1)
    assert display.at(1.0)[1] == pytest.approx(4.0)


class ListeningLamp:
    """A led that tells what it is told."""

    def __init__(self):
        self.colours = queue.Queue()
        self.closed = False

    def show(self, colour):
        self.colours.put(colour)

    def close(self):
        self.closed = True


def test_the_lamp_shows_what_the_light_is_asked_to_and_is_closed_with_it():
    led = ListeningLamp()
    light = Light(led, SimulatedClock())
    assert led.colours.get(timeout=5) == DARK
    light.show(Cue.PRESSED)
    assert led.colours.get(timeout=5) == (1, 1, 1)
    light.clear(Layer.BUTTON)
    assert led.colours.get(timeout=5) == DARK
    light.close()
    assert led.closed


class BrokenLamp(ListeningLamp):
    """A led whose wire is loose: it takes no colour but dark."""

    def show(self, colour):
        super().show(colour)
        if colour != DARK:
            raise OSError("no such line")


def test_a_lamp_that_fails_does_not_end_the_light(caplog):
    led = BrokenLamp()
    light = Light(led, SimulatedClock())
    assert led.colours.get(timeout=5) == DARK
    light.show(Cue.PRESSED)
    assert led.colours.get(timeout=5) == (1, 1, 1)
    light.clear(Layer.BUTTON)
    assert led.colours.get(timeout=5) == DARK
    light.close()
    assert "check its wires" in caplog.text


class StuckLamp:
    """A led that never takes its colour."""

    def __init__(self):
        self.asked = threading.Event()
        self.let_go = threading.Event()

    def show(self, colour):
        self.asked.set()
        self.let_go.wait(20)

    def close(self):
        pass


def test_a_lamp_that_never_takes_its_colour_is_noticed_and_not_waited_for():
    led = StuckLamp()
    light = Light(led, SimulatedClock(), timeout_seconds=0.0)
    assert led.asked.wait(20)
    assert light.hangs
    light.close()
    led.let_go.set()
