"""Formulas of error surfaces, one file each; a new file in this folder is a new surface."""

from typing import Any

from errsurf.records import listing
from errsurf.surfaces.shared.record import CriticalPoint, Surface

__all__ = ["CriticalPoint", "Surface", "summary", "surface", "surface_names"]


def surface_names() -> tuple[str, ...]:
    """Names of the surfaces, sorted."""
    return listing.names(__name__)


def surface(name: str, settings: Any = None) -> Surface:
    """The record of the surface with this name; KeyError if no file has it.

    With ``settings`` it is the record to evaluate: the one that is made for them, if its formula follows from
    settings.  Raises SettingsError if they cannot be used.
    """
    record = _found(name)
    return record.made(settings) if record.made and settings is not None else record


@listing.cached
def _found(name: str) -> Surface:
    return listing.record(__name__, name, Surface)


def summary(name: str) -> str:
    """First line of the surface file's docstring."""
    return listing.summary(__name__, name)
