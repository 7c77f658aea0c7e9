"""Gradient-based optimizers on two-parameter error surfaces.

Read or build a scenario, simulate it, and look at the result::

    import errsurf

    scenario = errsurf.read_scenario("saddle_escape")  # a file, or the name of a bundled scenario
    result = errsurf.simulate(scenario)
    result["batch 1"].position  # (frames, particles, 2)

``scenario_from`` builds a scenario from dicts, ``open_result`` reads a result folder, ``claims_of`` checks a scenario's
claims, and ``surface`` evaluates an error surface.  What ``dir(errsurf)`` lists is stable; nothing else is.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from errsurf.claims.checking import Checked, claims_of
    from errsurf.engine.landscape import Landscape, surface
    from errsurf.errors import ErrsurfError, FolderError, RunError, ScenarioError, UserError
    from errsurf.results.folder import open_result
    from errsurf.run.result import Group, Result
    from errsurf.run.simulation import simulate
    from errsurf.scenario import Scenario, read_scenario, scenario_from

_PLACES = {
    "Checked": "errsurf.claims.checking",
    "ErrsurfError": "errsurf.errors",
    "RunError": "errsurf.errors",
    "FolderError": "errsurf.errors",
    "Group": "errsurf.run.result",
    "Landscape": "errsurf.engine.landscape",
    "UserError": "errsurf.errors",
    "Result": "errsurf.run.result",
    "Scenario": "errsurf.scenario",
    "ScenarioError": "errsurf.errors",
    "claims_of": "errsurf.claims.checking",
    "open_result": "errsurf.results.folder",
    "read_scenario": "errsurf.scenario",
    "scenario_from": "errsurf.scenario",
    "simulate": "errsurf.run.simulation",
    "surface": "errsurf.engine.landscape",
}

__all__ = [
    "Checked",
    "ErrsurfError",
    "FolderError",
    "Group",
    "Landscape",
    "Result",
    "RunError",
    "Scenario",
    "ScenarioError",
    "UserError",
    "claims_of",
    "open_result",
    "read_scenario",
    "scenario_from",
    "simulate",
    "surface",
]


def __getattr__(name: str) -> Any:
    """Names are imported when they are used, so that the command line starts at once."""
    if name == "__version__":
        from importlib.metadata import version

        return version("errsurf")
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    """What is stable."""
    return [*__all__, "__version__"]
