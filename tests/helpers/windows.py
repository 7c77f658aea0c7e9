"""Files as on Windows, imitated on Linux: open ones are not moved or removed, none is moved over another, no locks."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any
from unittest.mock import patch

from errsurf.results import folder_checks, output_folder
from errsurf.sweeps import store
from errsurf.system import atomic_write, locks


def open_paths() -> set[str]:
    """What this process has open, or mapped into its memory."""
    found = set()
    for entry in Path("/proc/self/fd").iterdir():
        try:
            found.add(str(entry.readlink()))
        except OSError:
            continue
    lines = Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace").splitlines()
    return found | {line.split(maxsplit=5)[5] for line in lines if line.count("/")}


def _whole(path: Any, folder: int | None) -> str:
    """The whole path of an argument, which may be relative to an open folder."""
    above = str(Path(f"/proc/self/fd/{folder}").readlink()) if folder is not None else str(Path.cwd())
    return os.path.normpath(os.path.join(above, os.fspath(path)))  # noqa: PTH118 - of open folders


def _guarded(real: Callable[..., Any], arguments: int, *, over: bool) -> Callable[..., Any]:
    @wraps(real)
    def call(*given: Any, **options: Any) -> Any:
        folder = options.get("dir_fd")
        paths = [_whole(each, folder) for each in given[:arguments]]
        busy = [each for each in open_paths() if any(each == path or each.startswith(f"{path}/") for path in paths)]
        if busy and not (folder is not None and busy == [_whole(".", folder)]):
            raise PermissionError(13, "The process cannot access the file because it is being used", ", ".join(busy))
        if not over and os.path.lexists(paths[-1]):
            raise FileExistsError(17, "Cannot create a file when that file already exists", given[1])
        return real(*given, **options)

    return call


@contextmanager
def windows() -> Iterator[None]:
    """Files behave as on Windows."""
    with (
        patch.object(os, "rename", _guarded(os.rename, 2, over=False)),
        patch.object(os, "replace", _guarded(os.replace, 2, over=True)),
        patch.object(os, "unlink", _guarded(os.unlink, 1, over=True)),
        patch.object(os, "remove", _guarded(os.remove, 1, over=True)),
        patch.object(locks, "fcntl", None),
        patch.object(output_folder, "LOCKS", False),
        patch.object(folder_checks, "LOCKS", False),
        patch.object(store, "LOCKS", False),
        patch.object(atomic_write, "MOVES_OPEN_FILES", False),
    ):
        yield
