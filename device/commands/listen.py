"""`emotify listen`: the mood in recordings, or in what the microphone hears now."""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from device import assembly
from device.appliance import journal
from device.clock import SystemClock
from device.config import config
from device.config.config import Config
from device.errors import EmotifyError, MicrophoneError, RecordingError
from device.microphone import SAMPLE_RATE, recording
from device.mood import Mood
from device.player import Player
from device.playlist.playlist import Playlist
from device.speech import endpointing

_BAR_CELLS = 30


@dataclass(frozen=True)
class Answer:
    """What came of one recording; the playlist is None when the mood is not sure."""

    seconds: float
    mood: Mood
    playlist: Playlist | None


class Listener:
    """Goes from sound to music without the button and the light."""

    def __init__(self, settings: Config, play: bool):
        self._settings = settings
        self._classifier = assembly.classifier(settings)
        self._playlists = assembly.playlists(settings)
        self._player: Player | None = assembly.player(settings, SystemClock()) if play else None

    def answer(self, file: str | None) -> Answer:
        """The mood in a file (None: in what the microphone hears), and the music begun for it.

        Raises
        ------
        EmotifyError
        """
        with self._sound(file) as sound:
            heard = endpointing.listen(sound)
        if isinstance(heard, endpointing.Unheard):
            kind = RecordingError if file else MicrophoneError
            raise kind(f"{file or 'microphone'}: {heard}.")
        mood = self._classifier.recognise(heard)
        certain = mood.sure or self._settings.mood.when_unsure == "guess"
        playlist = self._playlists.for_mood(mood) if certain else None
        if playlist and self._player:
            self._player.play(playlist)
            self._player.settle()
            self._playlists.add_to_history(playlist)
        return Answer(len(heard) / SAMPLE_RATE, mood, playlist)

    @contextmanager
    def _sound(self, file: str | None) -> Iterator[Iterator[np.ndarray]]:
        if file:
            yield recording.read(file)
            return
        with assembly.microphone(self._settings).open() as sound:
            print("Say a sentence.", file=sys.stderr)
            yield sound


def run(args: argparse.Namespace) -> int:
    """Print the mood of each file, or of one sentence; exit status 1 if any of them failed."""
    listener = Listener(config.load(args.config), args.play)
    failures = 0
    for file in args.files or [None]:
        try:
            answer = listener.answer(file)
        except EmotifyError as error:
            failures += 1
            _print_error(file, error, args.json)
        else:
            print(_object(file, answer) if args.json else _bars(file, answer), flush=True)
    return 1 if failures else 0


def _print_error(file: str | None, error: EmotifyError, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"file": file, "error": str(error)}, ensure_ascii=False), flush=True)
    else:
        print(f"emotify: {error}", file=sys.stderr, flush=True)


def _object(file: str | None, answer: Answer) -> str:
    chances = answer.mood.probabilities
    playlist = answer.playlist
    values = {
        "file": file,
        "emotion": answer.mood.emotion,
        "sure": answer.mood.sure,
        "probabilities": {emotion: round(chance, 4) for emotion, chance in chances.items()},
        "seconds": round(answer.seconds, 2),
        "playlist": playlist
        and {
            "name": playlist.name,
            "context_uri": playlist.context_uri,
            "uris": [track.uri for track in playlist.tracks],
        },
    }
    return json.dumps(values, ensure_ascii=False)


def _bars(file: str | None, answer: Answer) -> str:
    lines = [f"{file or 'microphone'}: {answer.seconds:.1f} s of speech"]
    for emotion, chance in answer.mood.probabilities.items():
        bar = "█" * round(chance * _BAR_CELLS)
        lines.append(f"  {emotion:9} {bar:{_BAR_CELLS}} {chance:4.0%}")
    lines.append(f"  {journal.mood_text(answer.mood)}")
    if answer.playlist is None:
        lines.append("  Not sure, so no music: say it once more.")
    else:
        first = answer.playlist.tracks[:1]
        begin = "".join(f': "{track.title}", {track.artist}, ...' for track in first)
        lines.append(f"  {answer.playlist.name}{begin}")
    return "\n".join(lines)
