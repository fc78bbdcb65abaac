"""The memory of the daemon."""

import ctypes


def return_unused() -> None:
    """Return the memory that is not in use to the system.

    A round needs 40 MB for a moment, in pieces of all sizes. Without this most of it stays with the
    process: glibc returns by itself only what is at the end of its heap. Other C libraries lack the
    function.
    """
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)
