"""The files of the user's own records that a scenario uses."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from errsurf.records import listing
from errsurf.records.names import cut
from errsurf.scenario.lines import KeyPath
from errsurf.scenario.scenario import Scenario
from errsurf.scenario.wording import UNKNOWN, Finding

FOLDER = "own"
"""The folder of copies in a result folder; it has a folder for each kind of record, as ``--plugins`` takes it."""
OPTIONS = {"optimizer.kind": "--optimizers", "surface.kind": "--surfaces"}
"""The options that load one kind of record, by the key that names it."""


def own_files(scenario: Scenario) -> dict[str, Path]:
    """The user's own record files that a scenario uses, by the names of their copies: ``own/optimizers/qhm.py``.

    Files of the same folder whose names begin with _ are among them, because records may import those.
    """
    used, files = {f"{kind}/{name}" for kind, name in _records(scenario)}, dict[str, Path]()
    for package in listing.added():
        kind = package.rpartition(".")[2]
        own = [file for file in listing.added_files(package) if f"{kind}/{file.stem}" in used]
        helpers = [file for folder in sorted({file.parent for file in own}) for file in sorted(folder.glob("_*.py"))]
        files |= {f"{FOLDER}/{kind}/{file.name}": file for file in (*own, *helpers)}
    return files


def told(finding: Finding, folder: Path | None, *, carried: bool = False) -> Finding:
    """A finding about a name that there is not; of a record whose copy lies here, with the option that loads it.

    A scenario that a picture has ``carried`` was good where the picture was made.
    """
    name = str(finding.path[-1]) if finding.path[:1] == ("output",) else finding.given.strip('"').replace(" ", "_")
    if not finding.problem.startswith(("not known", UNKNOWN)) or not re.fullmatch(r"\w{1,80}", name):
        return finding
    copies = sorted((folder / FOLDER).glob(f"*/{name}.py")) if folder else []
    if copies:
        place = cut(str(_near(copies[0].parents[1])), 120)
        problem = f"a record of somebody's own; --plugins {place} loads it, and runs the code of {copies[0].name}"
        return finding._replace(problem=problem, allowed="", nearest="")
    option = _option(finding.path)
    if option and not (carried or finding.nearest) and finding.problem == "not known":
        return finding._replace(problem=f"not known; {option} DIR names the folder of one of your own")
    if carried and finding.problem == "not known":
        return finding._replace(problem="not known; --plugins DIR names the folder of a record of somebody's own")
    return finding


def _option(path: KeyPath) -> str:
    """The option that loads records of the kind that a path names: ``surface.kind``, ``optimizer[1].kind``."""
    return OPTIONS.get(".".join(part for part in path if isinstance(part, str)), "")


def _near(folder: Path) -> Path:
    """A folder as it is named from the working folder."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


def _records(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """The kind and the name of every record that a scenario uses."""
    yield "surfaces", scenario.surface.kind
    yield "starts", scenario.swarm.start
    for group in scenario.optimizer:
        yield "optimizers", group.kind
        yield from (("wrappers", each.kind) for each in group.wrappers)
        schedules = (group.schedule, *(change.schedule for change in group.changes))
        yield from (("schedules", table.decay) for table in schedules if table is not None)
    compared: Iterable[Any] = () if scenario.compare is None else (scenario.compare,)
    for asked in (*scenario.claim, *scenario.measure, *compared):
        yield "statistics", getattr(asked, "statistic", None) or asked.measure.statistic
    yield from (("charts", name.replace(" ", "_")) for name in scenario.picture.charts)
    yield from (("overlays", name) for name in scenario.picture.overlays)
    yield from (("formats", key) for key in scenario.output)
