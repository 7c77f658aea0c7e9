"""The scenario given to a command: a file, a bundled name, or a result folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from errsurf.cli.terminal import complain
from errsurf.errors import UserError
from errsurf.system.text import printable

if TYPE_CHECKING:
    from errsurf.run.result import Result
    from errsurf.scenario import Scenario


def source_scenario(source: str, changes: Mapping[str, object]) -> "Scenario":
    """Read it; raises ScenarioError and FolderError."""
    from errsurf.results.folder import is_result, stored_scenario
    from errsurf.scenario import read_scenario

    if is_result(Path(source)):
        return stored_scenario(Path(source), changes)
    return read_scenario(source, changes)


def surface_or_scenario(source: str, changes: Mapping[str, object]) -> "Scenario":
    """The same, or a scenario on the surface of this name, with batches of 1 and of all examples."""
    from errsurf.records.names import nearest
    from errsurf.scenario import bundled, scenario_from
    from errsurf.site.surface_scenarios import surface_scenario
    from errsurf.surfaces import surface_names

    if Path(source).exists() or source in bundled():
        return source_scenario(source, changes)
    if source in surface_names():
        return scenario_from(surface_scenario(source), changes=changes)
    if near := nearest(source, (*bundled(), *surface_names())):
        raise UserError(f"{source}: no such file, bundled scenario or surface; did you mean `{near}`?")
    return source_scenario(source, changes)


def opened_result(folder: Path, changes: Mapping[str, object] | None = None) -> "Result":
    """The result of a folder; that its run is not complete is said.  Raises FolderError and ScenarioError."""
    from errsurf.results.folder import open_result
    from errsurf.scenario.frame_marks import frame_count, longest_group

    result = open_result(folder, changes)
    if not result.complete:
        frames = max(len(group.update) for group in result.groups)
        of = frame_count(result.scenario.run, longest_group(result.scenario))
        complain(printable(f"{folder}: unfinished; {frames:,} of {of:,} frames are recorded"))
    return result
