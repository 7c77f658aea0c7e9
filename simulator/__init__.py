"""Gradient-based optimizers on two-parameter error surfaces.

Read or build a scenario, simulate it, and look at the result::

    import errsurf

    scenario = errsurf.read_scenario("saddle_escape")  # a file, or the name of a bundled scenario
    result = errsurf.simulate(scenario)
    result["batch 1"].position  # (frames, particles, 2)
    errsurf.save_picture(result, "saddle.gif")

===================  ===================================================================================================
scenarios            ``read_scenario``, ``build_scenario``, ``scenario_from``, ``resolved_toml``, ``Scenario``
what there is        ``list_records``, ``describe``, ``add_records``
runs                 ``simulate``, ``run_scenario``, ``resume_run``, ``open_result``, ``Result``, ``Group``, ``Report``
pictures             ``save_picture``, ``show``, ``live``
sweeps               ``sweep``, ``open_sweep``, ``Sweep``, ``Axis``
fair comparisons     ``compare``, ``FairComparison``, ``Choice``, ``Tried``, ``Judged``, ``Difference``
numbers of a run     ``Findings``, ``GroupStatistics``, ``claims_of``, ``Checked``, ``Comparison``, ``Estimate``,
                     ``measure``, ``Measured``, ``escape_curves``, ``Survival``
surfaces             ``surface``, ``Landscape``, ``inspect``, ``Inspection``, ``Critical``
where starts end     ``basins``, ``BasinMap``, ``GroupBasins``
errors               ``ErrsurfError`` and those below it; ``help("errsurf.errors")`` shows the tree
===================  ===================================================================================================

Stable are the names that ``dir(errsurf)`` lists, their parameters, what their docstrings say, and the keys of scenario
files: a later version may add to them, and says in CHANGES.md what it takes away.  Messages of errors may change, and
so may everything in the packages below ``errsurf`` that ``dir(errsurf)`` does not list.
"""

# isort: skip_file
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from errsurf.analysis import Critical as Critical, GroupStatistics as GroupStatistics
    from errsurf.catalogue import add_records as add_records, describe as describe, list_records as list_records
    from errsurf.claims.checking import Checked as Checked, Comparison as Comparison
    from errsurf.measures.asking import escape_curves as escape_curves, measure as measure
    from errsurf.comparing.choice import Choice as Choice, Tried as Tried
    from errsurf.comparing.comparing import compare as compare
    from errsurf.comparing.comparison import FairComparison as FairComparison
    from errsurf.comparing.judging import Difference as Difference, Judged as Judged
    from errsurf.measures.intervals import Estimate as Estimate
    from errsurf.measures.measuring import Measured as Measured
    from errsurf.measures.survival import Survival as Survival
    from errsurf.engine.landscape import Landscape as Landscape, surface as surface
    from errsurf.errors import (
        DataFileError as DataFileError,
        DeviceError as DeviceError,
        DeviceFailedError as DeviceFailedError,
        ErrsurfError as ErrsurfError,
        Fault as Fault,
        FolderError as FolderError,
        FolderTakenError as FolderTakenError,
        FormulaError as FormulaError,
        RecordError as RecordError,
        RunError as RunError,
        ScenarioError as ScenarioError,
        SettingsError as SettingsError,
        StoredError as StoredError,
        TooLargeError as TooLargeError,
        UserError as UserError,
    )
    from errsurf.notebook.live import live as live
    from errsurf.results.folder import open_result as open_result
    from errsurf.results.pictures import save_picture as save_picture
    from errsurf.results.run import Report as Report, resume_run as resume_run, run_scenario as run_scenario
    from errsurf.run.result import Group as Group, Result as Result
    from errsurf.run.simulation import simulate as simulate
    from errsurf.run_analysis.basin_map import BasinMap as BasinMap, GroupBasins as GroupBasins, basins as basins
    from errsurf.run_analysis.findings import Findings as Findings
    from errsurf.run_analysis.inspection import Inspection as Inspection, inspect as inspect
    from errsurf.scenario import (
        Scenario as Scenario,
        build_scenario as build_scenario,
        read_scenario as read_scenario,
        resolved_toml as resolved_toml,
        scenario_from as scenario_from,
    )
    from errsurf.sweeps.axes import Axis as Axis
    from errsurf.sweeps.repeating import claims_of as claims_of
    from errsurf.sweeps.sweep import Sweep as Sweep
    from errsurf.sweeps.sweeping import open_sweep as open_sweep, sweep as sweep
    from errsurf.viewer.showing import show as show

    __version__: str

else:
    _NAMES = {
        "errsurf.analysis": "Critical GroupStatistics",
        "errsurf.catalogue": "add_records describe list_records",
        "errsurf.claims.checking": "Checked Comparison",
        "errsurf.measures.asking": "escape_curves measure",
        "errsurf.comparing.choice": "Choice Tried",
        "errsurf.comparing.comparing": "compare",
        "errsurf.comparing.comparison": "FairComparison",
        "errsurf.comparing.judging": "Difference Judged",
        "errsurf.measures.intervals": "Estimate",
        "errsurf.measures.measuring": "Measured",
        "errsurf.measures.survival": "Survival",
        "errsurf.engine.landscape": "Landscape surface",
        "errsurf.errors": "DataFileError DeviceError DeviceFailedError ErrsurfError Fault FolderError FolderTakenError "
        "FormulaError RecordError RunError ScenarioError SettingsError StoredError TooLargeError UserError",
        "errsurf.notebook.live": "live",
        "errsurf.results.folder": "open_result",
        "errsurf.results.pictures": "save_picture",
        "errsurf.results.run": "Report resume_run run_scenario",
        "errsurf.run.result": "Group Result",
        "errsurf.run.simulation": "simulate",
        "errsurf.run_analysis.basin_map": "BasinMap GroupBasins basins",
        "errsurf.run_analysis.findings": "Findings",
        "errsurf.run_analysis.inspection": "Inspection inspect",
        "errsurf.scenario": "Scenario build_scenario read_scenario resolved_toml scenario_from",
        "errsurf.sweeps.axes": "Axis",
        "errsurf.sweeps.repeating": "claims_of",
        "errsurf.sweeps.sweep": "Sweep",
        "errsurf.sweeps.sweeping": "open_sweep sweep",
        "errsurf.viewer.showing": "show",
    }
    _PLACES = {name: module for module, names in _NAMES.items() for name in names.split()}
    __all__ = [*sorted(_PLACES), "__version__"]

    def __getattr__(name: str) -> object:
        """Names are imported when they are used, so that the command line starts at once."""
        if name == "__version__":
            from importlib.metadata import version

            return version("errsurf")
        if name not in _PLACES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module(_PLACES[name]), name)

    def __dir__() -> list[str]:
        """What is stable."""
        return __all__
