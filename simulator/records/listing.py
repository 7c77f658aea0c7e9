"""Records found by listing folders: a package's own and, when the user names one, another beside it.

A package's ``__path__`` is Python's own list of the folders that its modules come from.  A user's folder is
added to it once, at the start of a command that names the folder; a scenario can never do that.  A second process
is told the folders of the first one.
"""

import sys
from collections.abc import Callable
from functools import cache, lru_cache
from importlib import import_module, invalidate_caches
from pathlib import Path
from types import ModuleType
from typing import Any, ParamSpec, TypeVar

from errsurf.errors import RecordError
from errsurf.records.faults import RecordFault, load_faults, name_fault, no_record
from errsurf.system.text import first_line

P = ParamSpec("P")
T = TypeVar("T")
Folders = dict[str, list[str]]
_added: Folders = {}
_forget: list[Callable[[], None]] = []
_HOME = Path(__file__).parents[1]


def names(package: str) -> tuple[str, ...]:
    """Names of the records of a package, sorted: all files that begin with a letter.

    Nothing is loaded for this, not even the package.
    """
    return _names(tuple((folder, folder.stat().st_mtime_ns) for folder in _folders(package)))


@lru_cache(maxsize=256)
def _names(folders: tuple[tuple[Path, int], ...]) -> tuple[str, ...]:
    """Of these folders as they were at these times: a sweep resolves thousands of scenarios."""
    return tuple(sorted(file.stem for folder, _ in folders for file in _files(folder)))


def record(package: str, name: str, kind: type[T]) -> T:
    """The record of this name; KeyError if no file has the name, RecordError if the file cannot be used."""
    if name not in names(package):
        raise KeyError(name)
    module = _module(package, name, kind)
    found = getattr(module, "RECORD", None)
    if not isinstance(found, kind):
        raise RecordError(no_record(Path(str(module.__file__)), kind, found))
    return found


def summary(package: str, name: str) -> str:
    """First line of a record file's docstring; only a user's file is loaded for this."""
    if (own := _folders(package)[0] / f"{name}.py").is_file():
        return first_line(own)
    return (_module(package, name, object).__doc__ or "").partition("\n")[0]


def docstrings(package: str) -> dict[str, str]:
    """First line of each record file's docstring by the record's name, without loading any."""
    found = {file.stem: file for folder in _folders(package) for file in _files(folder)}
    return {name: first_line(found[name]) for name in sorted(found)}


def add_folder(package: str, folder: Path, kind: type[T], check: Callable[[Path, T], list[RecordFault]]) -> None:
    """Let a package find the records of another folder too, and load them.

    ``check`` gives the faults of a record that was loaded.  Raises RecordError, with the faults of all files, if the
    folder has no such files, or some of them have a name that is known already or cannot be used.
    """
    folder = folder.resolve() if folder.is_dir() else folder
    files = sorted(file for file in folder.glob("*.py") if file.name[0] not in "_.") if folder.is_dir() else []
    if folder.is_file():
        raise RecordError(f"{folder}: a file, not a folder; name the folder that it is in: {folder.parent}")
    if not files:
        raise RecordError(f"{folder}: no folder with .py files in it")
    known = names(package)
    wrong = [fault for file in files if (fault := name_fault(file, file.stem in known))]
    if wrong:
        raise RecordError(*wrong)
    join({package: [str(folder)]})
    for file in files:
        try:
            wrong += check(file, record(package, file.stem, kind))
        except RecordError as error:
            wrong += [fault for fault in error.args if isinstance(fault, RecordFault)]
    if wrong:
        leave(package, folder)
        raise RecordError(*wrong)


def leave(package: str, folder: Path) -> None:
    """Take a folder that ``add_folder`` added out again."""
    place = str(folder.resolve())
    for found in (sys.modules[package].__path__, _added[package]):
        found.remove(place)
    for file in _files(folder):
        sys.modules.pop(f"{package}.{file.stem}", None)
    for forget in _forget:
        forget()


def added() -> Folders:
    """The users' folders of each package that has some, for ``join`` in another process."""
    return _added


def added_files(package: str) -> list[Path]:
    """The files of a package's records that users' folders hold, in the order of their names."""
    return sorted(file for folder in _added.get(package, ()) for file in _files(Path(folder)))


def join(folders: Folders) -> None:
    """Let packages find the records of more folders too."""
    for package, found in folders.items():
        import_module(package).__path__.extend(found)
        _added.setdefault(package, []).extend(found)
    invalidate_caches()
    for forget in _forget:
        forget()


def cached(function: Callable[P, T]) -> Callable[P, T]:
    """``functools.cache`` for what follows from all records: it is forgotten when a folder joins."""
    found: Any = cache(function)
    _forget.append(found.cache_clear)
    wrapped: Callable[P, T] = found
    return wrapped


def _folders(package: str) -> list[Path]:
    loaded = sys.modules.get(package)
    return [Path(folder) for folder in loaded.__path__] if loaded else [_HOME.joinpath(*package.split(".")[1:])]


def _files(folder: Path) -> list[Path]:
    return [file for file in folder.glob("*.py") if file.stem[0].isalpha()]


def _module(package: str, name: str, kind: type[Any]) -> ModuleType:
    try:
        return import_module(f"{package}.{name}")
    except (Exception, SystemExit) as error:
        # Whatever a user's file may raise while it is loaded is the file's fault, and said as such.
        place = next(Path(p) / f"{name}.py" for p in sys.modules[package].__path__ if (Path(p) / f"{name}.py").exists())
        raise RecordError(*load_faults(place, error, kind)) from error


def home(package: str, name: str) -> Path:
    """The file of a record."""
    return next(file for folder in _folders(package) for file in _files(folder) if file.stem == name)
