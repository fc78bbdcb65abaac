"""Compares the device with what people would use otherwise, on the same clips and one core.

    python tests/bench/peers.py [--venv FOLDER] [--clips 10]

For each: the processor time of a clip in a warm process, that of a new process for one clip (with
its start and its imports), its resident memory at most, and its Python modules, as they are and as
ratios to the device. The clips are 16 kHz WAV files of RAVDESS's first actor (EMOTIFY_DATA), or a
synthetic sentence. The networks of the peers have random weights, which does not change their cost.

- "librosa + Keras, LSTM": the features and the network of
  https://github.com/x4nth055/emotion-recognition-using-speech (means of 40 MFCC, 12 chroma and 128
  mel bands; two LSTM and two dense layers of 128 units)
- "librosa + Keras, CNN": those of https://github.com/MiteshPuthran/Speech-Emotion-Analyzer (2.5 s
  at 44.1 kHz, mean of 13 MFCC in 216 frames; six convolutions)
- "openSMILE + regression": 88 functionals of eGeMAPSv02, logistic regression
- "Whisper base, whole": this encoder with six blocks, over Whisper's window of 30 s

The peers are installed into a virtual environment of their own (2.3 GB), which is kept in FOLDER
(default: ~/.cache/emotify-bench/peers). Whisper's encoder is converted by this Python, which needs
TensorFlow for it (``pip install -e '.[training]'``); it repeats the blocks that are at hand.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

PACKAGES = ["librosa>=0.10,<0.12", "opensmile>=2.5,<3", "scikit-learn>=1.6,<2", "tensorflow-cpu"]
OWN_CACHE = Path.home() / ".cache" / "emotify-bench" / "peers"
TIMES = 5
ONE_CORE = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "",
}
Judge = Callable[[str], Any]

# --- the device and its peers: each returns the function that judges a file ---


def emotify(_: str) -> Judge:
    """The device: endpointing, features, networks."""
    from device.config.config import Config
    from device.emotion.model import EmotionModel
    from device.microphone.recording import read
    from device.speech.endpointing import listen

    model = EmotionModel.load(Config().models_folder)
    return lambda file: model.recognise(listen(read(file)))


def librosa_lstm(_: str) -> Judge:
    """See the module's docstring."""
    import keras
    import librosa
    import numpy as np
    import soundfile

    layers = keras.layers
    network = keras.Sequential(
        [
            layers.Input((1, 180)),
            layers.LSTM(128, return_sequences=True),
            layers.LSTM(128),
            layers.Dense(128),
            layers.Dense(128),
            layers.Dense(8, "softmax"),
        ]
    )

    def judge(file: str) -> Any:
        sound, rate = soundfile.read(file, dtype="float32")
        spectrum = np.abs(librosa.stft(sound))
        features = np.hstack(
            (
                librosa.feature.mfcc(y=sound, sr=rate, n_mfcc=40).T.mean(axis=0),
                librosa.feature.chroma_stft(S=spectrum, sr=rate).T.mean(axis=0),
                librosa.feature.melspectrogram(y=sound, sr=rate).T.mean(axis=0),
            )
        )
        return network(features[None, None], training=False)

    return judge


def librosa_cnn(_: str) -> Judge:
    """See the module's docstring."""
    import keras
    import librosa
    import numpy as np

    layers = keras.layers
    network = keras.Sequential(
        [
            layers.Input((216, 1)),
            layers.Conv1D(256, 5, padding="same", activation="relu"),
            layers.Conv1D(128, 5, padding="same", activation="relu"),
            layers.MaxPooling1D(8),
            layers.Conv1D(128, 5, padding="same", activation="relu"),
            layers.Conv1D(128, 5, padding="same", activation="relu"),
            layers.Conv1D(128, 5, padding="same", activation="relu"),
            layers.Conv1D(128, 5, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dense(10, "softmax"),
        ]
    )

    def judge(file: str) -> Any:
        sound, rate = librosa.load(file, sr=44_100, duration=2.5, offset=0.5)
        frames = librosa.feature.mfcc(y=sound, sr=rate, n_mfcc=13).mean(axis=0)
        return network(np.resize(frames, 216)[None, :, None], training=False)

    return judge


def opensmile_regression(_: str) -> Judge:
    """See the module's docstring."""
    import numpy as np
    import opensmile
    from sklearn.linear_model import LogisticRegression

    smile = opensmile.Smile(
        opensmile.FeatureSet.eGeMAPSv02, opensmile.FeatureLevel.Functionals, num_workers=1
    )
    random = np.random.default_rng(0)
    regression = LogisticRegression().fit(random.normal(size=(80, 88)), np.arange(80) % 8)
    return lambda file: regression.predict_proba(smile.process_file(file).to_numpy())


def whisper_whole(encoder: str) -> Judge:
    """See the module's docstring."""
    import numpy as np

    from device.emotion.interpreter import Network
    from device.features import log_mel
    from device.microphone.recording import read

    network = Network(Path(encoder).read_bytes())
    window = np.zeros(30 * 16_000, np.float32)

    def judge(file: str) -> Any:
        sound = np.concatenate(list(read(file)))
        window[: len(sound)] = sound
        return network(log_mel(window)[None]).mean(axis=0)

    return judge


DEVICE = "Emotify"
OWN_PYTHON = {DEVICE: emotify, "Whisper base, whole": whisper_whole}
PEERS = {
    "librosa + Keras, LSTM": librosa_lstm,
    "librosa + Keras, CNN": librosa_cnn,
    "openSMILE + regression": opensmile_regression,
}


# --- measuring ----------------------------------------------------------------


def measure(name: str, encoder: str, files: list[str]) -> None:
    """In a new process: print the figures of one of them."""
    import resource
    import time

    judge = (OWN_PYTHON | PEERS)[name](encoder)
    judge(files[0])
    cold = time.process_time()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    took = []
    for file in files * TIMES:
        began = time.process_time()
        judge(file)
        took.append(time.process_time() - began)
    warm = sorted(took)[len(took) // 2]
    modules = len(sys.modules)
    print(json.dumps({"warm": 1000 * warm, "cold": cold, "memory": memory, "modules": modules}))


def figures(python: Path, name: str, encoder: Path, files: list[Path]) -> dict[str, float]:
    """Of one of them, in a process on one core."""
    one_core = min(os.sched_getaffinity(0))
    done = subprocess.run(
        [python, __file__, "--measure", name, encoder, *files],
        env=os.environ | ONE_CORE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, {one_core}),
    )
    if done.returncode:
        raise SystemExit(f"{name} does not run.")
    return json.loads(done.stdout.splitlines()[-1])


def peers_python(folder: Path) -> Path:
    """The Python of the peers' environment, which is made when it is not there."""
    python = folder / "bin" / "python"
    if not (folder / "made").exists():
        print(f"Installing the peers into {folder} (some minutes)", flush=True)
        venv.create(folder, clear=True, with_pip=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES],
            check=True,
        )
        (folder / "made").touch()
    return python


def convert(file: Path, weights: Path) -> None:
    """In a new process: write Whisper's encoder with six blocks."""
    from training.emotion.conversion import encoder_to_tflite
    from training.emotion.whisper import Encoder, Weights

    tensors = dict(Weights.read(weights).tensors)
    for missing, present in ((4, 2), (5, 3)):
        prefix = f"layers.{present}."
        tensors |= {
            f"layers.{missing}.{name.removeprefix(prefix)}": tensor
            for name, tensor in tensors.items()
            if name.startswith(prefix)
        }
    file.write_bytes(encoder_to_tflite(Encoder(Weights(tensors), (6,), 4), "dynamic", ()))


def main(folder: Path, clips: int) -> None:
    """Print the table."""
    import numpy as np
    import soundfile
    from box import DATA, recordings

    from device.microphone.recording import read

    weights = DATA / "whisper-base" / "model.safetensors"
    python = peers_python(folder)
    with tempfile.TemporaryDirectory() as scratch:
        encoder = Path(scratch) / "whole.tflite"
        files = []
        for recording in recordings(Path(scratch))[:: max(1, 60 // clips)][:clips]:
            files.append(Path(scratch) / f"{recording.stem}-16k.wav")
            soundfile.write(files[-1], np.concatenate(list(read(recording))), 16_000)
        runs = dict.fromkeys(PEERS, python) | dict.fromkeys(OWN_PYTHON, Path(sys.executable))
        if weights.is_file():
            subprocess.run([sys.executable, __file__, "--convert", encoder, weights], check=True)
        else:
            print(f"Whisper is left out: there is no {weights}.")
            del runs["Whisper base, whole"]
        found = {name: figures(runs[name], name, encoder, files) for name in sorted(runs)}
    device = found[DEVICE]
    print(
        f"{len(files)} clips, one core, Python {sys.version.split()[0]}; in brackets: x the device"
    )
    print(f"{'':24}{'warm, ms':>16}{'cold, s':>16}{'memory, MB':>16}{'modules':>16}")
    for name, values in found.items():
        cells = (
            f"{values[key]:.{digits}f} ({values[key] / device[key]:.1f})"
            for key, digits in (("warm", 0), ("cold", 2), ("memory", 0), ("modules", 0))
        )
        print(f"{name:24}" + "".join(f"{cell:>16}" for cell in cells))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--measure", name, encoder, *files]:
            measure(name, encoder, files)
        case ["--convert", file, weights]:
            convert(Path(file), Path(weights))
        case _:
            parser = argparse.ArgumentParser()
            parser.add_argument("--venv", type=Path, default=OWN_CACHE)
            parser.add_argument("--clips", type=int, default=10)
            options = parser.parse_args()
            main(options.venv, options.clips)
