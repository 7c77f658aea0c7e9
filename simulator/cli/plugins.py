"""Folders of the user's own records, for every kind of record."""

from importlib import import_module
from pathlib import Path

from errsurf.errors import RecordError
from errsurf.records import listing
from errsurf.records.names import nearest

KINDS = {
    "surfaces": ("errsurf.surfaces", "Surface"),
    "starts": ("errsurf.starts", "Start"),
    "optimizers": ("errsurf.optimizers", "Optimizer"),
    "schedules": ("errsurf.schedules", "Schedule"),
    "statistics": ("errsurf.statistics", "Statistic"),
    "charts": ("errsurf.drawing.charts", "ChartKind"),
    "overlays": ("errsurf.drawing.overlays", "Overlay"),
    "formats": ("errsurf.drawing.formats", "Format"),
}
"""Kinds of records by the names of their folders: the package that lists them, and what it calls a record."""


def add_plugins(folder: Path) -> None:
    """Add the records of all sub-folders, each named after a kind of record.

    Raises RecordError if there is none, if one has another name, or if a file cannot be used.
    """
    found = sorted(each for each in folder.iterdir() if _counts(each)) if folder.is_dir() else []
    if not found:
        raise RecordError(f"{folder}: no folder with folders of records in it; allowed: {', '.join(KINDS)}")
    for each in found:
        if each.name not in KINDS:
            near = nearest(each.name, KINDS)
            hint = f"; did you mean `{near}`?" if near else ""
            raise RecordError(f"{each}: no kind of record; allowed: {', '.join(KINDS)}{hint}")
    for each in found:
        add_records(each.name, each)


def add_records(kind: str, folder: Path) -> None:
    """Add the records of a folder to those of their kind; raises RecordError."""
    package, record = KINDS[kind]
    listing.add_folder(package, folder, getattr(import_module(package), record))


def _counts(path: Path) -> bool:
    """Whether this is a folder that a person made to hold records."""
    return path.is_dir() and path.name[0].isalpha()
