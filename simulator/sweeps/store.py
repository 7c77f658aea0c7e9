"""The folder of a sweep: what determines it, the journal of its finished cells, and its table.

=============  ========================================================================================================
``sweep.toml``   the scenario's tables, what varies, what made the numbers, and what columns are
``cells.jsonl``  one line a finished cell, appended as they come; locked by the process that computes the sweep
``table.csv``    one row a group of a cell, in the order of cells
``own/``         copies of the user's own records that cells use; those of data files lie as beside the scenario
=============  ========================================================================================================
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import IO, Any, NamedTuple

from errsurf.errors import DISK_FULL, FolderError, FolderTakenError, RunError, reason
from errsurf.records.names import listed
from errsurf.run.made_with import made_with
from errsurf.scenario.files import OWN_FONTS
from errsurf.scenario.own_files import FOLDER
from errsurf.scenario.reading import Source
from errsurf.sweeps.axes import Axis, checked_blocks
from errsurf.sweeps.cells import VERSION, Cells, numeric_tables
from errsurf.sweeps.columns import Column
from errsurf.sweeps.content import content_digest, own_paths
from errsurf.sweeps.journal import Journal
from errsurf.sweeps.table import Rows
from errsurf.system.atomic_write import whole_file
from errsurf.system.locks import LOCKS, locked

SWEEP, JOURNAL, TABLE, PARQUET = "sweep.toml", "cells.jsonl", "table.csv", "table.parquet"
MAX_NAMES = 5
ELSEWHERE = "name another folder with --out"


class Stored(NamedTuple):
    """What a sweep's folder says of it: its scenario, its cells, and what it was made with.

    ``columns`` are empty and ``records`` of the user's own unknown where an older errsurf wrote the folder.
    """

    source: Source
    cells: Cells
    groups: tuple[str, ...]
    version: str
    columns: dict[str, Column]
    made_with: list[dict[str, str]]


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
        mine, theirs = cells.tables, stored.cells.tables
        if differ := [key for key in {**theirs, **mine} if theirs.get(key) != mine.get(key)]:
            raise FolderError(f"{folder} holds another sweep: its scenario differs in {listed(differ)}; {ELSEWHERE}")
    raise FolderError(
        f"{folder} holds another sweep: {len(foreign):,} of its {len(journal):,} finished cells are not among the "
        f"{len(cells):,} of this one; add values and seeds instead of taking some out, or {ELSEWHERE}"
    )


def write_stored(folder: Path, source: Source, rows: Rows, *, computes: bool) -> None:
    """Write what determines a sweep, with copies of the files that it reads; nothing names the machine's folders.

    What made the numbers is added to what it says already, where the sweep ``computes`` something now.
    """
    import tomli_w

    cells = rows.cells
    _copy_files(folder, source, cells)
    blocks = [[{"key": axis.key, "values": [*map(_given, axis.values)]} for axis in block] for block in cells.blocks]
    made = read_stored(folder).made_with if (folder / SWEEP).exists() else []
    now = made_with(cells.scenario(0), "cpu")
    tables = {
        "errsurf": VERSION,
        "name": source.name,
        "groups": list(rows.groups),
        "blocks": blocks,
        "made_with": made if now in made or not computes else [*made, now],
        "columns": {name: column._asdict() for name, column in rows.known.items()},
        "data": {text: cells.data[text] for text in cells.data_files()},
        "records": {name: cells.records[name] for name in sorted(cells.used)},
        "cells": _filled(cells.tables),
        "scenario": _filled(source.tables),
    }
    with whole_file(folder / SWEEP) as file:
        file.write(tomli_w.dumps(tables).encode())


def is_stored(file: Path) -> bool:
    """Whether a file is that of a sweep, not a scenario that has its name."""
    return file.is_file() and (file.parent / JOURNAL).is_file()


def read_stored(folder: Path) -> Stored:
    """What determines the sweep of a folder; raises FolderError."""
    import tomllib

    try:
        with (folder / SWEEP).open("rb") as file:
            found = tomllib.load(file)
        blocks = checked_blocks(
            [
                tuple(Axis(str(axis["key"]), tuple(map(_meant, axis["values"]))) for axis in block)
                for block in found["blocks"]
            ]
        )
        if not all(axis.values for block in blocks for axis in block):
            raise ValueError
        source = Source(dict(found["scenario"]), folder.absolute(), str(found["name"]))
        tables = dict(found.get("cells") or numeric_tables(source.tables))
        cells = Cells(tables, source.folder, source.name, blocks, _texts(found["records"]), _texts(found["data"]))
        columns = {name: _column(column) for name, column in dict(found["columns"]).items()}
        made = [_texts(each) for each in found["made_with"]]
        return Stored(source, cells, tuple(map(str, found["groups"])), str(found["errsurf"]), columns, made)
    except OSError as error:
        raise FolderError(f"{folder}: no folder of a sweep: {SWEEP}: {reason(error)}") from None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise FolderError(f"{folder}: {SWEEP} is damaged") from None


def _copy_files(folder: Path, source: Source, cells: Cells) -> None:
    """Copy the files that cells read, and a font, to the same places below the sweep's folder."""
    paths, font = own_paths(), str((source.tables.get("picture") or {}).get("font") or "")
    files = cells.data_files() | {f"{FOLDER}/{name}": paths[name] for name in sorted(cells.used) if name in paths}
    if (path := OWN_FONTS.get(font, (source.folder or Path()) / font)).is_file():
        files[font] = path
    if taken := next((name for name in files if name in (SWEEP, JOURNAL, TABLE, PARQUET)), None):
        raise FolderError(f"{folder}: the scenario reads a file with the name of one of a sweep, {taken}; rename it")
    for name, path in files.items():
        if content_digest(folder / name) != content_digest(path):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with whole_file(folder / name) as file:
                file.write(path.read_bytes())


def _texts(table: Mapping[str, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in table.items()}


def _column(table: Mapping[str, Any]) -> Column:
    words, take, unit, kind, asked = (table[key] for key in Column._fields)
    return Column(str(words), str(take), str(unit), str(kind), bool(asked))


def _given(value: Any) -> Any:
    """A value as TOML has it; an empty table stands for the scenario's own."""
    return {} if value is None else value


def _meant(value: Any) -> Any:
    return None if value == {} else value


def _filled(tables: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in tables.items() if value is not None}
