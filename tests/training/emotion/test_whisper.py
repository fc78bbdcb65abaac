"""The encoder in TFLite, compared with Whisper's definition, with small random weights."""

import subprocess
import sys
from math import erf

import numpy as np
import pytest
from safetensors.numpy import save_file

from device.emotion.interpreter import Interpreter

CHANNELS, N_MELS, BLOCKS, FRAMES = 8, 5, 2, 40

# TensorFlow and tflite-runtime cannot share a process.
CONVERT = """
import sys
from pathlib import Path
import tensorflow as tf
from training.emotion.whisper import Encoder, Weights
encoder = Encoder(Weights.read(Path(sys.argv[1])), (1, 2), 4)
converter = tf.lite.TFLiteConverter.from_concrete_functions([encoder.concrete], encoder)
Path(sys.argv[2]).write_bytes(converter.convert())
"""


@pytest.fixture(scope="module")
def tensors(random_encoder):
    return random_encoder(CHANNELS, N_MELS, BLOCKS)


@pytest.fixture(scope="module")
def file(tensors, tmp_path_factory):
    folder = tmp_path_factory.mktemp("whisper")
    save_file({f"model.encoder.{n}": t for n, t in tensors.items()}, folder / "w.safetensors")
    command = [sys.executable, "-c", CONVERT, folder / "w.safetensors", folder / "encoder.tflite"]
    subprocess.run(command, check=True)
    return folder / "encoder.tflite"


def gelu(x):
    return 0.5 * x * (1 + np.vectorize(erf)(x / np.sqrt(2)))


def whisper(tensors, log_mel):
    """The residual stream after each block [shape=(tokens, channels)], as published."""

    def linear(x, name):
        return x @ tensors[f"{name}.weight"].T + tensors.get(f"{name}.bias", 0)

    def norm(x, name):
        x = x - x.mean(1, keepdims=True)
        x = x / np.sqrt((x**2).mean(1, keepdims=True) + 1e-5)
        return x * tensors[f"{name}.weight"] + tensors[f"{name}.bias"]

    def convolution(x, name, stride):
        padded = np.pad(x, ((1, 1), (0, 0)))
        kernel, bias = tensors[f"{name}.weight"], tensors[f"{name}.bias"]
        places = range(0, len(x), stride)
        return np.array([np.einsum("oik,ki->o", kernel, padded[p : p + 3]) + bias for p in places])

    x = gelu(convolution(gelu(convolution(log_mel, "conv1", 1)), "conv2", 2))
    half = CHANNELS // 2
    angles = np.arange(len(x))[:, None] * 10_000.0 ** (-np.arange(half) / (half - 1))
    x = x + np.hstack((np.sin(angles), np.cos(angles)))
    streams = []
    for block in range(BLOCKS):
        own = f"layers.{block}"
        y = norm(x, f"{own}.self_attn_layer_norm")
        query, key, value = (linear(y, f"{own}.self_attn.{n}_proj") for n in "qkv")
        weights = np.exp(query @ key.T / np.sqrt(CHANNELS))
        weights /= weights.sum(1, keepdims=True)
        x = x + linear(weights @ value, f"{own}.self_attn.out_proj")
        y = norm(x, f"{own}.final_layer_norm")
        x = x + linear(gelu(linear(y, f"{own}.fc1")), f"{own}.fc2")
        streams.append(x)
    return streams


@pytest.mark.parametrize("frames", [FRAMES, 16])
def test_the_file_computes_whispers_blocks_for_any_length(file, tensors, frames):
    log_mel = np.random.default_rng(7).normal(0, 1, (frames, N_MELS)).astype(np.float32)
    interpreter = Interpreter(model_content=file.read_bytes())
    (given,), (made,) = interpreter.get_input_details(), interpreter.get_output_details()
    interpreter.resize_tensor_input(given["index"], (1, frames, N_MELS))
    interpreter.allocate_tensors()
    interpreter.set_tensor(given["index"], log_mel[None])
    interpreter.invoke()

    streams = [s - s.mean(1, keepdims=True) for s in whisper(tensors, log_mel)]
    wanted = np.hstack(streams).reshape(frames // 8, 4, -1).mean(1)
    assert interpreter.get_tensor(made["index"]) == pytest.approx(wanted, abs=0.02)


def test_a_file_without_an_encoder_is_refused(tmp_path):
    save_file({"other": np.zeros(3, np.float32)}, tmp_path / "w.safetensors")
    program = "import sys; from pathlib import Path; from training.emotion.whisper import Weights; "
    program += "Weights.read(Path(sys.argv[1]))"
    for path, said in ((tmp_path / "w.safetensors", "no encoder"), (tmp_path / "no", "cannot be")):
        run = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True)
        assert said in run.stderr.splitlines()[-1]
