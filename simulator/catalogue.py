"""What there is to choose from: records and bundled scenarios by kind, their summaries, and all about one of them."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import NoReturn, get_type_hints

from errsurf.errors import UserError
from errsurf.records.names import nearest

_PACKAGES = {
    "surfaces": "errsurf.surfaces",
    "optimizers": "errsurf.optimizers",
    "statistics": "errsurf.statistics",
    "charts": "errsurf.drawing.charts",
    "formats": "errsurf.drawing.formats",
}
_LOOKUPS = {"surfaces": "surface", "optimizers": "optimizer", "statistics": "statistic"}
"""Functions that find the records which have settings."""


def list_records(kind: str) -> dict[str, str]:
    """Names and one-line summaries of a kind, sorted by name.

    Kinds are "scenarios" (the bundled ones), "surfaces", "optimizers", "statistics" of claims, "charts" beside the
    map, and "formats" of pictures.  Raises UserError for any other.

    Examples:
        >>> import errsurf
        >>> errsurf.list_records("optimizers")["sgd"]
        "Gradient descent on batches, with momentum, dampening and Nesterov's look ahead."
        >>> sorted(errsurf.list_records("formats"))
        ['apng', 'gif', 'html', 'mp4', 'pdf', 'png', 'svg', 'webm', 'webp']
    """
    return {name: summary(kind, name) for name in names(kind)}


def describe(kind: str, name: str) -> str:
    """All about one scenario, surface, optimizer or statistic: formula, settings with ranges, reference.

    It is what `errsurf list` prints; of a scenario it is the file.  Raises UserError for a kind or name that there is
    not.

    Examples:
        >>> import errsurf
        >>> print(errsurf.describe("optimizers", "adam"))
        Adam...
          lr = 0.001
              learning rate; a number of at least 0...
    """
    if name not in names(kind):
        unknown(kind.removesuffix("s"), name, names(kind))
    return "\n".join(_details(kind, name))


def add_records(kind: str, folder: str | Path) -> None:
    """Let the files of a folder be "surfaces" or "optimizers" too.  Their code runs.

    Raises RecordError if the folder has no such files, or one of them has a name that is known already or cannot be
    used, and UserError for another kind.

    Examples:
        >>> from pathlib import Path
        >>> import errsurf
        >>> from errsurf.optimizers import lion
        >>> Path("mine").mkdir()
        >>> size = Path("mine/tiger.py").write_text(Path(lion.__file__).read_text(encoding="utf-8"), encoding="utf-8")
        >>> errsurf.add_records("optimizers", "mine")
        >>> "tiger" in errsurf.list_records("optimizers")
        True
    """
    if kind not in ("optimizers", "surfaces"):
        unknown("kind", kind, ("optimizers", "surfaces"))
    import_module(f"errsurf.{kind}").add_folder(Path(folder))


def names(kind: str) -> tuple[str, ...]:
    """Names of a kind, sorted; raises UserError for a kind that there is not."""
    if kind == "scenarios":
        from errsurf.scenario import bundled

        return bundled()
    from errsurf.records import listing

    return tuple(name.replace("_", " ") if kind == "charts" else name for name in listing.names(_package(kind)))


def summary(kind: str, name: str) -> str:
    """One line about a record, or the title of a bundled scenario."""
    if kind == "scenarios":
        from errsurf.scenario import read_scenario

        return read_scenario(name).title
    from errsurf.records import listing

    return listing.summary(_package(kind), name.replace(" ", "_"))


def unknown(what: str, given: str, known: tuple[str, ...], meant: str = "") -> NoReturn:
    """Raise UserError for a name that there is not, with those that there are and the one that was meant."""
    near = meant or ("" if given.isdecimal() else nearest(given, known))
    hint = f"; did you mean `{near}`?" if near else ""
    raise UserError(f"no {what} `{given}`; there are {', '.join(known)}{hint}")


def _package(kind: str) -> str:
    """The package of a kind of records, loaded."""
    if kind not in _PACKAGES:
        unknown("kind", kind, ("scenarios", *_PACKAGES))
    import_module(_PACKAGES[kind])
    return _PACKAGES[kind]


def _details(kind: str, name: str) -> Iterator[str]:
    if kind == "scenarios":
        from errsurf.scenario import scenario_text

        yield from scenario_text(name).rstrip().split("\n")
        return
    yield summary(kind, name)
    if kind not in _LOOKUPS:
        return
    from errsurf.scenario.words import allowed, meaning, written

    record = getattr(import_module(_package(kind)), _LOOKUPS[kind])(name)
    yield from ("", f"  {record.words if kind == 'statistics' else record.formula}", "", "settings")
    hints = get_type_hints(record.settings, include_extras=True)
    for field in record.settings._fields:
        known = record.settings._field_defaults
        yield f"  {field} = {written(known[field]) or '(none)' if field in known else '(must be given)'}"
        yield f"      {meaning(hints[field])}; {allowed(hints[field]).words}"
    yield ""
    if kind == "optimizers":
        yield from (f"use: {record.when_to_use}", f"fails: {record.weakness}")
    if kind != "statistics":
        yield f"reference: {record.reference}"
