"""The scenario that a command is given: a file, a bundled name, or a result folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.scenario import Scenario


def source_scenario(source: str, changes: Mapping[str, object]) -> "Scenario":
    """Read it; raises ScenarioFaults."""
    from simulator.folder import is_result
    from simulator.scenario import read_scenario

    folder = Path(source)
    return read_scenario(folder / "scenario.toml" if is_result(folder) else source, changes)
