"""Compares what two machines recognise in the same recordings.

    python tests/install/same_moods.py ONE OTHER

ONE and OTHER are outputs of `emotify listen --json --fresh`. Prints how far the probabilities
differ. Fails if the mean difference of a recording's eight probabilities is above 0.01, which is
the tolerance of the golden vectors (``training/emotion/golden.py``), or if other sentences were
found.

A single probability may differ a little more, and does so on one machine as well: the encoder
rounds its activations to eight bits, so that a change of its input by a millionth changes a
probability by up to 0.011, and tflite-runtime and ai-edge-litert differ by up to 0.033.
"""

import json
import sys
from pathlib import Path

import numpy as np

TOLERANCE = 0.01


def main(one: Path, other: Path) -> None:
    rows = [[json.loads(line) for line in file.read_text().splitlines()] for file in (one, other)]
    for mine, yours in zip(*rows, strict=True):
        if Path(mine["file"]).name != Path(yours["file"]).name:
            raise SystemExit(f"{mine['file']} and {yours['file']} are different recordings.")
        if mine["seconds"] != yours["seconds"]:
            raise SystemExit(f"{mine['file']}: {mine['seconds']} and {yours['seconds']} s.")
    here, there = ([list(row["probabilities"].values()) for row in each] for each in rows)
    differences = np.abs(np.subtract(here, there))
    worst = differences.mean(axis=1).max()
    print(
        f"{len(here)} recordings: mean difference {differences.mean():.4f}, of one recording at"
        f" most {worst:.4f}, of one probability at most {differences.max():.4f}; above {TOLERANCE}:"
        f" {(differences > TOLERANCE).sum()} of {differences.size}"
    )
    if worst > TOLERANCE:
        raise SystemExit(f"More than {TOLERANCE}.")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
