"""A result folder while a run writes it, locked for other runs; only files that errsurf wrote are ever removed."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO, Literal
from uuid import uuid4

from errsurf.errors import DISK_FULL, FolderError, FolderTakenError, RunError, reason
from errsurf.results.folder_checks import (
    ELSEWHERE,
    FILES,
    RESUMING,
    check_free,
    check_older,
    lock_of,
    part_of,
    resume_command,
)
from errsurf.results.manifest import (
    MANIFEST,
    begin_manifest,
    complete_manifest,
    remove_own,
    some_names,
    sorted_names,
)
from errsurf.run.checkpoint import CHECKPOINT
from errsurf.system.atomic_write import sync_files
from errsurf.system.locks import LOCKS

State = Literal["open", "closing", "kept", "left", "removed"]


class OutputFolder:
    """A result folder that belongs to one run; until it is closed it is called ``part``.

    Set ``saved`` as soon as ``part`` can be opened as a result: closing then gives it its name.  Set ``finished`` when
    nothing is left to resume.  What is not saved stays as ``part`` if the run can go on from it.  The manifest in
    ``part`` is locked as long as the process lives, which is how others know.  Leaving a ``with`` block closes the
    folder.  One that is taken ``again`` is that of a run that was stopped or killed.
    """

    def __init__(self, folder: Path, files: Iterable[str], *, force: bool, again: bool = False) -> None:
        self.folder, self.force, self.again, self.saved, self.finished = folder, force, again, False, False
        self.state: State = "open"
        self.part = part_of(folder)
        self._made = [parent for parent in self.part.parents if not parent.exists()]
        self._lock: IO[bytes] | None = None
        try:
            (self._take_again if again else self._begin)(files)
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
        """Give the folder its name if a result was saved in it, else remove it unless the run can go on from it.

        Raises RunError, with the name under which the result lies, if it cannot have its own.
        """
        if self.state != "open":
            return
        became: State = "kept" if self.saved else "left" if self.resumable else "removed"
        self.state = "closing"
        try:
            if became == "kept":
                self._keep()
            elif became == "removed":
                self._remove()
        finally:
            self.state = became
            if self._lock is not None:
                self._lock.close()

    @property
    def resumable(self) -> bool:
        """Whether the run can go on from what lies in the folder."""
        return self.again or (self.part / CHECKPOINT).exists()

    @property
    def what_is_left(self) -> str:
        """What remains of a run that failed, in words."""
        if not self.resumable:
            return "nothing of this run was kept"
        return f"what was recorded is kept as {self.part}, and {resume_command(self.folder)} goes on from there"

    def _begin(self, files: Iterable[str]) -> None:
        """Make ``part``, with a locked manifest from the start."""
        fresh = self.part.with_name(f".{self.part.name}.{uuid4().hex[:8]}")
        fresh.mkdir(parents=True)
        try:
            self._lock = begin_manifest(fresh, [*FILES, *files])
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

    def _take_again(self, files: Iterable[str]) -> None:
        """Lock what a run has left, and call it ``part``."""
        whole = self.folder.resolve()
        at = self.part if os.path.lexists(self.part) else whole
        lock = lock_of(at)
        if lock is None if LOCKS else not _can_move(at):
            raise FolderTakenError(f"is being written by another run, as {at}")
        if names := some_names(at):
            raise FolderError(f"contains files that errsurf did not write, or that were changed since: {names}")
        if at == whole:
            _rename(whole, self.part)
        self._lock = begin_manifest(self.part, [*FILES, *files])
        if lock is not None:
            lock.close()

    def _keep(self) -> None:
        whole = self.folder.resolve()
        with suppress(OSError):
            self._complete()
        try:
            _replace(whole, self.part, force=self.force)
        except (OSError, FolderError) as error:
            why = reason(error) if isinstance(error, OSError) else str(error)
            raise RunError(f"{self.folder} cannot be replaced: {why}; the result is kept as {self.part}") from error

    def _complete(self) -> None:
        """Write the last manifest, and remove what is needed to resume where nothing is left to do."""
        if self.finished and (self.part / CHECKPOINT).exists():
            sync_files(self.part)
        before, self._lock = self._lock, complete_manifest(self.part, RESUMING if self.finished else ())
        if before is not None:
            before.close()
        for name in RESUMING if self.finished else ():
            (self.part / name).unlink(missing_ok=True)

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


def folder_again(folder: Path, files: Iterable[str], *, force: bool) -> OutputFolder:
    """Take the folder of a run that was stopped or killed, which writes these files; arguments as for ``new_folder``.

    Raises FolderTakenError if another run has it, FolderError if it contains other files or cannot be written.
    """
    try:
        return OutputFolder(folder, files, force=force, again=True)
    except FolderError as error:
        raise type(error)(f"{folder} {error}") from None
    except OSError as error:
        raise FolderError(f"{folder} cannot be written: {reason(error)}") from None


def new_numbered_folder(folder: Path, files: Iterable[str] = ()) -> OutputFolder:
    """Take this folder or, if it exists or is being written, the one with the first free number: ``<name>-2``."""
    free, k = folder, 2
    while True:
        if not os.path.lexists(free):
            with suppress(FolderTakenError):
                return new_folder(free, files)
        free, k = folder.with_name(f"{folder.name}-{k}"), k + 1


def _replace(whole: Path, part: Path, *, force: bool) -> None:
    """Rename ``part``; an older result is removed only after that, and restored if it fails."""
    if not whole.exists() or not any(whole.iterdir()):
        _rename(part, whole)
        return
    check_older(whole, force=force)
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
    lock = lock_of(part)
    if lock is None:
        return
    with lock:
        own, foreign = sorted_names(part)
        if not foreign:
            remove_own(part, own)


def _can_move(folder: Path) -> bool:
    """Whether a folder can be renamed: on Windows not where a file in it is open, as those of frames during a run."""
    away = folder.with_name(f".{folder.name}.{uuid4().hex[:8]}")
    try:
        folder.rename(away).rename(folder)
    except OSError:
        return False
    return True


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
