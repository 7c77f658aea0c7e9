"""The scenario given to a command: a file, a bundled name, or a result folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from errsurf.cli.terminal import complain
from errsurf.system.text import printable

if TYPE_CHECKING:
    from errsurf.run.result import Result
    from errsurf.scenario import Scenario


def source_scenario(source: str, changes: Mapping[str, object]) -> "Scenario":
    """Read it; raises ScenarioError and FolderError."""
    from errsurf.results.folder import is_result, stored_scenario
    from errsurf.scenario import read_scenario

    return stored_scenario(Path(source), changes) if is_result(Path(source)) else read_scenario(source, changes)


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
