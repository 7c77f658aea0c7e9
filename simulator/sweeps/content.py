"""The files that numbers depend on, by their content: data files that tables name, and records of the user's own."""

from collections.abc import Iterator, Mapping
from hashlib import file_digest
from pathlib import Path
from typing import Any

from errsurf.records import listing


def content_digest(path: Path) -> str:
    """What identifies the content of a file; empty if it cannot be read."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""


@listing.cached
def own_records() -> dict[str, str]:
    """What identifies the content of each record of the user's own folders: ``optimizers/qhm.py``."""
    return {name: content_digest(file) for name, file in own_paths().items()}


def own_paths() -> dict[str, Path]:
    """The files of the user's own folders, by kind and name."""
    return {
        f"{package.rpartition('.')[2]}/{file.name}": file
        for package, folders in listing.added().items()
        for folder in folders
        for file in sorted(Path(folder).glob("*.py"))
    }


def texts_of(value: Any) -> Iterator[str]:
    """The texts in a value, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from texts_of(part)
