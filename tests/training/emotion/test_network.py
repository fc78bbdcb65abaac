"""The network is the same in training and on the device."""

import subprocess
import sys

import numpy as np
import pytest

from device.emotion.interpreter import Network

# TensorFlow and tflite-runtime cannot share a process.
MAKE = """
import sys
from dataclasses import replace
import numpy as np
from training.emotion.conversion import network_to_tflite
from training.emotion.linear import Linear, Projection, statistics
from training.emotion.network import build_model
from training.emotion.settings import Settings
rng = np.random.default_rng(0)
settings = replace(Settings(), width=16, dense=16)
frames = rng.normal(3, 2, (40, 96)).astype(np.float32)
projection = Projection.fit([[frames]], 12)
rows = rng.normal(0.5, 0.3, (80, 192)).astype(np.float32)
linear = Linear.fit(rows, np.arange(80) % 8, np.ones(80), 0.1)
one = build_model(12, 192, settings, padded=False)
many = build_model(12, 192, settings, padded=True)
for layer in one.weights:
    layer.assign(rng.normal(0, 0.2, layer.shape))
many.set_weights(one.get_weights())
given = {"frames": frames}
for length in (39, 40):
    standardised = projection.standardised(frames[:length])
    projected = projection(standardised).astype(np.float32)
    padded, mask = np.full((1, 48, 12), 9, np.float32), np.zeros((1, 48, 1), np.float32)
    padded[0, :length], mask[0, :length] = projected, 1
    row = linear.standardised(statistics(standardised)[None]).astype(np.float32)
    given[f"one{length}"] = np.array(one([projected[None], row]))
    given[f"many{length}"] = np.array(many([padded, mask, row]))
    answers = np.concatenate((given[f"one{length}"][0], linear(row)))
    logits = answers.mean(axis=0, keepdims=True)
    given[f"all{length}"] = np.exp(logits) / np.exp(logits).sum()
np.savez(sys.argv[1] + "/given.npz", **given)
for kind in ("float", "dynamic"):
    open(f"{sys.argv[1]}/{kind}", "wb").write(network_to_tflite(one, projection, linear, kind))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("network")
    subprocess.run([sys.executable, "-c", MAKE, folder], check=True)
    return folder


@pytest.fixture(scope="module")
def given(folder):
    with np.load(folder / "given.npz") as kept:
        return dict(kept)


@pytest.mark.parametrize("length", [39, 40])
def test_padding_changes_no_answer(given, length):
    one, many = given[f"one{length}"], given[f"many{length}"]

    assert many == pytest.approx(one, abs=1e-5)
    assert one.shape == (1, 3, 8)
    assert one.std(axis=2).min() > 0.1


@pytest.mark.parametrize("length", [39, 40])
@pytest.mark.parametrize(("kind", "tolerance"), [("float", 2e-3), ("dynamic", 0.05)])
def test_the_device_computes_what_was_trained(folder, given, kind, tolerance, length):
    network = Network((folder / kind).read_bytes())

    assert network.quantisation == kind
    answer = network(given["frames"][None, :length])
    assert answer == pytest.approx(given[f"all{length}"], abs=tolerance)
    assert answer.std() > 0.02
