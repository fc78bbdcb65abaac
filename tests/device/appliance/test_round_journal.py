import json
import logging

import numpy as np
import pytest

from device.appliance import events
from device.appliance.machine import begin, step
from device.appliance.round_journal import RoundJournal
from device.errors import ConfigError, NetworkError, SpeakerError
from device.mood import Emotion, Mood
from device.playlist.playlist import Playlist
from device.simulation.clock import SimulatedClock
from device.speech.endpointing import Unheard

SPEECH = np.ones(32_000, np.float32)
SAD = Mood.certain(Emotion.SAD)
MUSIC = Playlist(Emotion.SAD, "sad: slow", ())


class Box:
    """A state machine and its journal; what happens takes a second each time."""

    def __init__(self, clock, records):
        self._clock = clock
        self._records = records
        self._journal = RoundJournal(clock)
        self._state, _ = begin()

    def happens(self, *sequence):
        """The records that are logged for these events."""
        before = len(self._records)
        for event in sequence:
            self._clock.sleep(1.0)
            self._state, actions = step(self._state, event)
            self._journal.watch(event, self._state, actions)
        return self._records[before:]

    def round(self, *after_the_press):
        """A round; its events are made from its number and that of the command."""
        number = self._state.round + 1
        self._clock.sleep(1000.0)
        logged = self.happens(events.Pressed(self._clock.now()))
        if self._state.phase.name == "PAUSING":
            logged += self.happens(events.Paused(self._state.command, resumable=False))
        for make in after_the_press:
            logged += self.happens(make(number, self._state.command))
        return logged


def opened(number, command):
    return events.Opened(number)


def heard(number, command):
    return events.Heard(number, SPEECH)


def recognised(number, command):
    return events.Recognised(number, SAD, at=0.0)


def playing(number, command):
    return events.Playing(command, MUSIC, "Kitchen")


def out_of_reach(number, command):
    return events.MusicFailed(command, NetworkError("No network."))


def not_found(number, command):
    return events.MusicFailed(command, SpeakerError("No speaker."))


def silent(number, command):
    return events.NothingHeard(number, Unheard.SILENT)


def no_speech(number, command):
    return events.NothingHeard(number, Unheard.NO_SPEECH)


GOOD = (opened, heard, recognised, playing)


class Records(logging.Handler):
    """Keeps all records."""

    def __init__(self):
        super().__init__()
        self.kept = []

    def emit(self, record):
        self.kept.append(record)


@pytest.fixture
def box(caplog):
    caplog.set_level(logging.DEBUG)
    records = Records()
    logging.getLogger().addHandler(records)
    box = Box(SimulatedClock(), records.kept)
    (ready,) = box.happens(events.Loaded())
    assert ready.message.startswith("Ready")
    yield box
    logging.getLogger().removeHandler(records)


def test_a_round_is_one_line_with_its_figures(box):
    (record,) = box.round(*GOOD)
    assert record.levelno == logging.INFO
    assert record.message == (
        "Heard 2.0 s of speech. The mood: sad 100% (then neutral 0%). "
        "Playing on Kitchen: sad: slow."
    )
    assert record.EMOTIFY_ROUND == 1
    assert record.EMOTIFY_EMOTION == "sad"
    assert json.loads(record.EMOTIFY_PROBABILITIES)["sad"] == 1.0
    assert record.EMOTIFY_OPENING_SECONDS == "1.000"
    assert record.EMOTIFY_LISTENING_SECONDS == "1.000"
    assert record.EMOTIFY_RECOGNISING_SECONDS == "1.000"
    assert record.EMOTIFY_STARTING_MUSIC_SECONDS == "1.000"


def test_a_round_without_speech_is_one_line_and_no_error(box):
    (record,) = box.round(opened, no_speech)
    assert (record.levelno, record.EMOTIFY_ROUND) == (logging.INFO, 1)
    assert not hasattr(record, "EMOTIFY_EMOTION")


def test_the_figures_of_a_round_do_not_come_again_in_the_next(box):
    box.round(*GOOD)
    (record,) = box.round(opened, no_speech)
    assert record.EMOTIFY_ROUND == 2
    assert not hasattr(record, "EMOTIFY_EMOTION")


def test_a_press_that_cancels_is_a_line(box):
    (record,) = box.round(opened, lambda number, command: events.Pressed(10.0**6))
    assert record.message == "Cancelled."


def errors(records):
    return [record for record in records if record.levelno >= logging.ERROR]


def test_a_fault_that_persists_is_logged_once_and_when_it_is_over(box):
    (first,) = box.round(opened, heard, recognised, out_of_reach)
    assert (first.levelno, first.EMOTIFY_FAULT) == (logging.ERROR, 2)
    for _ in range(3):
        (again,) = box.round(opened, heard, recognised, out_of_reach)
        assert again.levelno == logging.DEBUG
    over, good = box.round(*GOOD)
    assert (over.levelno, over.message) == (logging.INFO, "Fault 2 is over.")
    assert good.message.endswith("Playing on Kitchen: sad: slow.")
    assert errors(box.round(opened, heard, recognised, out_of_reach))


def test_another_fault_is_logged(box):
    box.round(opened, heard, recognised, out_of_reach)
    (record,) = box.round(opened, heard, recognised, not_found)
    assert (record.levelno, record.EMOTIFY_FAULT) == (logging.ERROR, 4)


def test_a_muted_microphone_is_a_fault_until_it_is_heard(box):
    (record,) = box.round(opened, silent)
    assert (record.levelno, record.EMOTIFY_FAULT) == (logging.ERROR, 1)
    records = box.round(opened, heard)
    assert [record.message for record in records] == ["Fault 1 is over."]


def test_a_wrong_configuration_is_logged_once_however_often_it_is_read(box):
    wrong = events.LoadFailed(ConfigError("2 mistakes: ..."))
    assert len(errors(box.happens(events.Changed(), wrong))) == 1
    assert not errors(box.happens(events.Changed(), wrong))
    records = box.happens(events.Changed(), events.Loaded())
    assert "Fault 6 is over." in [record.message for record in records]


def test_nothing_is_logged_of_what_leads_to_nothing(box):
    assert box.happens(events.Opened(7), events.Playing(99, MUSIC, "Kitchen")) == []
