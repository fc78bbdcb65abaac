"""The daemon: carries out the actions of the state machine, and passes the results back as events.

The main thread takes events from a queue, one after the other. Three worker threads do the slow
work: one loads and listens, one recognises, and one controls the player. Each puts its result into
the queue as an event, so work that hangs does not block the button.

Recognising begins at each pause that may be the end of the sentence, while the first worker goes on
listening (:mod:`device.emotion.speculation`).

Work that is past its deadline, or a microphone whose driver never returns, ends the process, and
the service manager restarts it: a thread that is stuck in a driver cannot be ended, and recording
in a process of its own would need the memory of a second Python interpreter all the time. The main
loop notifies the watchdog at every turn; if ending the process hangs as well, the watchdog is not
notified any more, and kills it.
"""

import logging
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass
from functools import partial
from time import monotonic

import numpy as np

from device.appliance import events, journal, memory
from device.appliance.login_reminder import LoginReminder
from device.appliance.machine import State, begin, step
from device.appliance.service_manager import ServiceManager
from device.button import Button
from device.clock import Clock, SystemClock
from device.emotion.model import Classifier
from device.emotion.speculation import SpeculativeClassifier
from device.errors import EmotifyError, Fault
from device.light.light import Light
from device.microphone.microphone import Microphone
from device.mood import Mood
from device.player import MusicState, Player
from device.playlist.playlist import Playlists
from device.speech import endpointing

_log = logging.getLogger(__name__)

_FINISH_SECONDS = 2.0
_CLOSE_SECONDS = 6.0
"""Longest wait for the microphone to close; one that does not open takes five."""
_STEP_SECONDS = 0.05
_SPECULATIONS = 2
_LOOP_SECONDS = 15.0
"""The period of the main loop while there are no events and no watchdog."""

Watcher = Callable[[events.Event, State, tuple[events.Action, ...]], None]
"""Is called with every event, the state after it, and the actions that were started."""


@dataclass(frozen=True)
class Parts:
    """What a round needs.

    Attributes
    ----------
    microphone : Microphone
    classifier : Classifier
    playlists : Playlists
    player : Player
    guess : bool
        Whether a mood that is not sure is played.
    reminder : LoginReminder, optional
    """

    microphone: Microphone
    classifier: Classifier
    playlists: Playlists
    player: Player
    _: KW_ONLY
    guess: bool = False
    reminder: LoginReminder | None = None


@dataclass(frozen=True)
class Deadlines:
    """How long each kind of work may take; work that takes longer hangs.

    They are far longer than on the slowest Pi, and longer than the timeouts within the work.

    Attributes
    ----------
    load, listen, recognise, music : float > 0 (in seconds)
    """

    load: float = 120.0
    listen: float = 40.0
    recognise: float = 30.0
    music: float = 30.0


class HungError(EmotifyError):
    """A part of the device hangs; only a restart of the process helps."""

    fault = Fault.SETUP


class BugError(EmotifyError):
    """Something that should never happen did."""

    fault = Fault.SETUP


class Worker(threading.Thread):
    """A daemon thread that does one task after the other."""

    def __init__(self, name: str):
        super().__init__(name=name, daemon=True)
        self._tasks: queue.SimpleQueue[tuple[Callable[[], None], float] | None]
        self._tasks = queue.SimpleQueue()
        self._due: float | None = None
        self.start()

    def do(self, task: Callable[[], None], seconds: float) -> None:
        """Queue a task; it hangs when it takes longer than ``seconds``."""
        self._tasks.put((task, seconds))

    @property
    def hangs(self) -> bool:
        """Whether the present task is past its deadline."""
        due = self._due
        return due is not None and monotonic() > due

    def is_awaited(self) -> bool:
        """Whether another task waits for the present one to end."""
        return not self._tasks.empty()

    def finish(self, seconds: float) -> None:
        """Wait for the queued tasks, at most for ``seconds``."""
        self._tasks.put(None)
        self.join(seconds)

    def run(self) -> None:
        while (work := self._tasks.get()) is not None:
            task, seconds = work
            self._due = monotonic() + seconds
            task()
            self._due = None


class Daemon:
    """Runs the device.

    Parameters
    ----------
    load : callable
        Returns the :class:`Parts`, or raises an EmotifyError; is called again at the next press
        after a failure.
    button : Button
    light : Light
    service : ServiceManager
    deadlines : Deadlines
    has_changed : callable
        Whether what ``load`` reads has changed since the last call; is called now and then.
    speculations : int
        How often the recognition may begin before the end of one sentence.
    clock : Clock, optional
        Measures the time between two presses; the system's by default.
    """

    def __init__(
        self,
        load: Callable[[], Parts],
        button: Button,
        light: Light,
        service: ServiceManager,
        deadlines: Deadlines | None = None,
        has_changed: Callable[[], bool] = lambda: False,
        speculations: int = _SPECULATIONS,
        clock: Clock | None = None,
    ):
        self._clock = clock or SystemClock()
        self._speculations = speculations
        self._deadlines = deadlines or Deadlines()
        self._load = load
        self._has_changed = has_changed
        self._button = button
        self._light = light
        self._service = service
        self._watchers: list[Watcher] = []
        self._parts: Parts | None = None
        self._classifier: SpeculativeClassifier | None = None
        self._events: queue.SimpleQueue[events.Event | None] = queue.SimpleQueue()
        self._cancelled = threading.Event()
        self._closed = threading.Event()
        self._closed.set()
        self._ending = False
        memory.use_one_heap()
        self._listener = Worker("listener")
        self._recogniser = Worker("recogniser")
        self._player_worker = Worker("player")

    def watch(self, watcher: Watcher) -> None:
        """Call a watcher with everything that happens from now on."""
        self._watchers.append(watcher)

    def press(self) -> None:
        """Press the button; may be called from any thread."""
        self._events.put(events.Pressed(self._clock.now()))

    def hold(self) -> None:
        """Hold the button."""
        self._events.put(events.Held())

    def test_light(self) -> None:
        """Show the colours of the light; may be called from any thread."""
        self._events.put(events.LightTested())

    def reload(self) -> None:
        """Load everything again after the current round; may be called from any thread."""
        self._events.put(events.Changed())

    def stop(self) -> None:
        """Make :meth:`run` return; may be called from any thread."""
        self._events.put(None)

    def run(self) -> None:
        """Run until :meth:`stop`.

        Raises
        ------
        HungError
            When a part hangs and the process has to be restarted.
        """
        state, actions = begin()
        self._perform(actions)
        self._button.watch(self.press, self.hold)
        try:
            while (event := self._next()) is not None:
                state, actions = step(state, event)
                self._perform(actions)
                if actions:
                    self._report(event, actions)
                for watcher in self._watchers:
                    watcher(event, state, actions)
        finally:
            self._shut_down()

    def _next(self) -> events.Event | None:
        # Half of the watchdog's time, because handling an event takes time as well.
        period = (self._service.watchdog_seconds or 2 * _LOOP_SECONDS) / 2
        while True:
            self._check()
            if self._service.watchdog_seconds:
                self._service.notify_alive()
            if self._has_changed():
                return events.Changed()
            if self._parts and self._parts.reminder and (event := self._parts.reminder.check()):
                return event
            with suppress(queue.Empty):
                return self._events.get(timeout=period)

    def _check(self) -> None:
        microphone = self._parts and self._parts.microphone
        for what, hangs in (
            ("The microphone", self._listener.hangs or (microphone and microphone.stuck())),
            ("The emotion model", self._recogniser.hangs),
            ("The player", self._player_worker.hangs),
            ("The light", self._light.hangs),
        ):
            if hangs:
                raise HungError(f"{what} hangs: Emotify has to be restarted.")

    def _report(self, event: events.Event, actions: tuple[events.Action, ...]) -> None:
        if isinstance(event, events.Loaded | events.LoadFailed):
            self._service.notify_ready()
        if line := journal.line(event, actions):
            self._service.notify_status(line)

    def _shut_down(self) -> None:
        self._ending = True
        self._service.notify_stopping()
        self._button.close()
        self._cancelled.set()
        self._listener.finish(_FINISH_SECONDS)
        self._recogniser.finish(_FINISH_SECONDS)
        self._player_worker.finish(_FINISH_SECONDS)
        self._light.close()

    def _perform(self, actions: tuple[events.Action, ...]) -> None:
        limits = self._deadlines
        for action in actions:
            match action:
                case events.Show(cue, emotion):
                    self._light.show(cue, emotion)
                case events.Clear(layer):
                    self._light.clear(layer)
                case events.Load():
                    self._send(self._listener, limits.load, events.LoadFailed, self._get_parts)
                case events.Listen(number):
                    self._cancelled, self._closed = threading.Event(), threading.Event()
                    task = partial(self._listen, self._cancelled, self._closed)
                    failed = partial(events.Failed, number)
                    self._send(self._listener, limits.listen, failed, task, number)
                case events.StopListening():
                    self._cancelled.set()
                    self._forget()
                case events.Recognise(number, sound):
                    failed = partial(events.Failed, number)
                    self._send(
                        self._recogniser, limits.recognise, failed, self._recognise, number, sound
                    )
                    self._recogniser.do(memory.return_unused, limits.recognise)
                case events.Learn():
                    self._in_recogniser(self._loaded.classifier.learn)
                case events.Refuse(emotion):
                    self._in_recogniser(self._loaded.classifier.refuse, emotion)
                case events.Pause(command):
                    self._order(command, self._pause)
                case events.Play(command, mood):
                    self._order(command, self._play, mood)
                case events.Settle(command):
                    self._order(command, self._settle)
                case events.Resume(command):
                    self._order(command, self._resume)
                case events.Stop(command):
                    self._order(command, self._stop)

    def _order(
        self, command: int, task: Callable[..., events.Event | None], *arguments: object
    ) -> None:
        failed = partial(events.MusicFailed, command)
        self._send(self._player_worker, self._deadlines.music, failed, task, command, *arguments)

    def _send(
        self,
        worker: Worker,
        seconds: float,
        failed: Callable[[EmotifyError], events.Event | None],
        task: Callable[..., events.Event | None],
        *arguments: object,
    ) -> None:
        def work() -> None:
            try:
                event = task(*arguments)
            except EmotifyError as error:
                event = failed(error)
            except Exception as error:
                _log.exception("A bug in Emotify.")
                event = failed(BugError(f"A bug in Emotify: {error!r}. See the journal."))
            if event is not None:
                self._events.put(event)

        worker.do(work, seconds)

    def _get_parts(self) -> events.Event:
        self._parts = parts = self._load()
        self._classifier = SpeculativeClassifier(parts.classifier, self._speculations)
        memory.return_unused()
        return events.Loaded(parts.guess, parts.player.state())

    @property
    def _loaded(self) -> Parts:
        if self._parts is None:
            raise BugError("An action came before everything was loaded.")
        return self._parts

    @property
    def _speculation(self) -> SpeculativeClassifier:
        if self._classifier is None:
            raise BugError("An action came before everything was loaded.")
        return self._classifier

    def _listen(self, cancelled: threading.Event, closed: threading.Event, number: int) -> None:
        heard = None
        try:
            if cancelled.is_set():
                return
            with self._loaded.microphone.open() as pieces:
                self._events.put(events.Opened(number))
                sound = self._with_light(pieces, cancelled)
                heard = endpointing.listen(sound, self._paused)
                # Now, because the microphone needs longer to close than the mood to be recognised.
                self._events.put(
                    events.Heard(number, heard)
                    if isinstance(heard, np.ndarray)
                    else events.NothingHeard(number, heard)
                )
        finally:
            closed.set()
            if cancelled.is_set() or not isinstance(heard, np.ndarray):
                self._forget()

    def _with_light(
        self, pieces: Iterable[np.ndarray], cancelled: threading.Event
    ) -> Iterator[np.ndarray]:
        """The pieces until the button cancels; the light follows their loudness."""
        for piece in pieces:
            if cancelled.is_set():
                return
            self._light.voice(endpointing.loudness(piece))
            yield piece

    def _paused(self, speech: np.ndarray) -> None:
        self._in_recogniser(self._speculate, speech)

    def _speculate(self, speech: np.ndarray) -> None:
        if not self._recogniser.is_awaited():  # Else the sentence is already another one.
            self._speculation.speculate(speech)

    def _forget(self) -> None:
        self._in_recogniser(self._speculation.forget)

    def _in_recogniser(self, task: Callable[..., None], *arguments: object) -> None:
        """What nobody waits for; if it fails, so does the next sentence, and that is reported."""
        self._send(self._recogniser, self._deadlines.recognise, lambda _: None, task, *arguments)

    def _recognise(self, number: int, sound: np.ndarray) -> events.Event:
        mood = self._speculation.recognise(sound)
        return events.Recognised(number, mood, self._clock.now())

    def _pause(self, command: int) -> events.Event:
        return events.Paused(command, self._loaded.player.pause(self._player_worker.is_awaited))

    def _play(self, command: int, mood: Mood) -> events.Event | None:
        # Without a cancel the sentence is over: nothing is recorded while the microphone closes.
        if self._cancelled.is_set() and not self._wait_for_closed_microphone():
            return None
        playlist = self._loaded.playlists.for_mood(mood)
        speaker = self._loaded.player.play(playlist, self._player_worker.is_awaited)
        self._loaded.playlists.add_to_history(playlist)
        return events.Playing(command, playlist, speaker.name)

    def _settle(self, _command: int) -> None:
        self._loaded.player.settle(self._player_worker.is_awaited)

    def _resume(self, command: int) -> events.Event:
        if not self._wait_for_closed_microphone():
            return events.Resumed(command, MusicState.UNKNOWN)
        return events.Resumed(command, self._loaded.player.resume(self._player_worker.is_awaited))

    def _wait_for_closed_microphone(self) -> bool:
        """Whether music may begin: a microphone that was cancelled while it was opening must not
        record it. False when there is another command for the player."""
        deadline = monotonic() + _CLOSE_SECONDS
        while not self._closed.wait(_STEP_SECONDS) and monotonic() < deadline:
            if self._player_worker.is_awaited() and not self._ending:
                return False
        return True

    def _stop(self, command: int) -> events.Event:
        self._loaded.player.stop(self._player_worker.is_awaited)
        return events.Stopped(command)
