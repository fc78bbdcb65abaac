"""`emotify listen`: recognise the mood in recordings, or from the microphone."""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from device import assembly
from device.appliance import journal
from device.clock import SystemClock
from device.config import config
from device.config.config import Config
from device.emotion.household_classifier import HouseholdClassifier
from device.errors import EmotifyError, MicrophoneError, RecordingError
from device.microphone import SAMPLE_RATE, recording
from device.mood import Mood
from device.player import Player
from device.playlist.playlist import Playlist
from device.speech import endpointing

RECORDINGS = "recordings"
"""They sound unlike the box's microphone, so their voices have a mean of their own."""

_BAR_CELLS = 30
_REST_SECONDS = 3.0
"""So much sound after the first sentence may hold another one."""


@dataclass(frozen=True)
class Result:
    """The result of one sentence.

    Attributes
    ----------
    seconds : float
        Its length.
    mood : Mood
    playlist : Playlist or None
        None when the mood is not sure.
    at : float or None
        Where it begins in its recording, in seconds; None when only the first sentence is judged.
    known : int
        How many sentences the answer knows of the household.
    rest : float
        The seconds of the recording after it that were not judged.
    """

    seconds: float
    mood: Mood
    playlist: Playlist | None
    at: float | None = None
    known: int = 0
    rest: float = 0.0


class Listener:
    """From sound to music without button and light.

    Parameters
    ----------
    settings : Config
    play : bool
        Whether to start the music.
    fresh : bool
        Whether to ignore what is known of the household.
    learn : bool
        Whether the sentences take part in it.
    """

    def __init__(self, settings: Config, play: bool, fresh: bool, learn: bool):
        self._settings = settings
        self._microphone = assembly.microphone(settings)
        self._source = RECORDINGS
        self._model = assembly.classifier(settings)
        household = assembly.household(self._model, SystemClock())
        self._household = HouseholdClassifier(self._model, household, lambda: self._source)
        self._fresh, self._learn = fresh, learn
        self._playlists = assembly.playlists(settings)
        self._player: Player | None = assembly.player(settings, SystemClock()) if play else None

    def listen(self, file: str | None) -> Result:
        """Recognise the mood in a file (None: from the microphone), and start the music.

        Raises
        ------
        EmotifyError
        """
        samples = 0

        def counted(pieces: Iterator[np.ndarray]) -> Iterator[np.ndarray]:
            nonlocal samples
            for piece in pieces:
                samples += len(piece)
                yield piece

        with self._sound(file) as sound:
            heard = endpointing.listen(counted(sound))
        if isinstance(heard, endpointing.Unheard):
            kind = RecordingError if file else MicrophoneError
            raise kind(f"{file or 'microphone'}: {heard}.")
        result = self._judge(heard)
        rest = recording.seconds(file) - samples / SAMPLE_RATE if file else 0.0
        return replace(result, rest=rest)

    def listen_to_all(self, file: str) -> Iterator[Result | EmotifyError]:
        """Recognise the mood in each sentence of a file; an error for one that cannot be judged.

        Raises
        ------
        RecordingError
            When there is none, or the file cannot be read.
        """
        found = False
        for at, heard in endpointing.sentences(recording.read(file)):
            found = True
            if isinstance(heard, endpointing.Unheard):
                yield RecordingError(f"{file}, {_time(at)}: {heard}.")
            else:
                yield replace(self._judge(heard), at=at)
        if not found:
            raise RecordingError(f"{file}: {endpointing.Unheard.NO_SPEECH}.")

    def _judge(self, speech: np.ndarray) -> Result:
        known = 0 if self._fresh else self._household.known
        mood = (self._model if self._fresh else self._household).recognise(speech)
        if self._learn:
            self._household.learn()
        is_played = mood.sure or self._settings.mood.when_unsure == "guess"
        playlist = self._playlists.for_mood(mood) if is_played else None
        if playlist and self._player:
            self._player.play(playlist)
            self._player.settle()
            self._playlists.add_to_history(playlist)
        return Result(len(speech) / SAMPLE_RATE, mood, playlist, known=known)

    @contextmanager
    def _sound(self, file: str | None) -> Iterator[Iterator[np.ndarray]]:
        if file:
            yield recording.read(file)
            return
        with self._microphone.open() as sound:
            self._source = self._microphone.device
            print("Say a sentence.", file=sys.stderr)
            yield sound


def run(args: argparse.Namespace) -> int:
    """Print the mood of each file, or of one sentence; exit status 1 if any of them failed."""
    if args.all and not args.files:
        raise RecordingError("--all judges each sentence of a recording: name one.")
    listener = Listener(config.load(args.config), args.play, args.fresh, args.learn)
    failures = 0
    for file in args.files or [None]:
        for result in _results(listener, file, args.all):
            if isinstance(result, EmotifyError):
                failures += 1
                _print_error(file, result, args.json)
            else:
                print(_object(file, result) if args.json else _text(file, result), flush=True)
    return 1 if failures else 0


def _results(listener: Listener, file: str | None, each: bool) -> Iterator[Result | EmotifyError]:
    try:
        if file and each:
            yield from listener.listen_to_all(file)
        else:
            yield listener.listen(file)
    except EmotifyError as error:
        yield error


def _print_error(file: str | None, error: EmotifyError, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"file": file, "error": str(error)}, ensure_ascii=False), flush=True)
    else:
        print(f"emotify: {error}", file=sys.stderr, flush=True)


def _object(file: str | None, result: Result) -> str:
    chances = result.mood.probabilities
    playlist = result.playlist
    values = {
        "file": file,
        **({} if result.at is None else {"at": round(result.at, 1)}),
        "emotion": result.mood.emotion,
        "sure": result.mood.sure,
        "probabilities": {emotion: round(chance, 4) for emotion, chance in chances.items()},
        "seconds": round(result.seconds, 2),
        "known": result.known,
        "playlist": playlist
        and {
            "name": playlist.name,
            "context_uri": playlist.context_uri,
            "uris": [track.uri for track in playlist.tracks],
        },
    }
    return json.dumps(values, ensure_ascii=False)


def _text(file: str | None, result: Result) -> str:
    if result.at is None:
        return _bars(file, result)
    mood = journal.mood_text(result.mood)
    return f"{file}, {_time(result.at)}, {result.seconds:4.1f} s: {mood}"


def _time(seconds: float) -> str:
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes:.0f}:{seconds:04.1f}"


def _bars(file: str | None, result: Result) -> str:
    lines = [f"{file or 'microphone'}: {result.seconds:.1f} s of speech"]
    for emotion, chance in result.mood.probabilities.items():
        bar = "█" * round(chance * _BAR_CELLS)
        lines.append(f"  {emotion:9} {bar:{_BAR_CELLS}} {chance:4.0%}")
    lines.append(f"  {journal.mood_text(result.mood)}")
    if result.known:
        known = "1 sentence" if result.known == 1 else f"{result.known} sentences"
        lines.append(f"  (with what is known from {known} before; --fresh ignores it)")
    if result.playlist is None:
        lines.append("  Not sure, so no music: say it once more.")
    else:
        first = result.playlist.tracks[:1]
        begin = "".join(f': "{track.title}", {track.artist}, ...' for track in first)
        lines.append(f"  {result.playlist.name}{begin}")
    if result.rest > _REST_SECONDS:
        lines.append(f"  Only the first sentence was judged, and {result.rest:.0f} s follow it.")
        lines.append("  To judge each sentence, add --all.")
    return "\n".join(lines)
