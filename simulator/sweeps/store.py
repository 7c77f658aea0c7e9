"""The folder of a sweep: what determines it, the journal of its finished cells, and its table.

=============  ========================================================================================================
``sweep.toml``   the scenario's tables, what varies, and the version of errsurf
``cells.jsonl``  one line a finished cell, appended as they come; locked by the process that computes the sweep
``table.csv``    one row a group of a cell, in the order of cells
=============  ========================================================================================================
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import IO, Any, NamedTuple

from errsurf.errors import DISK_FULL, FolderError, FolderTakenError, RunError, reason
from errsurf.records.names import listed
from errsurf.scenario.reading import Source
from errsurf.sweeps.axes import Axis, Block, checked_blocks
from errsurf.sweeps.cells import VERSION, Cells, numeric_tables
from errsurf.sweeps.journal import Journal
from errsurf.system.atomic_write import whole_file
from errsurf.system.locks import LOCKS, locked

SWEEP, JOURNAL, TABLE = "sweep.toml", "cells.jsonl", "table.csv"
MAX_NAMES = 5
ELSEWHERE = "name another folder with --out"


class Stored(NamedTuple):
    """What a sweep's folder says of it."""

    source: Source
    blocks: tuple[Block, ...]
    groups: tuple[str, ...]
    version: str


def open_journal(folder: Path | None) -> Journal:
    """The journal of a sweep's folder, which is made if need be, and locked; without a folder, one in memory.

    Raises FolderTakenError if another process computes a sweep in the folder, FolderError if it cannot be used.
    """
    if folder is None:
        return Journal(BytesIO())
    try:
        if folder.is_dir():
            _check_own(folder)
        folder.mkdir(parents=True, exist_ok=True)
        return Journal(_opened(folder / JOURNAL), (folder / JOURNAL).absolute())
    except FolderError as error:
        raise type(error)(f"{folder} {error}; {ELSEWHERE}") from None
    except OSError as error:
        kind = RunError if error.errno in DISK_FULL else FolderError
        raise kind(f"{folder} cannot be used: {reason(error)}; {ELSEWHERE}") from None


def journal_of(folder: Path) -> Journal:
    """The journal of a sweep's folder, to read."""
    try:
        journal = Journal((folder / JOURNAL).open("rb"), (folder / JOURNAL).absolute())
        journal.release()
        return journal
    except OSError as error:
        raise FolderError(f"{folder}: no folder of a sweep: {JOURNAL}: {reason(error)}") from None


def _opened(file: Path) -> IO[bytes]:
    file.touch()
    stream = locked(file) if LOCKS else file.open("r+b")
    if stream is None:
        raise FolderTakenError("is being written by another sweep")
    return stream


def _check_own(folder: Path) -> None:
    """Raise FolderError unless a folder is empty or that of a sweep."""
    names = sorted(file.name for file in folder.iterdir())
    if names and not {SWEEP, JOURNAL} & set(names):
        more = " and more" if len(names) > MAX_NAMES else ""
        raise FolderError(f"exists and is not the folder of a sweep; it contains {', '.join(names[:MAX_NAMES])}{more}")


def check_same(folder: Path, journal: Journal, cells: Cells, names: Sequence[str]) -> None:
    """Raise FolderError if the folder holds finished cells that are not among those of this sweep."""
    foreign = set(journal) - set(names)
    if not foreign:
        return
    if (folder / SWEEP).exists():
        stored = read_stored(folder)
        if stored.version != VERSION:
            raise FolderError(f"{folder} holds a sweep of errsurf {stored.version}, and this is {VERSION}; {ELSEWHERE}")
        mine, theirs = cells.tables, numeric_tables(stored.source.tables)
        if differ := [key for key in {**theirs, **mine} if theirs.get(key) != mine.get(key)]:
            raise FolderError(f"{folder} holds another sweep: its scenario differs in {listed(differ)}; {ELSEWHERE}")
    raise FolderError(
        f"{folder} holds another sweep: {len(foreign):,} of its {len(journal):,} finished cells are not among the "
        f"{len(cells):,} of this one; add values and seeds instead of taking some out, or {ELSEWHERE}"
    )


def write_stored(folder: Path, source: Source, cells: Cells, groups: Sequence[str]) -> None:
    """Write what determines a sweep."""
    import tomli_w

    blocks = [[{"key": axis.key, "values": [*map(_given, axis.values)]} for axis in block] for block in cells.blocks]
    home = {} if source.folder is None else {"folder": str(source.folder)}
    tables = {"errsurf": VERSION, "name": source.name, **home, "groups": list(groups), "blocks": blocks}
    with whole_file(folder / SWEEP) as file:
        file.write(tomli_w.dumps(tables | {"scenario": _filled(source.tables)}).encode())


def read_stored(folder: Path) -> Stored:
    """What determines the sweep of a folder; raises FolderError."""
    import tomllib

    try:
        with (folder / SWEEP).open("rb") as file:
            found = tomllib.load(file)
        home = Path(found["folder"]) if "folder" in found else None
        blocks = checked_blocks(
            [
                tuple(Axis(str(axis["key"]), tuple(map(_meant, axis["values"]))) for axis in block)
                for block in found["blocks"]
            ]
        )
        if not all(axis.values for block in blocks for axis in block):
            raise ValueError
        source = Source(dict(found["scenario"]), home, str(found["name"]))
        return Stored(source, blocks, tuple(map(str, found["groups"])), str(found["errsurf"]))
    except OSError as error:
        raise FolderError(f"{folder}: no folder of a sweep: {SWEEP}: {reason(error)}") from None
    except (ValueError, LookupError, TypeError, RecursionError):
        raise FolderError(f"{folder}: {SWEEP} is damaged") from None


def _given(value: Any) -> Any:
    """A value as TOML has it; an empty table stands for the scenario's own."""
    return {} if value is None else value


def _meant(value: Any) -> Any:
    return None if value == {} else value


def _filled(tables: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in tables.items() if value is not None}
