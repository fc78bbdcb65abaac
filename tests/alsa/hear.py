"""Records from the microphone in a process of its own, because ALSA reads its environment once.

Each line on stdin is a JSON object with the ``name`` of a microphone and the ``seconds`` to hear.
The answer is ``{"hearing": true}`` with the first sound, and at the end ``took_seconds`` and
either ``seconds`` and ``device`` or ``error``. The sound goes to the file that is named on the
command line.
"""

import json
import sys
from time import monotonic

import numpy as np

from device.errors import EmotifyError
from device.microphone import SAMPLE_RATE
from device.microphone.microphone import PyAudioMicrophone


def say(**answer: object) -> None:
    print(json.dumps(answer), flush=True)


def heard(microphone: PyAudioMicrophone, seconds: float) -> np.ndarray:
    pieces: list[np.ndarray] = []
    with microphone.open() as sound:
        while sum(map(len, pieces)) < seconds * SAMPLE_RATE:
            pieces.append(next(sound))
            if len(pieces) == 1:
                say(hearing=True)
    return np.concatenate(pieces)


for line in sys.stdin:
    began = monotonic()
    wanted = json.loads(line)
    microphone = PyAudioMicrophone(wanted["name"])
    try:
        sound = heard(microphone, wanted["seconds"])
    except EmotifyError as error:
        say(error=str(error), took_seconds=monotonic() - began)
    else:
        np.save(sys.argv[1], sound)
        took_seconds = monotonic() - began
        say(seconds=len(sound) / SAMPLE_RATE, device=microphone.device, took_seconds=took_seconds)
