"""From a scenario to trajectories, numbers and pictures.

``from simulator import claims_of, open_result, read_scenario, scenario_from, simulate, surface`` is all of it for
Python users.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.claims.checking import claims_of
    from simulator.folder import open_result
    from simulator.landscape import surface
    from simulator.scenario import read_scenario, scenario_from
    from simulator.simulation import simulate

PLACES = {
    "claims_of": "simulator.claims.checking",
    "open_result": "simulator.folder",
    "read_scenario": "simulator.scenario",
    "scenario_from": "simulator.scenario",
    "simulate": "simulator.simulation",
    "surface": "simulator.landscape",
}

__all__ = ["claims_of", "open_result", "read_scenario", "scenario_from", "simulate", "surface"]


def __getattr__(name: str) -> Any:
    """Names are imported when they are used, so that the command line starts at once."""
    if name not in PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(PLACES[name]), name)
