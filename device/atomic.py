"""Writing a file as a whole: whoever reads it finds the old one or the new one."""

import os
from pathlib import Path


def write(file: Path, text: str) -> None:
    """Put ``text`` in the place of what ``file`` holds; a power cut leaves one or the other.

    Raises
    ------
    OSError
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with draft.open("w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.replace(draft, file)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
