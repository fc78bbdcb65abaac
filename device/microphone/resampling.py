"""Resampling: any sound as one channel at 16 kHz."""

from collections.abc import Iterable, Iterator

import numpy as np
import soxr

from device.microphone import SAMPLE_RATE


def resampled(blocks: Iterable[np.ndarray], rate_hz: int) -> Iterator[np.ndarray]:
    """Mix down and resample a stream of sound.

    Everything above 8 kHz is filtered out first to prevent aliasing.

    Parameters
    ----------
    blocks : iterable of np.ndarray [shape=(frames, channels), float32]
    rate_hz : int > 0
        Sampling rate of the blocks.

    Yields
    ------
    np.ndarray [shape=(n,), float32]
        16 kHz mono, the mean of the channels. Pieces and blocks differ in length.
    """
    resampler = soxr.ResampleStream(rate_hz, SAMPLE_RATE, 1, dtype="float32", quality="HQ")
    for block in blocks:
        piece = resampler.resample_chunk(block.mean(axis=1, dtype=np.float32))
        if len(piece):
            yield piece
    rest = resampler.resample_chunk(np.empty(0, np.float32), last=True)
    if len(rest):
        yield rest
