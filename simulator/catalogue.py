"""What there is to choose from: records and bundled scenarios by kind, their summaries, and all about one of them."""

from collections.abc import Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn, get_type_hints

from errsurf.errors import RecordError, UserError
from errsurf.records import listing
from errsurf.records.faults import RecordFault
from errsurf.records.names import nearest
from errsurf.scenarios import bundled, bundled_title

RECORDS = {
    "surfaces": ("errsurf.surfaces", "Surface"),
    "starts": ("errsurf.starts", "Start"),
    "optimizers": ("errsurf.optimizers", "Optimizer"),
    "schedules": ("errsurf.schedules", "Schedule"),
    "wrappers": ("errsurf.wrappers", "Wrapper"),
    "statistics": ("errsurf.statistics", "Statistic"),
    "charts": ("errsurf.drawing.charts", "ChartKind"),
    "overlays": ("errsurf.drawing.overlays", "Overlay"),
    "formats": ("errsurf.drawing.formats", "Format"),
}
"""Kinds of records: the package that lists them, and what it calls one."""
THEMES = "themes"


def list_records(kind: str) -> dict[str, str]:
    """Names and one-line summaries of a kind, sorted by name.

    Kinds are "scenarios" (the bundled ones), "surfaces", "starts" of particles, "optimizers", "schedules" of their
    rates, "wrappers" of their updates, "statistics" of claims, "charts" beside the map, "overlays" on it, "formats" of
    pictures, and their "themes".  Raises UserError for any other.

    Examples:
        >>> import errsurf
        >>> errsurf.list_records("optimizers")["sgd"]
        "Gradient descent on batches, with momentum, dampening and Nesterov's look ahead."
        >>> sorted(errsurf.list_records("formats"))
        ['apng', 'gif', 'html', 'mp4', 'pdf', 'png', 'svg', 'webm', 'webp']
    """
    return {name: summary(kind, name) for name in names(kind)}


def describe(kind: str, name: str) -> str:
    """All about one scenario, surface, start, optimizer, schedule, wrapper or statistic: formula, settings, reference.

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
    """Let the files of a folder be records of a kind too, such as "surfaces" or "charts".  Their code runs.

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
    from errsurf.own_records.checking import load_faults

    package, record = RECORDS[kind] if kind in RECORDS else unknown("kind", kind, tuple(RECORDS))
    kept: type[Any] = getattr(import_module(package), record)
    listing.add_folder(package, Path(folder), kept, partial(load_faults, kind))


def check_added() -> dict[Path, list[RecordFault]]:
    """The faults of all records that were added, by their files, as `errsurf check` finds them."""
    from errsurf.own_records.checking import check_faults

    found: dict[Path, list[RecordFault]] = {}
    for kind, (package, record_type) in RECORDS.items():
        for file in listing.added_files(package):
            record = listing.record(package, file.stem, getattr(import_module(package), record_type))
            found[file] = check_faults(kind, file, record)
    return found


def add_plugins(folder: Path) -> None:
    """Add the records of all sub-folders, each named after a kind of record.

    Raises RecordError if there is none, if one has another name, or if a file cannot be used.
    """
    found = sorted(each for each in folder.iterdir() if _counts(each)) if folder.is_dir() else []
    if not found:
        raise RecordError(f"{folder}: no folder with folders of records in it; allowed: {', '.join(RECORDS)}")
    for each in found:
        if each.name not in RECORDS:
            near = nearest(each.name, RECORDS)
            hint = f"; did you mean `{near}`?" if near else ""
            raise RecordError(f"{each}: no kind of record; allowed: {', '.join(RECORDS)}{hint}")
    for each in found:
        add_records(each.name, each)


def _counts(path: Path) -> bool:
    """Whether this is a folder that a person made to hold records."""
    return path.is_dir() and path.name[0].isalpha()


def names(kind: str) -> tuple[str, ...]:
    """Names of a kind, sorted; raises UserError for a kind that there is not."""
    if kind == "scenarios":
        return bundled()
    if kind == THEMES:
        from errsurf.drawing.colours import theme_names

        return theme_names()
    return tuple(name.replace("_", " ") if kind == "charts" else name for name in listing.names(_package(kind)))


def summary(kind: str, name: str) -> str:
    """One line about a record, or the title of a bundled scenario."""
    if kind == "scenarios":
        return bundled_title(name)
    if kind == THEMES:
        from errsurf.drawing.colours import theme

        return theme(name).about
    return listing.summary(_package(kind), name.replace(" ", "_"))


def unknown(what: str, given: str, known: tuple[str, ...], meant: str = "") -> NoReturn:
    """Raise UserError for a name that there is not, with those that there are and the one that was meant."""
    near = meant or ("" if given.isdecimal() else nearest(given, known))
    hint = f"; did you mean `{near}`?" if near else ""
    raise UserError(f"no {what} `{given}`; there are {', '.join(known)}{hint}")


def _package(kind: str) -> str:
    """The package of a kind of records."""
    return RECORDS[kind][0] if kind in RECORDS else unknown("kind", kind, ("scenarios", *RECORDS, THEMES))


def _shown_by(name: str) -> Iterator[str]:
    """The bundled scenarios that have an optimizer or a wrapper, in one line."""
    from errsurf.scenario import read_scenario

    def kinds(scenario: str) -> set[str]:
        groups = read_scenario(scenario).optimizer
        return {group.kind for group in groups} | {each.kind for group in groups for each in group.wrappers}

    if shown := [scenario for scenario in bundled() if name in kinds(scenario)]:
        yield f"shown by: {', '.join(shown)}"


def groups_of(kind: str) -> dict[str, tuple[str, ...]]:
    """The names of a kind by group: optimizers by family; others are one group without a name."""
    if kind != "optimizers":
        return {"": names(kind)}
    from errsurf.optimizers import FAMILIES, optimizer

    return {
        family: found
        for family in FAMILIES
        if (found := tuple(n for n in names(kind) if optimizer(n).family == family))
    }


def _details(kind: str, name: str) -> Iterator[str]:
    if kind == "scenarios":
        from errsurf.scenario import scenario_text

        yield from scenario_text(name).rstrip().split("\n")
        return
    yield summary(kind, name)
    if kind == THEMES:
        from errsurf.drawing.colours import hexadecimal, theme

        yield f"groups: {' '.join(map(hexadecimal, theme(name).groups))}"
        yield f"full batch: {hexadecimal(theme(name).full)}"
        return
    package, record_type = RECORDS[kind]
    record = listing.record(package, name.replace(" ", "_"), getattr(import_module(package), record_type))
    if not hasattr(record, "settings"):
        return
    from errsurf.scenario.words import allowed, meaning, written

    yield from ("", f"  {record.words if kind == 'statistics' else record.formula}", "", "settings")
    hints = get_type_hints(record.settings, include_extras=True)
    for field in record.settings._fields:
        known = record.settings._field_defaults
        yield f"  {field} = {written(known[field]) or '(none)' if field in known else '(must be given)'}"
        yield f"      {meaning(hints[field])}; {allowed(hints[field]).words}"
    yield ""
    if kind in ("optimizers", "wrappers"):
        yield from (f"use: {record.when_to_use}", f"fails: {record.weakness}")
        yield from _shown_by(name)
    if hasattr(record, "reference"):
        yield f"reference: {record.reference}"
