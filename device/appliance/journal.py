"""A line for every event that matters to a person, and where the log goes."""

import logging
import os

from device.appliance import events
from device.appliance.machine import State
from device.light.patterns import Cue
from device.microphone import SAMPLE_RATE
from device.mood import Mood

PRESSED = "Pressed."

_log = logging.getLogger(__name__)


def line(event: events.Event, actions: tuple[events.Action, ...] = ()) -> str | None:
    """The line for an event and what it led to; None for an event that does not matter."""
    match event:
        case events.Loaded():
            return "Ready: press the button and say a sentence."
        case events.Changed() if actions:
            return "The configuration or the model has changed, and is read again."
        case events.Pressed():
            return _of_press(actions)
        case events.Held():
            return "Held: the music stops."
        case events.Opened():
            return "The microphone is open."
        case events.Heard(speech=speech):
            return f"Heard {len(speech) / SAMPLE_RATE:.1f} s of speech."
        case events.NothingHeard(why=why):
            return f"Nothing to judge: {why}."
        case events.Recognised(mood=mood):
            return f"The mood: {mood_text(mood)}."
        case events.Playing(playlist=playlist, speaker=speaker):
            first = playlist.tracks[:1]
            begin = "".join(f' First: "{track.title}", {track.artist}.' for track in first)
            return f"Playing on {speaker}: {playlist.name}.{begin}"
        case events.LoginChanged(problem=problem, days=days):
            return problem or _remaining(days)
        case (
            events.LoadFailed(error=error)
            | events.Failed(error=error)
            | events.MusicFailed(error=error)
        ):
            return str(error)
    return None


def _of_press(actions: tuple[events.Action, ...]) -> str:
    refused = [action.emotion for action in actions if isinstance(action, events.Refuse)]
    moods = [action.mood for action in actions if isinstance(action, events.Play)]
    if moods:
        before = f"Not {refused[0]}" if refused else "Not sure before"
        return f"{before}. The next likeliest mood: {mood_text(moods[0])}."
    if refused:
        return f"Not {refused[0]} either, and no mood is left: say it once more."
    return "Cancelled." if events.Show(Cue.CANCELLED) in actions else PRESSED


def _remaining(days: int | None) -> str:
    if days is None:
        return "Logged in to Spotify."
    when = f"in {days} days" if days else "any day now"
    return f"The login to Spotify ends {when}: run `emotify login` before it does."


def mood_text(mood: Mood) -> str:
    """The two most likely emotions of a mood, and whether it is sure."""
    chance = mood.probabilities
    first, second = sorted(chance, key=lambda emotion: chance[emotion], reverse=True)[:2]
    doubt = "" if mood.sure else ", not sure"
    return f"{first} {chance[first]:.0%} (then {second} {chance[second]:.0%}){doubt}"


def level(event: events.Event) -> int:
    """The level of an event, as in :mod:`logging`."""
    match event:
        case events.LoadFailed() | events.Failed() | events.MusicFailed():
            return logging.ERROR
        case events.LoginChanged(problem=problem, days=days) if problem or days is not None:
            return logging.WARNING
    return logging.INFO


def watch_steps(event: events.Event, state: State, actions: tuple[events.Action, ...]) -> None:
    """Log every line; a watcher of the daemon (:data:`device.appliance.daemon.Watcher`)."""
    if actions and (words := line(event, actions)):
        _log.log(level(event), words)


def is_in_journal() -> bool:
    """Whether stderr goes to the journal, as systemd.exec(5) says how to find out."""
    stderr = os.fstat(2)
    return os.environ.get("JOURNAL_STREAM") == f"{stderr.st_dev}:{stderr.st_ino}"


def begin(level: int = logging.INFO) -> None:
    """Send the log to the journal under systemd, to stderr elsewhere."""
    if is_in_journal():
        from systemd.journal import JournalHandler

        handler: logging.Handler = JournalHandler(SYSLOG_IDENTIFIER="emotify")
    else:
        handler = logging.StreamHandler()
    # The journal has the level and the module as fields.
    form = "%(message)s" if is_in_journal() else "%(levelname).1s %(message)s"
    handler.setFormatter(logging.Formatter(form))
    logging.basicConfig(level=level, handlers=[handler])
