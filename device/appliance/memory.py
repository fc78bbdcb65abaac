"""The memory of the daemon; with another C library than glibc nothing is changed."""

import ctypes

# From glibc's malloc.h.
_M_ARENA_MAX = -8
_M_MMAP_THRESHOLD = -3

_LARGE_BYTES = 1024 * 1024


def use_one_heap() -> None:
    """Let all threads that begin from now on share one heap, without its large blocks.

    By default glibc gives each thread a heap of its own, and what one of them has freed is of no
    use to the others. The networks need blocks of many megabytes: in a heap, where glibc puts them
    too once it has seen some, they leave holes, and a round leaves 30 MB behind. Outside of it
    they go back to the system when they are freed.
    """
    if set_option := getattr(ctypes.CDLL(None), "mallopt", None):
        set_option(_M_ARENA_MAX, 1)
        set_option(_M_MMAP_THRESHOLD, _LARGE_BYTES)


def return_unused() -> None:
    """Return the memory that is not in use to the system.

    A round needs 40 MB for a moment, in pieces of all sizes. Without this most of it stays with the
    process: glibc returns by itself only what is at the end of its heap.
    """
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)
