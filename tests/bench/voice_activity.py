"""Compares voice activity detectors: recall of speech, and false starts on noise.

    OMP_NUM_THREADS=1 python tests/bench/voice_activity.py

Each detector is used in the device's endpointer. Recall is the share of speech frames (those within
20 dB of a clip's loudest) that it detects, in quiet and in the noises of a home. A false start is
five seconds of noise without speech in which a sentence begins; judged is one in which the device
would recognise a mood, after its later passes. The recordings are those of
EMOTIFY_DATA (../shared/data beside the checkout by default): 40 clips of RAVDESS, 15
of EMO-DB, 10 ordinary sentences, and all noises except crying babies. A detector that is not
installed is left out: ``pip install pymicro-vad webrtcvad-wheels``.

                      recall: clean    15 dB     5 dB    false starts   judged    CPU s a second
    Silero                     0.97     0.96     0.93            0.02     0.02             0.005
    microVAD                   0.75     0.78     0.72            0.13     0.13             0.010
    WebRTC, mode 2             0.98     0.98     0.95            0.57     0.57             0.001
    WebRTC, mode 3             0.89     0.85     0.84            0.52     0.51             0.001

(65 clips, 166 times 5 s of noise; November 2026, one core of x86-64.) Silero is used: it
misses little and has few false starts, and the later passes add none. WebRTC detects most noises as
speech; microVAD loses a quarter of the speech. With its default of four threads Silero would take
ten times as long: see ``device.speech.endpointing``.
"""

import os
import random
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import soundfile

from device.microphone import SAMPLE_RATE
from device.speech.endpointing import (
    CHUNK_SAMPLES,
    GIVE_UP_SECONDS,
    Detector,
    Endpointer,
    Unheard,
    silero,
)

CHECKOUT = Path(__file__).parents[2]
DATA = Path(os.environ.get("EMOTIFY_DATA", CHECKOUT.parent / "shared" / "data"))

CLIPS = {"ravdess/*/*.flac": 40, "emodb/*.opus": 15, "speech/*.flac": 10}
RATIOS_DB = (None, 15, 5)
SPEECH_BELOW_LOUDEST_DB = 20


def in_frames(frame_samples: int, judge: Callable[[np.ndarray], float]) -> Detector:
    """A detector of 512 samples from one that takes frames of another length: their mean."""
    rest = np.empty(0, np.float32)
    latest = 0.0

    def detect(chunk: np.ndarray) -> float:
        nonlocal rest, latest
        sound = np.concatenate((rest, chunk))
        frames = len(sound) // frame_samples
        rest = sound[frames * frame_samples :]
        if frames:
            whole = sound[: frames * frame_samples].reshape(frames, frame_samples)
            latest = float(np.mean([judge(frame) for frame in whole]))
        return latest

    return detect


def pcm(sound: np.ndarray) -> bytes:
    return (sound * 32767).astype("<i2").tobytes()


def micro() -> Detector:
    from pymicro_vad import MicroVad

    detector = MicroVad()
    return in_frames(160, lambda frame: max(0.0, detector.process_10ms(pcm(frame))))


def webrtc(mode: int) -> Detector:
    from webrtcvad import Vad

    detector = Vad(mode)
    return in_frames(480, lambda frame: float(detector.is_speech(pcm(frame), SAMPLE_RATE)))


DETECTORS: dict[str, Callable[[], Detector]] = {
    "Silero": silero,
    "microVAD": micro,
    "WebRTC, mode 2": lambda: webrtc(2),
    "WebRTC, mode 3": lambda: webrtc(3),
}


def read(path: Path) -> np.ndarray:
    sound, rate_hz = soundfile.read(path, dtype="float32")
    assert rate_hz == SAMPLE_RATE, path
    return sound


def chunks(sound: np.ndarray) -> np.ndarray:
    """Whole chunks [shape=(n, 512)]."""
    return sound[: len(sound) // CHUNK_SAMPLES * CHUNK_SAMPLES].reshape(-1, CHUNK_SAMPLES)


def spoken(clip: np.ndarray) -> np.ndarray:
    """Which chunks of a clean clip are speech [shape=(n,), bool]."""
    loudness = np.sqrt(np.mean(chunks(clip) ** 2, axis=1))
    return loudness > loudness.max() * 10 ** (-SPEECH_BELOW_LOUDEST_DB / 20)


def mixed(clip: np.ndarray, noise: np.ndarray, ratio_db: float | None) -> np.ndarray:
    """A clip in noise, the given ratio of speech to noise apart; None for no noise."""
    if ratio_db is None:
        return clip
    noise = np.resize(noise, len(clip))
    speech_power = np.mean(chunks(clip)[spoken(clip)] ** 2)
    noise_power = np.mean(noise**2) + 1e-12
    noisy = clip + noise * np.sqrt(speech_power / noise_power / 10 ** (ratio_db / 10))
    return noisy / max(1.0, np.abs(noisy).max())


def recall(
    detector: Callable[[], Detector],
    clips: list[np.ndarray],
    noises: list[np.ndarray],
    ratio_db: float | None,
) -> float:
    """The share of the clips' speech that a detector takes for speech."""
    found = total = 0
    for number, clip in enumerate(clips):
        detect, speech = detector(), spoken(clip)
        sound = mixed(clip, noises[number % len(noises)], ratio_db)
        judged = np.array([detect(chunk) >= 0.5 for chunk in chunks(sound)])
        found += np.sum(judged & speech)
        total += np.sum(speech)
    return found / total


def starts(detectors: Callable[[], Detector], noise: np.ndarray) -> tuple[bool, bool]:
    """Whether the detector takes a noise for the beginning of a sentence, and whether the device
    would judge it: the sentence must be above the room, or be found in a later look."""
    endpointer, began, heard = Endpointer(detectors), False, None
    for chunk in chunks(noise):
        heard = endpointer.feed(chunk)
        began = began or endpointer.speaking
        if heard is not None:
            break
    heard = endpointer.finish() if heard is None else heard
    return began, not isinstance(heard, Unheard)


def windows(noises: Iterable[np.ndarray]) -> list[np.ndarray]:
    """The noises in pieces of as long as the device waits for speech."""
    length = round(GIVE_UP_SECONDS * SAMPLE_RATE)
    return [
        noise[first : first + length]
        for noise in noises
        for first in range(0, max(1, len(noise) - length + 1), length)
    ]


def main() -> None:
    if not DATA.is_dir():
        sys.exit(f"The recordings are not in {DATA}; EMOTIFY_DATA says where they are.")
    random.seed(0)
    clips = [
        read(path)
        for pattern, count in CLIPS.items()
        for path in random.sample(sorted(DATA.glob(pattern)), count)
    ]
    noises = [read(path) for path in sorted(DATA.glob("noise/*.flac")) if "baby" not in path.name]
    waits = windows(noises)
    total_seconds = sum(map(len, [*clips * len(RATIOS_DB), *waits])) / SAMPLE_RATE
    print(f"{len(clips)} clips, {len(waits)} times {GIVE_UP_SECONDS:g} s of noise")
    print(f"{'':18}recall: clean    15 dB     5 dB    false starts   judged    CPU s a second")
    for name, detector in DETECTORS.items():
        try:
            detector()
        except ImportError as error:
            print(f"{name:18}not installed ({error.name})")
            continue
        began = time.process_time()
        recalls = [recall(detector, clips, noises, ratio_db) for ratio_db in RATIOS_DB]
        starts_alone, judged = np.mean([starts(detector, noise) for noise in waits], axis=0)
        cpu_seconds = (time.process_time() - began) / total_seconds
        clean, quiet, loud = recalls
        print(
            f"{name:18}{clean:13.2f}{quiet:9.2f}{loud:9.2f}"
            f"{starts_alone:16.3f}{judged:9.3f}{cpu_seconds:18.3f}"
        )


if __name__ == "__main__":
    main()
