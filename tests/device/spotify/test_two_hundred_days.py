"""A daemon that runs for two hundred days, with ten presses a day.

In the suite most days have none; with EMOTIFY_SOAK=1 in the environment all have ten (minutes).
"""

import os
import threading
from collections import Counter

import numpy as np
import pytest
import soundfile

from device.appliance import events
from device.appliance.daemon import Daemon, Parts
from device.appliance.login_reminder import LoginReminder
from device.assembly import PLAYLISTS_FILE
from device.config.config import ButtonConfig, Config, LightConfig
from device.light.led import GpioLed
from device.light.light import Light
from device.mood import Emotion
from device.playlist.history import History
from device.playlist.playlist import Playlists
from device.simulation.classifier import ScriptedClassifier
from device.simulation.clock import SimulatedClock
from device.simulation.microphone import RecordedMicrophone
from device.simulation.pins import SimulatedButton, pin_factory
from device.simulation.service_manager import SimulatedServiceManager
from device.simulation.spotify import SpotifyStandIn
from device.spotify.player import SpotifyPlayer

DAYS = 200
PRESSES = 10
DAY_SECONDS = 24 * 3600


class Box:
    """A daemon on a clock of its own, what it said, and what it asked Spotify on each day."""

    def __init__(self, sentence, folder, spotify, clock):
        self.clock, self.spotify = clock, spotify
        self.start = clock.time()
        self.account = spotify.account(folder / "token.json", clock)
        spotify.requests.clear()
        self.outcomes, self.words, self.requests = [], [], Counter()
        self._over = threading.Event()
        microphone = RecordedMicrophone(sentence, SimulatedClock())
        player = SpotifyPlayer(self.account, "Living room", clock)
        classifier = ScriptedClassifier.nearly_certain(Emotion.CALM)
        reminder = LoginReminder(self.account.login_status, clock)
        music = (Config().models_folder / PLAYLISTS_FILE,)
        playlists = Playlists(music, History(folder / "history.json"))
        parts = Parts(microphone, classifier, playlists, player, reminder=reminder)
        self.pins = pin_factory()
        button = SimulatedButton(ButtonConfig(), self.pins)
        light = Light(GpioLed(LightConfig(), self.pins), SimulatedClock())
        service = SimulatedServiceManager()
        self.daemon = Daemon(lambda: parts, button, light, service, clock=self.clock)
        self.daemon.watch(self._watch)
        self._thread = threading.Thread(target=self.daemon.run)
        self._thread.start()
        assert self._over.wait(20)

    @property
    def day(self):
        return int((self.clock.time() - self.start) // DAY_SECONDS)

    def _watch(self, event, state, actions):
        if isinstance(event, events.LoginChanged):
            self.words.append((self.day, event.problem, event.days))
        if isinstance(event, events.Loaded | events.Playing | events.MusicFailed):
            self.outcomes.append((self.day, event))
            self._over.set()

    def live_a_day(self, presses):
        for _ in range(presses):
            self._over.clear()
            self.daemon.press()
            assert self._over.wait(20)
            self._settle()
            day = self.day
            self.clock.sleep(DAY_SECONDS / PRESSES)
            self.requests[day] += len(self.spotify.requests)
            self.spotify.requests.clear()
        self.clock.sleep(DAY_SECONDS * (1 - presses / PRESSES))

    def _settle(self):
        """Wait for the requests that follow once the music plays: they belong to this press."""
        settled = threading.Event()
        self.daemon._player_worker.do(settled.set, 20)
        assert settled.wait(20)

    def close(self):
        self.daemon.stop()
        self._thread.join(20)
        self.pins.close()


@pytest.fixture
def word(sentence, tmp_path):
    """The beginning of the sentence, which is heard in half the time."""
    samples, rate = soundfile.read(sentence)
    path = tmp_path / "word.wav"
    soundfile.write(path, np.concatenate([samples[: int(0.8 * rate)], np.zeros(rate)]), rate)
    return path


@pytest.fixture
def box(word, tmp_path):
    clock = SimulatedClock()
    with SpotifyStandIn(clock=clock) as spotify:
        box = Box(word, tmp_path, spotify, clock)
        yield box
        box.close()


def presses_on(day):
    if "EMOTIFY_SOAK" in os.environ or day % 50 == 0 or 181 <= day <= 184:
        return PRESSES
    return 1 if day >= 145 else 0


def test_two_hundred_days_with_ten_presses_a_day(box):
    ended = None
    for day in range(DAYS):
        if ended is not None and day == ended + 1:
            box.spotify.log_in(box.account)
            box.spotify.requests.clear()
        box.live_a_day(presses_on(day))
        if ended is None and isinstance(box.outcomes[-1][1], events.MusicFailed):
            ended = day
    warned = [days for _, problem, days in box.words if problem is None and days is not None]
    assert warned == [30, 14, 3]
    assert ended == 182
    problems = [problem for _, problem, _ in box.words if problem]
    assert problems == ["The login has ended: run `emotify login` again."]
    failed = [day for day, event in box.outcomes if isinstance(event, events.MusicFailed)]
    assert set(failed) == {ended}
    assert isinstance(box.outcomes[-1][1], events.Playing)
    # Six, and a check whether the music plays.
    assert max(box.requests.values()) <= 7 * PRESSES
    assert box.requests[ended] <= 2
