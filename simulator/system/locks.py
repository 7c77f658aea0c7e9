"""Locks of files, by which processes know that another one is writing a folder."""

import os
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows cannot rename a folder in which a file is open, so nothing is locked there
    fcntl = None  # type: ignore[assignment]

LOCKS = fcntl is not None
"""Whether this system has such locks."""


def locked(path: Path) -> IO[bytes] | None:
    """A stream with the lock of a file, to read and write; None if another process has it, or without locks."""
    if fcntl is None:
        return None
    stream = path.open("r+b")
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        stream.close()
        return None
    return stream


def lock_written(stream: IO[bytes]) -> IO[bytes] | None:
    """A stream with the lock of a new file that is being written, which it keeps when the other one is closed."""
    if fcntl is None:
        return None
    lock = os.fdopen(os.dup(stream.fileno()), "wb")
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return lock
