"""Running work in processes, a new one for each piece.

TensorFlow and the device's TFLite interpreter cannot be used in one process, because their
libraries conflict. New processes also make every result independent of what ran before.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Any

from tqdm import tqdm

_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_USE_LEGACY_KERAS": "1",
    "CUDA_VISIBLE_DEVICES": "",
    # Otherwise glibc returns each large array to the system, which takes up to a third of a
    # training step (`perf record`).
    "MALLOC_MMAP_THRESHOLD_": str(2**32),
    "MALLOC_TRIM_THRESHOLD_": str(2**34),
}


def in_processes(
    work: Callable[..., str], pieces: Sequence[tuple[Any, ...]], jobs: int, what: str
) -> None:
    """Do pieces of work, several at once, with a progress bar on a terminal and lines elsewhere.

    Parameters
    ----------
    work : callable
        Of a module's top level; returns a description of the finished piece.
    pieces : sequence of tuple
        The arguments of each call.
    jobs : int > 0
    what : str
        Title of the progress bar.
    """
    if not pieces:
        return
    os.environ.update(_ENVIRONMENT)
    executor = ProcessPoolExecutor(
        min(jobs, len(pieces)), mp_context=get_context("spawn"), max_tasks_per_child=1
    )
    with executor, tqdm(total=len(pieces), desc=what, disable=None) as bar:
        for done in as_completed([executor.submit(work, *piece) for piece in pieces]):
            if bar.disable:
                print(f"{what}: {done.result()}", flush=True)
            else:
                bar.set_postfix_str(done.result())
                bar.update()
