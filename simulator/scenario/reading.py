"""Scenario files and bundled scenarios, read with every fault reported at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from errsurf.errors import Fault, ScenarioError
from errsurf.records.names import nearest
from errsurf.scenario.carried import MAX_BYTES, carried_by, is_picture
from errsurf.scenario.files import data_files
from errsurf.scenario.lines import KeyPath, key_lines
from errsurf.scenario.own_files import told
from errsurf.scenario.scenario import Scenario
from errsurf.scenario.toml_text import read_toml, unread
from errsurf.scenario.writing import scenario_tables
from errsurf.scenarios import bundled, bundled_file
from errsurf.system.text import printable

if TYPE_CHECKING:
    from errsurf.scenario.wording import Finding

MAX_FAULTS = 200
MAX_NEARBY = 1000


def read_scenario(source: str | Path, changes: Mapping[str, object] | None = None) -> Scenario:
    """The scenario of a TOML file or of a picture that errsurf wrote, or the bundled scenario of that name.

    ``changes`` gives keys other values: ``{"run.epochs": 10, "surface.tilt": 0.2, "full batch.lr": 0.1}``.
    The first part is a table, a key above the tables, or a group's label; ``optimizer`` means all groups and
    ``optimizer[2]`` the second.  A text is read as a TOML value if it is one; several values of a group's
    setting, ``{"optimizer.lr": "0.1,0.01"}``, make a group of each.  Changing ``run.epochs`` takes out
    ``run.updates``, and the other way round.

    Raises ScenarioError, with all faults of the file, if anything is wrong.

    Examples:
        >>> import errsurf
        >>> scenario = errsurf.read_scenario("saddle_escape", {"run.epochs": 10, "optimizer.lr": 0.1})
        >>> scenario.run.epochs, [group.settings.lr for group in scenario.optimizer]
        (10, [0.1, 0.1, 0.1])
    """
    if not isinstance(source, str | Path):
        raise TypeError(f"a file or a name is needed, not {type(source).__name__}; scenario_from takes tables")
    path = _path(source)
    read = read_toml(_text(path), path)
    return _scenario(read.tables, read.text, str(path), path.stem, path.absolute().parent, changes or {}, read.slips)


class Source(NamedTuple):
    """The tables of a scenario as they were given, the folder of its data files, and its name."""

    tables: Mapping[str, Any]
    folder: Path | None
    name: str


def source_of(given: str | Path | Mapping[str, Any] | Scenario) -> Source:
    """The tables of a file, of a bundled scenario, or of another scenario, for scenarios that differ from it.

    Raises ScenarioError if there is no such file.
    """
    if isinstance(given, str | Path):
        path = _path(given)
        return Source(_tables(_text(path), path), path.absolute().parent, path.stem)
    if isinstance(given, Scenario):
        files = _below(given.folder or Path(), data_files(given).values())
        return Source(scenario_tables(given, files), given.folder, given.name)
    if not isinstance(given, Mapping):
        raise TypeError(f"a scenario, its file, its name or its tables are needed, not {type(given).__name__}")
    return Source(given, None, "scenario")


def scenario_text(source: str | Path) -> str:
    """The text of a scenario file, or of the bundled scenario of that name; raises ScenarioError."""
    return _text(_path(source))


def scenario_from(
    tables: Mapping[str, Any] | Scenario,
    folder: str | Path | None = None,
    name: str | None = None,
    changes: Mapping[str, object] | None = None,
) -> Scenario:
    """The scenario of nested dicts with the keys of a scenario file, or another scenario with ``changes``.

    ``changes`` are as for ``read_scenario``.  Data files are named relative to ``folder``, or to the working folder
    without one.  Of another scenario ``folder`` and ``name`` are kept, and values that followed from others, such as a
    schedule's updates, stay as they were.  Raises ScenarioError, with all faults, if anything is wrong.

    Examples:
        >>> import errsurf
        >>> tables = {"surface": {"kind": "saddle"}, "run": {"epochs": 5}, "optimizer": [{"kind": "sgd", "lr": 0.1}]}
        >>> scenario = errsurf.scenario_from(tables)
        >>> for lr in (0.01, 0.1):
        ...     print(errsurf.scenario_from(scenario, changes={"optimizer.lr": lr}).optimizer[0].settings.lr)
        0.01
        0.1
    """
    if isinstance(tables, Scenario):
        name = name or tables.name
        tables, folder, _ = source_of(tables if folder is None else replace(tables, folder=Path(folder)))
    if not isinstance(tables, Mapping):
        raise TypeError(
            f"tables are needed, not {type(tables).__name__}; read_scenario reads files and bundled scenarios"
        )
    name = name or "scenario"
    return _scenario(tables, "", name, name, None if folder is None else Path(folder).absolute(), changes or {})


def _below(folder: Path, files: Iterable[Path]) -> dict[str, str]:
    """Files as they are named in a scenario of this folder."""
    home = folder.resolve()
    return {str(file): file.relative_to(home).as_posix() for file in files if file.is_relative_to(home)}


def _scenario(
    tables: Mapping[str, Any],
    text: str,
    file: str,
    name: str,
    folder: Path | None,
    changes: Mapping[str, object],
    slips: Sequence[Fault] = (),
) -> Scenario:
    """The scenario of some tables; ``slips`` are faults of their text, said with those of the tables."""
    from errsurf.scenario.changes import change
    from errsurf.scenario.check import checked
    from errsurf.scenario.values import plain_values

    findings: list[Finding] = []
    data = plain_values(dict(tables), (), findings)
    paths = change(data, changes, findings)
    scenario, findings = checked(data, name, folder, findings)
    if scenario is not None and not slips:
        return scenario
    lines, carried = key_lines(text), bool(text) and is_picture(Path(file))
    faults = [
        Fault(file, _line(found.path, lines, paths), _key(found.path), *map(printable, found[1:5]))
        for found in (told(finding, folder, carried=carried) for finding in findings)
    ]
    raise ScenarioError(_first(sorted([*slips, *faults], key=lambda fault: fault.line or 0)))


def _first(faults: list[Fault]) -> list[Fault]:
    if len(faults) <= MAX_FAULTS:
        return faults
    rest = Fault(faults[0].file, None, "", f"and {len(faults) - MAX_FAULTS} more faults")
    return [*faults[:MAX_FAULTS], rest]


def _line(path: KeyPath, lines: Mapping[KeyPath, int], changes: Iterable[KeyPath]) -> int | None:
    """Line of the key or of the table it is missing from; None for a value that was changed from outside."""
    if any(path[: len(change)] == change for change in changes):
        return None
    known = (path[:length] for length in range(len(path), 0, -1))
    return next((lines[part] for part in known if part in lines), None)


def _key(path: KeyPath) -> str:
    """A path as people write it, counted from 1."""
    text = ""
    for part in path:
        dot = "." if text else ""
        text += f"[{part + 1}]" if isinstance(part, int) else dot + printable(part, 80)
    return text


def _path(source: str | Path) -> Path:
    """The file that is meant: one of this path, or a bundled one of this name."""
    path = Path(source)
    try:
        if path.is_file():
            return path
        if isinstance(source, str) and source in bundled():
            return bundled_file(source)
        problem = (
            "is a folder, not a scenario file"
            if path.is_dir()
            else "no such file, and no bundled scenario of this name"
        )
        if path.exists() and not path.is_dir():
            problem = "is not a regular file"
        folders = {Path(), path.parent}
        nearby = [str(file) for folder in folders for file in sorted(islice(folder.glob("*.toml"), MAX_NEARBY))]
        inside = [str(file) for file in path.glob("scenario.toml")]
    except (OSError, ValueError):
        problem, nearby, inside = "cannot be a file's name", [], []
    near = (
        "".join(inside)
        or nearest(path.stem, bundled())
        or nearest(str(path), nearby)
        or nearest(f"{path}.toml", nearby)
    )
    raise unread(str(source), problem, "a file, or a scenario that `errsurf list scenarios` shows", near)


def _text(path: Path) -> str:
    """The text of a scenario file, or the one that a picture carries."""
    try:
        if is_picture(path):
            return _carried(path)
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise unread(str(path), f"cannot be read: {error.strerror}") from None
    if len(content) > MAX_BYTES:
        raise unread(str(path), f"is larger than a scenario file may be, {MAX_BYTES:,} bytes")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise unread(str(path), "is not UTF-8 text", line=line) from None


def _carried(path: Path) -> str:
    text = carried_by(path)
    if text is None:
        problem = "a picture without a scenario; errsurf did not write it, or another program rewrote it"
        raise unread(str(path), problem)
    return text


def _tables(text: str, path: Path) -> dict[str, Any]:
    """The tables of a text without slips; raises ScenarioError."""
    read = read_toml(text, path)
    if read.slips:
        raise ScenarioError(read.slips)
    return read.tables
