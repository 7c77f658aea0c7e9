"""Scenario files: read, checked, and written with every value resolved."""

from typing import Any

from errsurf.scenario.building import build_scenario
from errsurf.scenario.carried import carried_text
from errsurf.scenario.files import data_files
from errsurf.scenario.own_files import own_files
from errsurf.scenario.picture_tables import Picture, Window
from errsurf.scenario.reading import read_scenario, scenario_from, scenario_text
from errsurf.scenario.scenario import (
    ExampleSpec,
    OptimizerGroup,
    Run,
    Scenario,
    Surface,
    batch_size,
    total_updates,
    updates_per_epoch,
)
from errsurf.scenario.tables import Sampling
from errsurf.scenarios import bundled
from errsurf.settings.kinds import Point
from errsurf.starts import Swarm

__all__ = [
    "ExampleSpec",
    "OptimizerGroup",
    "Picture",
    "Point",
    "Run",
    "Sampling",
    "Scenario",
    "Surface",
    "Swarm",
    "Window",
    "batch_size",
    "build_scenario",
    "bundled",
    "carried_text",
    "data_files",
    "json_schema",
    "own_files",
    "read_scenario",
    "resolved_toml",
    "scenario_from",
    "scenario_text",
    "total_updates",
    "updates_per_epoch",
]


def resolved_toml(scenario: Scenario) -> str:
    """The scenario as TOML with every value written out; reading it again gives an equal scenario.

    Data files stand by the names of ``data_files``, to be copied next to the file.

    Examples:
        >>> import errsurf
        >>> text = errsurf.resolved_toml(errsurf.read_scenario("saddle_escape"))
        >>> print(text.splitlines()[0])
        title = "..."
    """
    from errsurf.scenario.writing import toml

    return toml(scenario)


def json_schema() -> dict[str, Any]:
    """The JSON Schema of scenario files, for editors."""
    from errsurf.scenario.models import schema

    return schema()
