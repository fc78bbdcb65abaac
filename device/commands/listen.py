"""`emotify listen`: recognise the mood in recordings, or from the microphone."""

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
class Result:
    """The result of one recording; the playlist is None when the mood is not sure."""

    seconds: float
    mood: Mood
    playlist: Playlist | None


class Listener:
    """From sound to music without button and light."""

    def __init__(self, settings: Config, play: bool):
        self._settings = settings
        self._classifier = assembly.classifier(settings)
        self._playlists = assembly.playlists(settings)
        self._player: Player | None = assembly.player(settings, SystemClock()) if play else None

    def listen(self, file: str | None) -> Result:
        """Recognise the mood in a file (None: from the microphone), and start the music.

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
        is_played = mood.sure or self._settings.mood.when_unsure == "guess"
        playlist = self._playlists.for_mood(mood) if is_played else None
        if playlist and self._player:
            self._player.play(playlist)
            self._player.settle()
            self._playlists.add_to_history(playlist)
        return Result(len(heard) / SAMPLE_RATE, mood, playlist)

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
            result = listener.listen(file)
        except EmotifyError as error:
            failures += 1
            _print_error(file, error, args.json)
        else:
            print(_object(file, result) if args.json else _bars(file, result), flush=True)
    return 1 if failures else 0


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
        "emotion": result.mood.emotion,
        "sure": result.mood.sure,
        "probabilities": {emotion: round(chance, 4) for emotion, chance in chances.items()},
        "seconds": round(result.seconds, 2),
        "playlist": playlist
        and {
            "name": playlist.name,
            "context_uri": playlist.context_uri,
            "uris": [track.uri for track in playlist.tracks],
        },
    }
    return json.dumps(values, ensure_ascii=False)


def _bars(file: str | None, result: Result) -> str:
    lines = [f"{file or 'microphone'}: {result.seconds:.1f} s of speech"]
    for emotion, chance in result.mood.probabilities.items():
        bar = "█" * round(chance * _BAR_CELLS)
        lines.append(f"  {emotion:9} {bar:{_BAR_CELLS}} {chance:4.0%}")
    lines.append(f"  {journal.mood_text(result.mood)}")
    if result.playlist is None:
        lines.append("  Not sure, so no music: say it once more.")
    else:
        first = result.playlist.tracks[:1]
        begin = "".join(f': "{track.title}", {track.artist}, ...' for track in first)
        lines.append(f"  {result.playlist.name}{begin}")
    return "\n".join(lines)
