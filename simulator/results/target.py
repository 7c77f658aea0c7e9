"""Checks of files that a command will write."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from errsurf.errors import RunError, UserError, reason
from errsurf.settings.suffixes import FIGURES


def check_suffix(file: Path, *others: str) -> None:
    """Raise UserError unless a file's suffix is that of a figure, or one of the others."""
    allowed = sorted((*FIGURES, *others))
    if file.suffix.lower() not in allowed:
        raise UserError(f"{file}: unknown suffix; allowed: {', '.join(allowed)}")


def check_target(file: Path, *, force: bool) -> None:
    """Raise UserError if a file cannot be written, or exists and ``force`` is not given."""
    if not file.parent.is_dir():
        raise UserError(f"{file}: there is no folder {file.parent}")
    if not os.access(file.parent, os.W_OK):
        raise UserError(f"{file}: the folder {file.parent.absolute()} cannot be written; name a file elsewhere")
    if file.is_dir():
        raise UserError(f"{file} is a folder; name a file in it")
    if file.exists() and not force:
        raise UserError(f"{file} exists; name another file, or replace it with --force")


@contextmanager
def writing(file: Path) -> Iterator[None]:
    """Turn an OSError inside the block into a RunError that names the file."""
    try:
        yield
    except OSError as error:
        raise RunError(f"{file}: {reason(error)}; it was not written") from error
