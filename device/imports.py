"""Imports without the packages that other packages import and Emotify never uses.

    with without("scipy.fftpack"):
        from python_speech_features import sigproc

python_speech_features imports scipy for one function, and spotipy imports redis for the exception
of one of its caches. Neither is called here, and both together take a third of the time of the
start, and 15 to 30 MB of memory.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


class NotUsed(Exception):  # noqa: N818 - it stands for functions as well
    """Stands for whatever is imported from such a package. To use it is a bug."""

    def __init__(self, *_: object):
        raise NotImplementedError("This part of the package was left out: see device/imports.py.")


@contextmanager
def without(name: str) -> Iterator[None]:
    """Let a module, and the packages that it is in, appear to be there during an import.

    It is removed again afterwards, so that it can be imported in earnest. A module that has been
    imported already stays.
    """
    parts = name.split(".")
    names = [".".join(parts[: count + 1]) for count in range(len(parts))]
    added = [name for name in names if name not in sys.modules]
    sys.modules.update({name: _StandIn(name) for name in added})
    try:
        yield
    finally:
        for name in added:
            del sys.modules[name]


class _StandIn(ModuleType):
    def __getattr__(self, name: str) -> type[NotUsed]:
        if name.startswith("__"):
            raise AttributeError(name)
        return NotUsed
