"""The folder of compiled kernels: its place, its permissions, and its files.

What lies there is executed, so the folder is used only if no other user can change it, and a file only if it is as it
was written.  Where that fails, kernels stay in memory and the run goes on.
"""

import os
import sys
from collections.abc import Iterator
from errno import ELOOP, ENOENT, EPERM
from hashlib import sha256
from pathlib import Path
from stat import S_ISDIR, S_ISLNK, S_ISVTX, S_IWGRP, S_IWOTH
from tempfile import TemporaryFile

from errsurf.errors import reason
from errsurf.system.atomic_write import whole_file

_DIGEST = sha256().digest_size
_LINKS = 40
_not_saved: list[str] = []


def cache_folder() -> Path:
    """What errsurf keeps between runs and may be deleted: $ERRSURF_CACHE, or the user's cache folder."""
    if chosen := os.environ.get("ERRSURF_CACHE"):
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData/Local")) / "errsurf"
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/errsurf"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "errsurf"


def kernel_folder() -> Path:
    """The folder of compiled kernels, made if it is missing; OSError if it cannot be made or trusted."""
    try:
        folder = cache_folder().absolute() / "kernels"
    except RuntimeError as error:
        raise OSError(ENOENT, "there is no home folder; set ERRSURF_CACHE to a folder", "~") from error
    if sys.platform != "win32":
        for step in _steps(folder.parent):
            _check(*step)
    if not folder.exists():
        for each in (*reversed(folder.parents), folder):
            each.mkdir(mode=0o700, exist_ok=True)
        return kernel_folder()
    if sys.platform != "win32":
        _check(folder, folder.lstat(), leaf=True)
    return folder


def load(name: str) -> bytes | None:
    """What was saved under a name; None if there is nothing, or if it is damaged."""
    try:
        file = kernel_folder() / name
        data = file.read_bytes() if file.is_file() else b""  # a pipe would be waited for
    except OSError:
        return None
    return data[_DIGEST:] if sha256(data[_DIGEST:]).digest() == data[:_DIGEST] else None


def save(name: str, data: bytes) -> None:
    """Save data under a name, in place of what is there; where that fails, ``why_not_saved`` tells why."""
    where: Path | None = None
    try:
        where = kernel_folder()
        with whole_file(where / name) as file:
            file.write(sha256(data).digest() + data)
    except OSError as error:
        # On Windows a file that another process reads cannot be replaced.
        if load(name) is None:
            _not_saved.append(_sentence(error, where))


def is_saved(start: str) -> bool:
    """Whether something is saved under a name that begins so."""
    try:
        names = [file.name for file in kernel_folder().iterdir() if file.name.startswith(start)]
    except OSError:
        return False
    return any(load(name) is not None for name in names)


def why_not_saved() -> str:
    """Why this process could not save a kernel, as a sentence; "" if it saved all."""
    return _not_saved[0] if _not_saved else ""


def cache_fault() -> str:
    """Why kernels cannot be saved, as a sentence, found by writing a temporary file; "" if they can be."""
    where: Path | None = None
    try:
        where = kernel_folder()
        with TemporaryFile(dir=where) as file:
            file.write(bytes(1 << 16))
    except OSError as error:
        return _sentence(error, where)
    return ""


def _sentence(error: OSError, folder: Path | None) -> str:
    return f"kernels are not kept: {error.filename2 or folder or error.filename}: {reason(error)}"


def _steps(path: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """The folders and symbolic links that lead to a path, and to the links' targets, as far as they exist."""
    at, links = Path(path.anchor), 0
    left = [*reversed(path.parts[1:])]
    yield at, at.lstat()
    while left:
        at = at.parent if (part := left.pop()) == ".." else at / part
        try:
            found = at.lstat()
        except FileNotFoundError:
            return
        yield at, found
        if S_ISLNK(found.st_mode):
            links += 1
            if links > _LINKS:
                raise OSError(ELOOP, os.strerror(ELOOP), str(path))
            target = at.parent / at.readlink()
            left += reversed(target.parts[1:])
            at = Path(target.anchor)


def _check(path: Path, found: os.stat_result, *, leaf: bool = False) -> None:
    """OSError if a user other than root can change what is found at a path; in a ``leaf`` only its owner may write."""
    own = {os.geteuid()} if leaf else {0, os.geteuid()}
    fault, remedy = "", ""
    if not S_ISDIR(found.st_mode) and (leaf or not S_ISLNK(found.st_mode)):
        fault = "it is not a folder"
    elif found.st_uid not in own:
        fault = "it belongs to another user"
    elif S_ISDIR(found.st_mode) and _others_write(found, own, leaf=leaf):
        fault, remedy = "other users can write to it", "delete it, or " if leaf else f"run `chmod go-w {path}`, or "
    if fault:
        raise OSError(EPERM, f"{fault}; {remedy}set ERRSURF_CACHE to a folder that only you can write to", str(path))


def _others_write(found: os.stat_result, own: set[int], *, leaf: bool) -> bool:
    """Whether others can write to a folder; one that is no leaf may be sticky, or writable by a private group."""
    if leaf:
        return bool(found.st_mode & (S_IWGRP | S_IWOTH))
    if found.st_mode & S_ISVTX:
        return False
    shared = found.st_mode & S_IWGRP and not _is_private(found.st_gid, own)
    return bool(found.st_mode & S_IWOTH or shared)


def _is_private(gid: int, own: set[int]) -> bool:
    """Whether a group has the name of one of these users, and no other member."""
    import grp
    import pwd

    try:
        group, names = grp.getgrgid(gid), {pwd.getpwuid(uid).pw_name for uid in own}
    except KeyError:
        return False
    return group.gr_name in names and set(group.gr_mem) <= {group.gr_name}
