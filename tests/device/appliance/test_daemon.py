"""The whole device in one process, with simulated hardware and services."""

import gc
import json
import queue
import threading
import wave
import weakref
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic

import numpy as np
import pytest
from playlists_file import document, line

from device.appliance import events
from device.appliance.daemon import Daemon, Deadlines, HungError, Parts
from device.config.config import ButtonConfig, LightConfig
from device.errors import AccountError, MicrophoneError, ModelError, NetworkError, SpeakerError
from device.light.led import GpioLed
from device.light.light import Light
from device.light.patterns import Cue
from device.microphone import SAMPLE_RATE, recording
from device.mood import Emotion, Mood
from device.player import MusicState
from device.playlist.history import History
from device.playlist.playlist import Playlists
from device.simulation.classifier import ScriptedClassifier
from device.simulation.clock import SimulatedClock
from device.simulation.microphone import RecordedMicrophone
from device.simulation.pins import SimulatedButton, pin_factory
from device.simulation.service_manager import SimulatedServiceManager
from device.simulation.spotify import SpotifyStandIn, Trouble
from device.speech.endpointing import Unheard
from device.spotify.player import SpotifyPlayer

PATIENCE_SECONDS = 20


def music(folder):
    """A file of one track."""
    file = folder / "playlists.json"
    file.write_text(json.dumps(document(line(7, title="Title", artist="Artist"))))
    return file


class Socket:
    """Where the microphone and the classifier are plugged in, so that they can be exchanged."""

    def __init__(self, microphone, classifier):
        self.microphone = microphone
        self.classifier = classifier
        self.learned = 0
        self.refused = []

    def open(self):
        return self.microphone.open()

    def stuck(self):
        return self.microphone.stuck()

    def recognise(self, speech):
        return self.classifier.recognise(speech)

    def learn(self):
        self.learned += 1

    def refuse(self, emotion):
        self.refused.append(emotion)


class SteppingClock(SimulatedClock):
    """Time passes only when somebody looks: ``step`` seconds, by default between two evenings."""

    step = 80_000.0

    def now(self):
        self.sleep(self.step)
        return super().now()


class Appliance:
    """A daemon at work among fakes, and what it was seen to do."""

    def __init__(
        self, recording: Path, folder: Path, spotify: SpotifyStandIn, broken=None, service=None
    ):
        self.clock = SimulatedClock()
        self.pins = pin_factory()
        self.button = SimulatedButton(ButtonConfig(hold_seconds=0.05), self.pins)
        self.spotify = spotify
        self.account = spotify.account(folder / "token.json")
        self._socket = Socket(
            RecordedMicrophone(recording, self.clock),
            ScriptedClassifier.nearly_certain(Emotion.SAD),
        )
        self.history = History(folder / "history.json")
        self.playlists = Playlists((music(folder),), self.history)
        self.broken = broken
        self.service = service or SimulatedServiceManager()
        light = Light(GpioLed(LightConfig(), self.pins), self.clock)
        self.presses = SteppingClock()
        self.daemon = Daemon(self._load, self.button, light, self.service, clock=self.presses)
        self.cues = []
        self._seen = queue.Queue()
        self.daemon.watch(self._watch)
        self._thread = threading.Thread(target=self.daemon.run)
        self._thread.start()

    def _load(self):
        if self.broken:
            raise self.broken
        player = SpotifyPlayer(self.account, "", self.clock)
        return Parts(self._socket, self._socket, self.playlists, player)

    def _watch(self, event, state, actions):
        self.cues += [action.cue for action in actions if isinstance(action, events.Show)]
        self._seen.put((event, state))

    def wait_for(self, kind, phase=None, timeout_seconds=PATIENCE_SECONDS):
        """The next event of a kind, or the next one that leads to a phase."""
        while True:
            event, state = self._seen.get(timeout=timeout_seconds)
            if isinstance(event, kind) and phase in (None, state.phase):
                return event

    def press(self, end):
        self.button.press()
        return self.wait_for(end)

    @property
    def microphone(self):
        return self._socket.microphone

    @property
    def learned(self):
        return self._socket.learned

    @property
    def refused(self):
        return self._socket.refused

    def use(self, microphone=None, classifier=None):
        """Put another part into the place of the one that was loaded."""
        self._socket.microphone = microphone or self.microphone
        self._socket.classifier = classifier or self._socket.classifier

    def finish(self):
        """Let everything come to its end that is under way."""
        self.close()

    def close(self):
        self.daemon.stop()
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive()
        self.pins.close()


@pytest.fixture
def spotify():
    with SpotifyStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def build(sentence, tmp_path, spotify):
    appliances = []

    def make(**how):
        appliances.append(Appliance(sentence, tmp_path, spotify, **how))
        return appliances[-1]

    yield make
    for appliance in appliances:
        appliance.close()


@pytest.fixture
def appliance(build):
    made = build()
    made.wait_for(events.Loaded)
    return made


def test_a_press_and_a_sentence_become_music(appliance):
    playing = appliance.press(events.Playing)
    assert playing.playlist.emotion is Emotion.SAD
    assert appliance.spotify.now_playing.playing
    assert appliance.spotify.now_playing.uri == playing.playlist.tracks[0].uri
    assert appliance.history.uris() == [playing.playlist.tracks[0].uri]
    assert appliance.cues == [Cue.PRESSED, Cue.LISTENING, Cue.THINKING, Cue.MOOD, Cue.PLAYING]


def test_the_service_manager_is_told_when_it_is_ready_and_what_it_does(appliance):
    appliance.press(events.Playing)
    appliance.close()
    said = appliance.service.notifications
    assert said[0] == "READY=1"
    assert any(line.startswith("STATUS=Playing on Living room: sad") for line in said)
    assert said[-1] == "STOPPING=1"


class Watchdog(SimulatedServiceManager):
    """Notices that it is fed."""

    def __init__(self):
        super().__init__(watchdog_seconds=0.01)
        self.fed = threading.Event()

    def notify_alive(self):
        super().notify_alive()
        self.fed.set()


def test_the_watchdog_is_fed_while_nothing_happens(build):
    watchdog = Watchdog()
    build(service=watchdog)
    assert watchdog.fed.wait(PATIENCE_SECONDS)


class HeldMicrophone:
    """A microphone in a quiet room where time stands still until ``go`` is set."""

    def __init__(self):
        self.go = threading.Event()
        self.open_now = False

    @contextmanager
    def open(self):
        self.open_now = True
        try:
            yield self._pieces()
        finally:
            self.open_now = False

    def stuck(self):
        return False

    def _pieces(self):
        noise = np.random.default_rng(0)
        while self.go.wait(PATIENCE_SECONDS):
            yield noise.normal(scale=0.001, size=512).astype(np.float32)


@pytest.fixture
def held(appliance):
    """The appliance with music, and a microphone that waits."""
    appliance.press(events.Playing)
    appliance.use(HeldMicrophone())
    yield appliance
    appliance.microphone.go.set()


def test_music_is_silent_while_the_microphone_is_open(held):
    held.press(events.Opened)
    assert not held.spotify.now_playing.playing


def test_music_goes_on_when_nobody_speaks(held):
    held.microphone.go.set()
    nothing = held.press(events.NothingHeard)
    assert nothing.why is Unheard.NO_SPEECH
    assert held.cues[-1] is Cue.UNHEARD
    held.finish()
    assert held.spotify.now_playing.playing


def test_a_press_while_listening_closes_the_microphone_and_lets_the_music_go_on(held):
    held.press(events.Opened)
    held.press(events.Pressed)
    held.microphone.go.set()
    held.finish()
    assert held.cues[-1] is Cue.CANCELLED
    assert not held.microphone.open_now
    assert held.spotify.now_playing.playing


class SlowMicrophone(HeldMicrophone):
    """A microphone that takes its time to open, and notices music while it is open."""

    def __init__(self, spotify):
        super().__init__()
        self._spotify = spotify
        self.asked = threading.Event()
        self.over_music = False

    @contextmanager
    def open(self):
        self.asked.set()
        self.go.wait(PATIENCE_SECONDS)
        self.over_music |= self._spotify.now_playing.playing
        with super().open() as pieces:
            yield pieces
        self.over_music |= self._spotify.now_playing.playing


def test_a_cancel_while_the_microphone_opens_lets_the_music_go_on_only_when_it_is_shut(held):
    microphone = SlowMicrophone(held.spotify)
    held.use(microphone)
    held.button.press()
    assert microphone.asked.wait(PATIENCE_SECONDS)
    held.press(events.Pressed)
    with pytest.raises(queue.Empty):
        held.wait_for(events.Resumed, timeout_seconds=0.3)
    microphone.go.set()
    held.wait_for(events.Resumed)
    assert held.spotify.now_playing.playing
    assert not microphone.over_music


def test_a_microphone_that_was_cancelled_before_it_opened_stays_shut(held):
    blocking = threading.Event()
    held.daemon._listener.do(lambda: blocking.wait(PATIENCE_SECONDS), PATIENCE_SECONDS)
    microphone = SlowMicrophone(held.spotify)
    held.use(microphone)
    held.button.press()
    held.wait_for(events.Paused)
    held.press(events.Pressed)
    blocking.set()
    held.wait_for(events.Resumed)
    assert not microphone.asked.is_set()


def test_holding_the_button_stops_the_music(held):
    held.button.hold()
    held.wait_for(events.Held)
    held.microphone.go.set()
    held.finish()
    assert not held.spotify.now_playing.playing


def test_an_end_in_mid_sentence_closes_the_microphone_and_darkens_the_light(held):
    held.press(events.Opened)
    held.microphone.go.set()
    held.close()
    assert not held.microphone.open_now
    assert all(held.pins.pin(number).states[-1].state == 0 for number in (22, 27, 24))


def test_a_microphone_that_is_unplugged_is_fault_1_and_works_when_it_is_back(appliance):
    appliance.microphone.plugged_in = False
    assert isinstance(appliance.press(events.Failed).error, MicrophoneError)
    assert appliance.cues[-1] is Cue.FAULT_1
    appliance.microphone.plugged_in = True
    appliance.press(events.Playing)


def test_a_microphone_that_is_unplugged_in_mid_sentence_is_fault_1(appliance, sentence):
    appliance.use(RecordedMicrophone(sentence, appliance.clock, unplug_after_seconds=0.8))
    assert isinstance(appliance.press(events.Failed).error, MicrophoneError)
    assert appliance.cues[-1] is Cue.FAULT_1


def test_a_muted_microphone_is_fault_1(appliance, tmp_path):
    silence = tmp_path / "silence.wav"
    with wave.open(str(silence), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(64_000))
    appliance.microphone.path = silence
    assert appliance.press(events.NothingHeard).why is Unheard.SILENT
    assert appliance.cues[-1] is Cue.FAULT_1


def test_a_speaker_that_is_gone_is_fault_4_and_the_next_press_works(appliance):
    speaker = appliance.spotify.player.speakers[0]
    speaker.asleep = True
    assert isinstance(appliance.press(events.MusicFailed).error, SpeakerError)
    assert appliance.cues[-1] is Cue.FAULT_4
    speaker.asleep = False
    appliance.press(events.Playing)


def test_spotify_out_of_reach_is_fault_2_and_amber_until_the_next_music(appliance):
    appliance.spotify.fail_next(Trouble.DROP, times=20)
    assert isinstance(appliance.press(events.MusicFailed).error, NetworkError)
    assert appliance.cues[-2:] == [Cue.FAULT_2, Cue.OFFLINE]


def test_nobody_logged_in_is_fault_3(appliance, tmp_path):
    (tmp_path / "token.json").unlink()
    assert isinstance(appliance.press(events.MusicFailed).error, AccountError)
    assert appliance.cues[-1] is Cue.FAULT_3


def test_a_login_that_ends_is_fault_3_and_a_new_one_is_taken_without_a_restart(appliance):
    appliance.spotify.accounts.end_logins()
    assert "run `emotify login` again" in str(appliance.press(events.MusicFailed).error)
    assert appliance.cues[-1] is Cue.FAULT_3
    appliance.spotify.requests.clear()
    appliance.press(events.MusicFailed)
    assert appliance.spotify.requests == []
    appliance.spotify.log_in(appliance.account)
    appliance.press(events.Playing)


def test_the_volume_comes_up_after_the_music_began(appliance):
    def levels():
        return [
            int(request.query["volume_percent"])
            for request in appliance.spotify.requests
            if request.path == "/v1/me/player/volume"
        ]

    appliance.press(events.Playing)
    # The end of the daemon would cut the fade short.
    deadline = monotonic() + PATIENCE_SECONDS
    while len(levels()) < 3 and monotonic() < deadline:
        pass
    assert levels() == [14, 27, 40]


LIKELY = dict.fromkeys(Emotion, 0.05) | {Emotion.SAD: 0.4, Emotion.HAPPY: 0.3}
"""Sad, then happy, then neutral and the others in their order."""


def test_two_quick_presses_play_the_next_likeliest_mood(appliance):
    appliance.use(classifier=ScriptedClassifier(LIKELY))
    appliance.press(events.Playing)
    appliance.presses.step = 0.2
    for emotion in (Emotion.HAPPY, Emotion.NEUTRAL):
        appliance.press(events.Pressed)
        playing = appliance.press(events.Playing)
        assert playing.playlist.emotion is emotion
        assert appliance.spotify.now_playing.playing
    appliance.finish()
    assert appliance.cues[-3:] == [Cue.PRESSED, Cue.MOOD, Cue.PLAYING]
    assert appliance.refused == [Emotion.SAD, Emotion.HAPPY]
    assert appliance.learned == 1


@pytest.fixture
def quick(appliance):
    """The appliance with somebody who presses every 0.2 s, and a mood with a next likeliest one."""
    appliance.use(classifier=ScriptedClassifier(LIKELY))
    appliance.presses.step = 0.2
    return appliance


def test_two_quick_presses_before_there_was_a_mood_cancel(quick):
    quick.use(HeldMicrophone())
    quick.press(events.Pressed)
    quick.press(events.Pressed)
    assert quick.cues[-1] is Cue.CANCELLED
    quick.microphone.go.set()
    quick.finish()
    assert quick.refused == []
    assert quick.spotify.now_playing is None


def test_two_quick_presses_after_a_mood_that_is_not_sure_play_it(quick):
    quick.use(classifier=ScriptedClassifier(LIKELY, threshold=0.9))
    quick.press(events.Recognised)
    quick.press(events.Pressed)
    assert quick.press(events.Playing).playlist.emotion is Emotion.SAD
    assert quick.refused == []


def test_two_quick_presses_after_music_that_failed_try_the_next_mood(quick):
    speaker = quick.spotify.player.speakers[0]
    speaker.asleep = True
    quick.press(events.MusicFailed)
    quick.press(events.Pressed)
    assert isinstance(quick.press(events.MusicFailed).error, SpeakerError)
    speaker.asleep = False
    quick.press(events.Pressed)
    assert quick.press(events.Playing).playlist.emotion is Emotion.NEUTRAL
    assert quick.refused == [Emotion.SAD, Emotion.HAPPY]


def test_when_all_eight_moods_are_refused_the_music_stops(quick):
    quick.press(events.Playing)
    for _ in range(7):
        quick.press(events.Pressed)
        quick.press(events.Playing)
    quick.press(events.Pressed)
    quick.press(events.Stopped)
    assert quick.cues[-1] is Cue.CANCELLED
    assert sorted(quick.refused) == sorted(Emotion)
    quick.finish()
    assert not quick.spotify.now_playing.playing
    assert len(quick.refused) == 8


def test_the_next_mood_waits_until_the_microphone_of_the_first_press_is_shut(appliance):
    appliance.presses.step = 0.2
    appliance.press(events.Playing)
    microphone = SlowMicrophone(appliance.spotify)
    appliance.use(microphone)
    appliance.press(events.Pressed)
    assert microphone.asked.wait(PATIENCE_SECONDS)
    appliance.press(events.Pressed)
    with pytest.raises(queue.Empty):
        appliance.wait_for(events.Playing, timeout_seconds=0.3)
    microphone.go.set()
    appliance.wait_for(events.Playing)
    assert not microphone.over_music


def test_not_sure_plays_nothing_and_says_so(appliance):
    appliance.use(classifier=ScriptedClassifier(dict.fromkeys(Emotion, 0.125), threshold=0.5))
    assert not appliance.press(events.Recognised).mood.sure
    appliance.finish()
    assert appliance.cues[-1] is Cue.UNSURE
    assert appliance.spotify.now_playing is None


def test_what_cannot_be_loaded_is_fault_6_and_is_tried_again_at_the_next_press(build):
    appliance = build(broken=ModelError("models/emotion.tflite is cut short."))
    appliance.wait_for(events.LoadFailed)
    assert appliance.cues[-1] is Cue.FAULT_6
    assert appliance.service.notifications == [
        "READY=1",
        "STATUS=models/emotion.tflite is cut short.",
    ]
    appliance.broken = None
    appliance.press(events.Playing)


def test_only_a_sentence_with_a_mood_takes_part_in_the_household(appliance):
    appliance.press(events.Playing)
    appliance.microphone.plugged_in = False
    appliance.press(events.Failed)
    appliance.microphone.plugged_in = True
    appliance.press(events.Opened)
    appliance.press(events.Pressed)
    assert appliance.cues[-1] is Cue.CANCELLED
    appliance.finish()
    assert (appliance.learned, appliance.refused) == (1, [])


class AnsweringLater:
    """A classifier that notes the sentences, and answers when it is told to."""

    def __init__(self):
        self.sentences = []
        self.asked, self.go = threading.Event(), threading.Event()

    def recognise(self, speech):
        self.sentences.append(speech)
        self.asked.set()
        assert self.go.wait(PATIENCE_SECONDS)
        return Mood.certain(Emotion.CALM)


class PausingMicrophone(RecordedMicrophone):
    """Waits in the silence after the sentence until the classifier is at work."""

    def __init__(self, path, classifier):
        super().__init__(path, SimulatedClock())
        self._classifier = classifier
        self.paused = False

    def _pieces(self):
        yield from recording.read(self.path)
        yield np.zeros(round(0.35 * SAMPLE_RATE), np.float32)
        self.paused = self._classifier.asked.wait(PATIENCE_SECONDS)
        self._classifier.go.set()
        yield np.zeros(SAMPLE_RATE, np.float32)


def test_recognising_begins_in_the_pause_before_the_end_and_is_done_once(appliance):
    classifier = AnsweringLater()
    microphone = PausingMicrophone(appliance.microphone.path, classifier)
    appliance.use(microphone, classifier)
    playing = appliance.press(events.Playing)
    assert playing.playlist.emotion is Emotion.CALM
    assert microphone.paused
    assert len(classifier.sentences) == 1


def test_a_press_in_that_pause_cancels_and_nothing_of_the_sentence_is_kept(appliance):
    classifier = AnsweringLater()
    appliance.use(classifier=classifier)
    appliance.press(events.Opened)
    assert classifier.asked.wait(PATIENCE_SECONDS)
    appliance.press(events.Pressed)
    assert appliance.cues[-1] is Cue.CANCELLED
    classifier.go.set()
    appliance.finish()
    kept = weakref.ref(classifier.sentences[0])
    classifier.sentences.clear()
    gc.collect()
    assert kept() is None
    assert appliance.learned == 0
    assert Cue.MOOD not in appliance.cues


class BuggyClassifier:
    """A classifier that nobody finished."""

    def recognise(self, speech):
        raise ZeroDivisionError("oops")


def test_a_bug_is_told_and_the_daemon_goes_on(appliance, caplog):
    appliance.use(classifier=BuggyClassifier())
    assert "oops" in str(appliance.press(events.Failed).error)
    assert appliance.cues[-1] is Cue.FAULT_6
    assert "Traceback" in caplog.text
    appliance.use(classifier=ScriptedClassifier.nearly_certain(Emotion.CALM))
    appliance.press(events.Playing)


def test_the_watchdog_is_fed_however_often_the_button_is_pressed(build):
    appliance = build(service=SimulatedServiceManager(watchdog_seconds=1000.0))
    appliance.wait_for(events.Loaded)
    for _ in range(5):
        before = appliance.service.notifications.count("WATCHDOG=1")
        appliance.daemon.press()
        appliance.wait_for(events.Pressed)
        appliance.wait_for(object)
        assert appliance.service.notifications.count("WATCHDOG=1") > before


class Stuck:
    """A classifier, or a player, that never comes back; a microphone that never lets go."""

    def __init__(self):
        self.let_go = threading.Event()

    def recognise(self, speech):
        self.let_go.wait(PATIENCE_SECONDS)

    def state(self):
        return MusicState.UNKNOWN

    def pause(self, is_awaited):
        self.let_go.wait(PATIENCE_SECONDS)

    def stuck(self):
        return True


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("microphone", "The microphone hangs"),
        ("classifier", "The emotion model hangs"),
        ("player", "The player hangs"),
    ],
)
def test_what_hangs_past_its_deadline_ends_the_daemon(sentence, tmp_path, part, words):
    stuck, clock, pins = Stuck(), SimulatedClock(), pin_factory()
    playlists = Playlists((music(tmp_path),), History(tmp_path / "history.json"))
    parts = Parts(RecordedMicrophone(sentence, clock), stuck, playlists, Silent())
    parts = replace(parts, **{part: stuck})
    button = SimulatedButton(ButtonConfig(), pins)
    light = Light(GpioLed(LightConfig(), pins), clock)
    service = SimulatedServiceManager(watchdog_seconds=0.02)
    deadlines = Deadlines(recognise=0.05, music=0.05)
    daemon = Daemon(lambda: parts, button, light, service, deadlines)
    daemon.watch(lambda event, *_: daemon.press() if isinstance(event, events.Loaded) else None)
    with pytest.raises(HungError, match=words):
        daemon.run()
    stuck.let_go.set()
    assert service.notifications[-1] == "STOPPING=1"
    pins.close()


class Silent:
    """A player that has nothing to do."""

    def state(self):
        return MusicState.OFF
