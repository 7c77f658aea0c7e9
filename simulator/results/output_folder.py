"""A result folder while a run writes it, locked for other runs; only files that errsurf wrote are ever removed."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Literal
from uuid import uuid4

from errsurf.errors import DISK_FULL, FolderError, FolderTakenError, RunError, reason
from errsurf.results.manifest import (
    MANIFEST,
    begin_manifest,
    complete_manifest,
    has_manifest,
    remove_own,
    some_names,
    sorted_names,
)
from errsurf.system.locks import LOCKS, locked

FILES = ("scenario.toml", "summary.json", "table.csv", "figure.png", "examples.npz")
ELSEWHERE = "name another folder with --out"


class OutputFolder:
    """A result folder that belongs to one run; until it is closed it is called ``part``.

    Set ``saved`` as soon as ``part`` can be opened as a result: closing then keeps it.  The manifest in ``part`` is
    locked as long as the process lives, which is how others know.  Leaving a ``with`` block closes the folder.
    """

    def __init__(self, folder: Path, files: Iterable[str], *, force: bool) -> None:
        self.folder, self.force, self.saved = folder, force, False
        self.state: Literal["open", "closing", "kept", "removed"] = "open"
        self.part = part_of(folder)
        self._made = [parent for parent in self.part.parents if not parent.exists()]
        self._lock: IO[bytes] | None = None
        try:
            self._begin(files)
        except BaseException:
            self._remove_parents()
            raise

    def __enter__(self) -> "OutputFolder":
        """The folder itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Give the folder its name if a result was saved in it, else remove it; later calls do nothing.

        Raises RunError, with the name under which the result lies, if it cannot have its own.
        """
        if self.state != "open":
            return
        self.state = "closing"
        try:
            if self.saved:
                self._keep()
            else:
                self._remove()
        finally:
            self.state = "kept" if self.saved else "removed"
            if self._lock is not None:
                self._lock.close()

    def _begin(self, files: Iterable[str]) -> None:
        """Make ``part``, with a locked manifest from the start."""
        fresh = self.part.with_name(f".{self.part.name}.{uuid4().hex[:8]}")
        fresh.mkdir(parents=True)
        try:
            begin_manifest(fresh, [*FILES, *files])
            self._lock = locked(fresh / MANIFEST)
            if self.force and self.part.exists():
                _remove_abandoned(self.part)
            if os.path.lexists(self.part):
                raise FolderTakenError(f"is being written by another run, as {self.part}")
            _rename(fresh, self.part)
        except BaseException:
            remove_own(fresh, [MANIFEST])
            if self._lock is not None:
                self._lock.close()
            raise

    def _keep(self) -> None:
        whole = self.folder.resolve()
        with suppress(OSError):
            complete_manifest(self.part)
        try:
            _replace(whole, self.part, force=self.force)
        except (OSError, FolderError) as error:
            why = reason(error) if isinstance(error, OSError) else str(error)
            raise RunError(f"{self.folder} cannot be replaced: {why}; the result is kept as {self.part}") from error

    def _remove(self) -> None:
        with suppress(OSError):
            remove_own(self.part, sorted_names(self.part)[0])
        self._remove_parents()

    def _remove_parents(self) -> None:
        with suppress(OSError):
            for parent in self._made:
                parent.rmdir()


def new_folder(folder: Path, files: Iterable[str] = (), *, force: bool = False) -> OutputFolder:
    """Take a result folder for a run that writes these files besides its numbers.

    With ``force`` it may replace an older result, and what a killed run has left.  Raises FolderTakenError
    or FolderError if the folder cannot be used, and RunError if the disk is full.
    """
    check_free(folder, force=force)
    try:
        return OutputFolder(folder, files, force=force)
    except FolderTakenError as error:
        raise FolderTakenError(f"{folder} {error}; {ELSEWHERE}") from None
    except OSError as error:
        kind = RunError if error.errno in DISK_FULL else FolderError
        raise kind(f"{folder} cannot be made: {reason(error)}; {ELSEWHERE}") from None


def new_numbered_folder(folder: Path, files: Iterable[str] = ()) -> OutputFolder:
    """Take this folder or, if it exists or is being written, the one with the first free number: ``<name>-2``."""
    free, k = folder, 2
    while True:
        if not os.path.lexists(free):
            with suppress(FolderTakenError):
                return new_folder(free, files)
        free, k = folder.with_name(f"{folder.name}-{k}"), k + 1


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
            _check_older(whole, force=force)


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
    lock = _lock_of(part)
    if lock is None:
        raise FolderTakenError(f"is being written by another run, as {part}")
    lock.close()
    if not force:
        raise FolderTakenError(f"is written as {part}, left behind by a killed run; replace it with --force")
    if names := some_names(part):
        raise FolderError(f"is written as {part}, which contains files that errsurf did not write: {names}")


def _check_older(whole: Path, *, force: bool) -> None:
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


def _replace(whole: Path, part: Path, *, force: bool) -> None:
    """Rename ``part``; an older result is removed only after that, and restored if it fails."""
    if not whole.exists() or not any(whole.iterdir()):
        _rename(part, whole)
        return
    _check_older(whole, force=force)
    own, old = sorted_names(whole)[0], whole.with_name(f"{whole.name}.{os.getpid()}.old")
    whole.rename(old)
    try:
        part.rename(whole)
    except OSError:
        old.rename(whole)
        raise
    remove_own(old, own)


def _remove_abandoned(part: Path) -> None:
    """Remove what a killed run left behind, unless another run has taken it."""
    lock = _lock_of(part)
    if lock is None:
        return
    with lock:
        own, foreign = sorted_names(part)
        if not foreign:
            remove_own(part, own)


def _rename(folder: Path, name: Path) -> None:
    """Rename a folder to a name that is free, or that of an empty folder."""
    with suppress(OSError):
        name.rmdir()
    try:
        folder.rename(name)
    except OSError as error:
        if name.exists():
            raise FolderTakenError(f"is being written by another run, as {name}") from error
        raise


def _lock_of(part: Path) -> IO[bytes] | None:
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
