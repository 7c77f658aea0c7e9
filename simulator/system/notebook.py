"""How notebooks show an object: they ask the object itself, while what draws it lies above it."""

from importlib import import_module
from typing import Any


def shown(kind: str, given: object) -> Any:
    """What ``errsurf.notebook`` makes of an object: ``kind`` is the name of its function."""
    return getattr(import_module("errsurf.notebook"), kind)(given)
