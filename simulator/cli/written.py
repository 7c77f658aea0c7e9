"""The line that names the files of a folder that a command wrote."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from errsurf.catalogue import names
from errsurf.system.numbers import counted

NUMBERS = (".csv", ".parquet", ".json")
MOST = 4
"""Sub-folders, and files of one ending, up to which each is named."""


def written(folder: Path) -> str:
    """A folder and what is in it: pictures, tables, other files, and sub-folders."""
    inside = sorted(folder.iterdir(), key=_order) if folder.is_dir() else []
    files = ", ".join(_names([path for path in inside if path.is_file()]))
    folders = [path.name for path in inside if path.is_dir()]
    arrays = f"folders {folders[0]} to {folders[-1]}" if len(folders) > MOST else ", ".join(f"{n}/" for n in folders)
    return f"{folder}/: {files}{', ' * bool(files and arrays)}{arrays}"


def _order(path: Path) -> tuple[int, str, int, str]:
    kinds = (path.name == "figure.png", path.suffix[1:] in names("formats"), path.suffix in NUMBERS, True)
    head = path.name.partition("-")[0]
    return kinds.index(True), path.suffix, int(head) if head.isdecimal() else 0, path.name


def _names(files: list[Path]) -> Iterator[str]:
    """The names of files; of many with one ending their number."""
    for ending, alike in groupby(files, key=lambda path: path.suffix):
        some = list(alike)
        if len(some) > MOST:
            yield counted(len(some), f"{ending} file")
        else:
            yield from (path.name for path in some)
