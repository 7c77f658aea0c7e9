"""Whether a folder can take the result of a run: what lies there, and whether another run writes it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from errsurf.errors import FolderError, FolderTakenError, reason
from errsurf.results.manifest import MANIFEST, has_manifest, some_names
from errsurf.run.checkpoint import CHECKPOINT
from errsurf.system.locks import LOCKS, locked

RESUME = "resume.json"
RESUMING = (RESUME, CHECKPOINT)
"""What a run needs to go on, in the order in which it is removed once the run is complete."""
FILES = ("scenario.toml", "summary.json", "table.csv", "figure.png", "examples.npz", *RESUMING)
ELSEWHERE = "name another folder with --out"


def resume_command(folder: Path) -> str:
    """The command that goes on with a run, as messages show it."""
    return f"`errsurf run --resume {folder}`"


def part_of(folder: Path) -> Path:
    """The name of a result folder while it is being written."""
    whole = folder.resolve()
    return whole.with_name(whole.name + ".part")


def check_free(folder: Path, *, force: bool) -> None:
    """Raise FolderError if a folder cannot take a result, FolderTakenError if it holds one or another run writes it."""
    with _said_of(folder):
        whole = folder.resolve()
        _check_place(whole)
        _check_part(part_of(whole), force=force)
        if whole.exists():
            check_older(whole, force=force)


def check_place(folder: Path) -> None:
    """Raise FolderError if a folder cannot be made at this path, whatever is there now."""
    with _said_of(folder):
        _check_place(folder.resolve())


@contextmanager
def _said_of(folder: Path) -> Iterator[None]:
    """Add the folder and a way out to the messages of errors inside the block."""
    try:
        yield
    except FolderError as error:
        raise type(error)(f"{folder} {error}; {ELSEWHERE}") from None
    except OSError as error:
        raise FolderError(f"{folder} cannot be made: {reason(error)}; {ELSEWHERE}") from None


def _check_place(whole: Path) -> None:
    if whole == Path.cwd() or whole in Path.cwd().parents:
        raise FolderError("is the working folder or above it")
    above = next(parent for parent in whole.parents if parent.exists())
    if not above.is_dir():
        raise FolderError(f"cannot be made: {above} is a file")
    if not os.access(above, os.W_OK):
        raise FolderError(f"cannot be made: {above} cannot be written")


def _check_part(part: Path, *, force: bool) -> None:
    """Raise FolderError if ``part`` exists: as another run's folder, or left behind by a killed run."""
    if not os.path.lexists(part):
        return
    if part.is_symlink() or not has_manifest(part):
        raise FolderTakenError(f"is written as {part}, which exists and was not made by errsurf")
    if not LOCKS:
        raise FolderTakenError(
            f"is written as {part}, which another run is writing or left behind; delete it if no run is writing it"
        )
    lock = lock_of(part)
    if lock is None:
        raise FolderTakenError(f"is being written by another run, as {part}")
    lock.close()
    if not force:
        way = f"go on with {resume_command(part)}, or " if (part / RESUME).exists() else ""
        raise FolderTakenError(f"is written as {part}, left behind by a killed run; {way}replace it with --force")
    if names := some_names(part):
        raise FolderError(f"is written as {part}, which contains files that errsurf did not write: {names}")


def check_older(whole: Path, *, force: bool) -> None:
    """Raise FolderError unless what has the folder's name is empty, or a result to replace."""
    if not whole.is_dir():
        raise FolderError("is a file")
    if not any(whole.iterdir()):
        return
    if not has_manifest(whole):
        raise FolderError(f"exists and is not a result folder; it contains {some_names(whole)}")
    if not force:
        raise FolderTakenError("already contains a result; replace it with --force")
    if names := some_names(whole):
        raise FolderError(f"contains files that errsurf did not write, or that were changed since: {names}")


def lock_of(part: Path) -> IO[bytes] | None:
    """The lock of a folder that no run is writing; None if one is, or if that is unknown."""
    path = part / MANIFEST
    try:
        lock = locked(path)
        return lock if lock is not None and _is_at(lock, path) else None
    except OSError:
        return None


def _is_at(stream: IO[bytes], path: Path) -> bool:
    """Whether a stream belongs to the file now at this path."""
    return os.path.samestat(os.fstat(stream.fileno()), path.stat())
