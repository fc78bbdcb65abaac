"""The memory of the daemon; with another C library than glibc nothing is changed."""

import ctypes

_M_ARENA_MAX = -8
"""From glibc's malloc.h."""


def use_one_heap() -> None:
    """Let all threads that begin from now on share one heap.

    By default glibc gives each thread a heap of its own, and what one of them has freed is of no
    use to the others.
    """
    if set_option := getattr(ctypes.CDLL(None), "mallopt", None):
        set_option(_M_ARENA_MAX, 1)


def return_unused() -> None:
    """Return the memory that is not in use to the system.

    A round needs 40 MB for a moment, in pieces of all sizes. Without this most of it stays with the
    process: glibc returns by itself only what is at the end of its heap.
    """
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)
