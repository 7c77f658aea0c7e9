"""The scenario given to a command: a file, a bundled name, or a result folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from errsurf.scenario import Scenario


def source_scenario(source: str, changes: Mapping[str, object]) -> "Scenario":
    """Read it; raises ScenarioError and FolderError."""
    from errsurf.results.folder import is_result, stored_scenario
    from errsurf.scenario import read_scenario

    return stored_scenario(Path(source), changes) if is_result(Path(source)) else read_scenario(source, changes)
