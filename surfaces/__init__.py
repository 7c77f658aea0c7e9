"""Formulas of error surfaces, one file each; a new file in this folder is a new surface."""

from functools import cache
from pathlib import Path

from surfaces import _listing
from surfaces._record import CriticalPoint, Surface

__all__ = ["CriticalPoint", "Surface", "add_folder", "summary", "surface", "surface_names"]


def surface_names() -> tuple[str, ...]:
    """Names of the surfaces, sorted."""
    return _listing.names(__name__)


@cache
def surface(name: str) -> Surface:
    """The record of the surface with this name; KeyError if no file has it."""
    return _listing.record(__name__, name, Surface)


def summary(name: str) -> str:
    """First line of the surface file's docstring."""
    return _listing.summary(__name__, name)


def add_folder(folder: Path) -> None:
    """Let the files of a user's folder be surfaces too; raises ListingError."""
    _listing.add_folder(__name__, folder)
