"""``manifest.json`` lists the files of a result folder that errsurf wrote, so that it never removes others."""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import file_digest
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import IO, Any

from errsurf.system.atomic_write import whole_file
from errsurf.system.locks import lock_written

MANIFEST = "manifest.json"
MAX_BYTES = 1 << 24
MAX_NAMES = 5
_ARRAY = re.compile(r"\d+-[^/]+/([a-z0-9_.]+\.npy)?")
_TEMPORARY = re.compile(r"\.(.+)\.\d+\.part")


def begin_manifest(folder: Path, files: Iterable[str]) -> IO[bytes] | None:
    """Write the manifest of a folder to which these files and the arrays of groups will be written.

    Returns a stream with its lock, None on systems without locks.
    """
    return _write(folder, dict.fromkeys(sorted({*files, MANIFEST})), complete=False)


def complete_manifest(folder: Path, leave_out: Iterable[str] = ()) -> IO[bytes] | None:
    """Write the manifest of a folder that is complete: the size of each file and, except for arrays, its SHA-256.

    What a file was written to before it got its name is removed; files to ``leave_out`` will be.  Returns a stream with
    the manifest's lock, None on systems without locks.
    """
    own, _ = sorted_names(folder)
    for name in filter(_TEMPORARY.fullmatch, own):
        (folder / name).unlink(missing_ok=True)
    names = [name for name in own if not name.endswith("/") and not _TEMPORARY.fullmatch(name)]
    kept = [name for name in names if name not in (MANIFEST, *leave_out)]
    return _write(folder, {name: _fingerprint(folder / name) for name in kept}, complete=True)


def sorted_names(folder: Path) -> tuple[list[str], list[str]]:
    """The names in a folder: errsurf's own files, unchanged since they were written, and foreign ones.

    Paths are relative to the folder, those of folders end with a slash; what is in a folder comes after it.
    """
    manifest = _read(folder)
    own: list[str] = []
    foreign: list[str] = []
    for name in _walk(folder):
        (own if manifest is not None and _is_own(folder, name, manifest) else foreign).append(name)
    return own, foreign


def has_manifest(folder: Path) -> bool:
    """Whether errsurf writes or wrote this folder."""
    return _read(folder) is not None


def some_names(folder: Path) -> str:
    """The first names in a folder that errsurf did not write, as a message shows them; empty if there are none."""
    names = sorted_names(folder)[1] if has_manifest(folder) else list(islice(_walk(folder), 100))
    return ", ".join(names[:MAX_NAMES]) + (" and more" if len(names) > MAX_NAMES else "")


def remove_own(folder: Path, names: Iterable[str]) -> None:
    """Remove these files and folders, and the folder itself if nothing else lies in it."""
    for name in reversed(list(names)):
        with suppress(OSError):
            (folder / name).rmdir() if name.endswith("/") else (folder / name).unlink()
    with suppress(OSError):
        folder.rmdir()


def _is_own(folder: Path, name: str, manifest: Mapping[str, Any]) -> bool:
    files = manifest["files"]
    if name.endswith("/") and any(each.startswith(name) for each in files):
        return True
    if not manifest.get("complete"):
        part = _TEMPORARY.fullmatch(name)
        return name in files or bool(_ARRAY.fullmatch(name)) or (part is not None and part[1] in files)
    found = None if name.endswith("/") else _fingerprint(folder / name)
    return found is not None and (name == MANIFEST or files.get(name) == found)


def _fingerprint(path: Path) -> dict[str, Any] | None:
    """What identifies a file's content; None if it is not a regular file."""
    if path.is_symlink() or not path.is_file():
        return None
    size = {"bytes": path.stat().st_size}
    if path.suffix == ".npy":
        return size
    with path.open("rb") as file:
        return size | {"sha256": file_digest(file, "sha256").hexdigest()}


def _walk(folder: Path, above: str = "") -> Iterator[str]:
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.is_dir(follow_symlinks=False):
            yield f"{above}{entry.name}/"
            yield from _walk(Path(entry.path), f"{above}{entry.name}/")
        else:
            yield above + entry.name


def _read(folder: Path) -> dict[str, Any] | None:
    """The manifest of a folder; None if it has no readable one."""
    path = folder / MANIFEST
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_BYTES:
            return None
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    known = isinstance(found, dict) and "errsurf" in found and isinstance(found.get("files"), dict)
    return found if known else None


def _write(folder: Path, files: Mapping[str, Any], *, complete: bool) -> IO[bytes] | None:
    manifest = {"errsurf": version("errsurf"), "complete": complete, "files": files}
    with whole_file(folder / MANIFEST) as file:
        file.write(f"{json.dumps(manifest, indent=1)}\n".encode())
        file.flush()
        return lock_written(file)
