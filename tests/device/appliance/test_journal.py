import logging
import os
import subprocess
import sys

import numpy as np

from device.appliance import events, journal
from device.errors import NetworkError
from device.light.patterns import Cue
from device.mood import Emotion, Mood
from device.playlist.playlist import Playlist, Track
from device.speech.endpointing import Unheard

SAD = Mood({Emotion.SAD: 0.6, Emotion.CALM: 0.4} | dict.fromkeys(set(Emotion) - {"sad", "calm"}, 0))


def test_every_step_of_a_round_is_a_line_for_people():
    playlist = Playlist(Emotion.SAD, "sad: slow", (Track("spotify:track:1", "Blue", "Joni"),))
    assert journal.line(events.Heard(1, np.zeros(24_000))) == "Heard 1.5 s of speech."
    assert journal.line(events.Recognised(1, SAD, at=0)) == "The mood: sad 60% (then calm 40%)."
    assert journal.line(events.Playing(1, playlist, "Kitchen")) == (
        'Playing on Kitchen: sad: slow. First: "Blue", Joni.'
    )
    assert "too short" in journal.line(events.NothingHeard(1, Unheard.TOO_SHORT))
    assert journal.line(events.Paused(1, resumable=True)) is None


def test_a_press_that_cancels_is_said_to_do_so():
    assert journal.line(events.Pressed(0), (events.Show(Cue.PRESSED),)) == "Pressed."
    assert journal.line(events.Pressed(0), (events.Show(Cue.CANCELLED),)) == "Cancelled."


def test_two_presses_say_what_it_was_not_and_what_is_next():
    refuse, play = events.Refuse(Emotion.HAPPY), events.Play(3, SAD)
    pressed = events.Pressed(0)
    assert journal.line(pressed, (refuse, play)) == (
        "Not happy. The next likeliest mood: sad 60% (then calm 40%)."
    )
    assert journal.line(pressed, (play,)).startswith("Not sure before. The next likeliest mood: s")
    assert journal.line(pressed, (refuse, events.Stop(3))).startswith("Not happy either")


def test_a_mood_that_is_not_sure_is_said_to_be_so():
    unsure = Mood(SAD.probabilities, threshold=0.7)
    assert journal.line(events.Recognised(1, unsure, at=0)).endswith("(then calm 40%), not sure.")


def test_a_fault_is_an_error_and_the_rest_is_information():
    failed = events.Failed(1, NetworkError("No network."))
    assert journal.line(failed) == "No network."
    assert journal.level(failed) == logging.ERROR
    assert journal.level(events.Loaded()) == logging.INFO


def test_without_a_journal_the_log_goes_to_stderr():
    program = (
        "from device.appliance import journal; import logging;"
        "journal.begin(); logging.info('Ready.')"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env={})
    assert run.stderr == "I Ready.\n"


def test_the_journal_is_used_only_where_stderr_leads_to_it():
    program = (
        "import os; from device.appliance import journal;"
        "print(journal.is_in_journal()); stderr = os.fstat(2);"
        "os.environ['JOURNAL_STREAM'] = f'{stderr.st_dev}:{stderr.st_ino}';"
        "print(journal.is_in_journal())"
    )
    # As in a terminal that was begun by a service of the desktop.
    run = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env=os.environ | {"JOURNAL_STREAM": "9:12345"},
    )
    assert run.stdout.split() == ["False", "True"]


def test_the_end_of_the_login_is_a_warning_and_a_good_one_is_not():
    assert journal.line(events.LoginChanged(None, 14)) == (
        "The login to Spotify ends in 14 days: run `emotify login` before it does."
    )
    assert "any day now" in journal.line(events.LoginChanged(None, 0))
    assert journal.level(events.LoginChanged(None, 14)) == logging.WARNING
    assert journal.line(events.LoginChanged("Nobody is logged in.", None)) == "Nobody is logged in."
    assert journal.level(events.LoginChanged("Nobody is logged in.", None)) == logging.WARNING
    assert journal.line(events.LoginChanged(None, None)) == "Logged in to Spotify."
    assert journal.level(events.LoginChanged(None, None)) == logging.INFO
