"""Each quantisation computes as its name says."""

import subprocess
import sys

import pytest

from device.interpreter import Network

QUANTISATIONS = ("float", "dynamic", "int8")

# TensorFlow and tflite-runtime cannot share a process.
CONVERT = """
import sys
from pathlib import Path
import numpy as np
from dataclasses import replace
from device.features import FrontEnd
from training.conversion import to_tflite
from training.network import build_model
front_end = replace(FrontEnd(), frames=16)
model = build_model(front_end, 8, 0.0)
windows = np.random.default_rng(0).normal(size=(4, *front_end.shape)).astype(np.float32)
for quantisation in sys.argv[2:]:
    Path(sys.argv[1], quantisation).write_bytes(to_tflite(model, quantisation, windows))
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("converted")
    subprocess.run([sys.executable, "-c", CONVERT, folder, *QUANTISATIONS], check=True)
    return folder


@pytest.mark.parametrize("quantisation", QUANTISATIONS)
def test_a_model_computes_as_its_quantisation_says(made, quantisation):
    assert Network((made / quantisation).read_bytes()).quantisation == quantisation
