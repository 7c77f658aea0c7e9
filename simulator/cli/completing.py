"""What the Tab key offers: names, files and keys, read without compiling or drawing anything."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from errsurf.scenarios import bundled

Complete = Callable[[click.Context, click.Parameter, str], list[str]]

READABLE = (".toml", ".gif", ".png", ".apng", ".webp", ".webm", ".mp4", ".html", ".svg", ".pdf")
"""Endings of files that hold a scenario."""
SOURCES = ("scenario", "source", "result")
"""Arguments that are a scenario or a result folder."""


def scenarios(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    """Bundled scenarios, files that hold one, and folders."""
    return _matching([*bundled(), *_files(typed, READABLE)], typed)


def surfaces_too(context: click.Context, parameter: click.Parameter, typed: str) -> list[str]:
    """The same, and the names of surfaces."""
    return [*scenarios(context, parameter, typed), *_matching(_records("errsurf.surfaces"), typed)]


def keys(context: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    """Keys of the scenario that was named before, or of any scenario, with ``=``."""
    from errsurf.scenario.keys import keys_of

    return _matching((f"{key}=" for key in keys_of(_tables(context))), typed)


def groups(context: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    """Labels of the groups of the scenario that was named before."""
    from errsurf.scenario.labels import labels_of

    tables = _tables(context)
    return _matching(labels_of(tables["optimizer"]) if tables else (), typed)


def pictures(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    """The file that was begun, with the ending of each format, and folders."""
    stem = typed[: -len(Path(typed).suffix)] if Path(typed).suffix else typed.rstrip(".")
    known = (f"{stem}.{name}" for name in _records("errsurf.drawing.formats"))
    return _matching([*(known if stem and not stem.endswith("/") else ()), *_files(typed, ())], typed)


def records(package: str) -> Complete:
    """The names of a kind of records."""
    return lambda _context, _parameter, typed: _matching(_records(package), typed)


def listed(names: Iterable[str]) -> Complete:
    """These names."""
    return lambda _context, _parameter, typed: _matching(names, typed)


def names_of_kind(context: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    """The names of the kind of records that was named before."""
    from errsurf.catalogue import RECORDS

    kind = context.params.get("kind")
    known = _records(RECORDS[kind][0]) if kind in RECORDS else bundled() if kind == "scenarios" else ()
    return _matching(known, typed)


def languages(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    """Languages of fixed words."""
    from errsurf.words import languages

    return _matching(languages(), typed)


def _matching(names: Iterable[str], typed: str) -> list[str]:
    """The names that begin so; for bash, with their blanks escaped."""
    found = sorted({name for name in names if name.startswith(typed)})
    in_bash = os.environ.get("_ERRSURF_COMPLETE", "").startswith("bash")
    return [name.replace(" ", "\\ ") for name in found] if in_bash else found


def _records(package: str) -> tuple[str, ...]:
    from errsurf.records import listing

    return tuple(name.replace("_", " ") if package.endswith("charts") else name for name in listing.names(package))


def _files(typed: str, endings: tuple[str, ...]) -> Iterator[str]:
    """Folders, and files of some endings, below the folder that is typed."""
    folder = typed[: typed.rfind("/") + 1]
    for path in Path(folder or ".").iterdir() if Path(folder or ".").is_dir() else ():
        if not path.name.startswith("."):
            if path.is_dir():
                yield f"{folder}{path.name}/"
            elif path.suffix.lower() in endings:
                yield f"{folder}{path.name}"


def _tables(context: click.Context) -> dict[str, Any] | None:
    """The tables of the scenario that was named before; None without any that can be read."""
    import tomllib

    from errsurf.scenario import scenario_text

    # Before an option that lacks its value, click leaves arguments unread.
    given = next((context.params[name] for name in SOURCES if context.params.get(name)), context.args)
    first = next(iter(given), None) if isinstance(given, tuple | list) else given
    if first is None:
        return None
    file = Path(str(first)) / "scenario.toml"
    try:
        return tomllib.loads(scenario_text(file if file.is_file() else str(first)))
    except Exception:  # whatever is wrong with the file, a Tab key prints no traceback
        return None
