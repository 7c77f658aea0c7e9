"""Formulas of error surfaces, one file each; a new file in this folder is a new surface."""

from functools import cache
from importlib import import_module
from pathlib import Path

from surfaces._record import CriticalPoint, Surface

__all__ = ["CriticalPoint", "Surface", "summary", "surface", "surface_names"]


def surface_names() -> tuple[str, ...]:
    """Names of the surfaces in this folder, sorted."""
    return tuple(sorted(file.stem for file in Path(__file__).parent.glob("[a-z]*.py")))


@cache
def surface(name: str) -> Surface:
    """The record of the surface with this name; KeyError if no file here has it."""
    if name not in surface_names():
        raise KeyError(name)
    record = import_module(f"surfaces.{name}").RECORD
    assert isinstance(record, Surface)
    return record


def summary(name: str) -> str:
    """First line of the surface file's docstring."""
    return (import_module(f"surfaces.{name}").__doc__ or "").partition("\n")[0]
