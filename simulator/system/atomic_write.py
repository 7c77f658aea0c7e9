"""Files that appear under their name only when they are complete."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

MOVES_OPEN_FILES = os.name != "nt"
"""Whether files that are open, or mapped into memory, can be moved and removed, and the folders that they are in."""
WAITS = (0.01, 0.03, 0.1, 0.3)
"""Seconds between attempts to replace a file that another process, such as a virus scanner, has open for a moment."""


@contextmanager
def whole_file(path: str | Path, *, durable: bool = False) -> Iterator[BinaryIO]:
    """A file to write into beside ``path``, which takes that name at the end, or vanishes if anything fails.

    A ``durable`` one is on the disk when it has the name, so that it outlives a power cut.
    """
    path = Path(path)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            yield file
            if durable:
                file.flush()
                os.fsync(file.fileno())
        _replace(part, path)
        if durable:
            sync_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)


def _replace(part: Path, path: Path) -> None:
    """Give ``part`` the name ``path``; try again where that is refused for a moment."""
    for wait in WAITS:
        with suppress(PermissionError):
            part.replace(path)
            return
        time.sleep(wait)
    part.replace(path)


def sync_files(folder: Path) -> None:
    """Wait until all files below a folder are on the disk; raises OSError."""
    for above, _, names in os.walk(folder):
        for name in names:
            with (Path(above) / name).open("r+b") as file:
                os.fsync(file.fileno())
        sync_folder(Path(above))


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where the system can do that."""
    with suppress(OSError):  # Windows opens no folders
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
