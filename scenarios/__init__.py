"""Scenario files that come with errsurf: one idea each, run by name."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from errsurf.words.tags import closest

FOLDER = Path(__file__).parent


def bundled() -> tuple[str, ...]:
    """Names of the scenarios that come with errsurf, sorted."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.toml")))


def bundled_file(name: str) -> Path:
    """The file of a bundled scenario."""
    return FOLDER / f"{name}.toml"


def bundled_title(name: str, languages: Sequence[str] = ()) -> str:
    """The title of a bundled scenario in the first of these languages that it has, without checking its other keys."""
    tables: dict[str, Any] = tomllib.loads(bundled_file(name).read_text(encoding="utf-8"))
    found = closest({each["lang"]: each for each in tables.get("translation", ())}, languages) or {}
    return str(found.get("title", tables["title"]))
