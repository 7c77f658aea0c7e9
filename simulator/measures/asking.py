"""Any statistic of a finished run, without a claim around it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from errsurf.errors import Fault, ScenarioError, UserError
from errsurf.measures.measuring import Measured, measured
from errsurf.measures.survival import Survival, exits, survival
from errsurf.measures.view import RunView
from errsurf.records.names import listed, nearest
from errsurf.run.result import Result, require_result
from errsurf.run_analysis.findings import Findings
from errsurf.scenario import scenario_from
from errsurf.scenario.measures import Measure
from errsurf.settings.regions import Region

UNITS = ("updates", "examples", "epochs", "seconds")


def measure(
    result: Result | Findings,
    statistic: str,
    *,
    group: str | None = None,
    at: int | str = "100%",
    take: str | None = None,
    **settings: Any,
) -> dict[str, Measured]:
    """A statistic of each group, or of one ``group``, by label, with its 95% interval over particles.

    ``at`` is a moment: updates, ``"2 epochs"`` or ``"50%"`` of the group's run; ``take`` is "median", "mean", "largest"
    or "smallest".  ``settings`` are those of the statistic, which ``errsurf list statistics`` shows.  ``Findings`` in
    place of the result let several measures share a search of critical points.  Raises ScenarioError, with all faults,
    for what is not allowed or was not recorded, and UserError for a group that there is not.

    Examples:
        >>> import errsurf
        >>> scenario = errsurf.read_scenario("saddle_escape", {"swarm.particles": 100, "swarm.at": [0, 0]})
        >>> result = errsurf.simulate(scenario)
        >>> found = errsurf.measure(result, "time_to_leave", point=(0, 0), radius=0.5)
        >>> found["batch 1"].n, found["batch 1"].estimate.high < found["full batch"].estimate.low
        (100, True)
    """
    findings = result if isinstance(result, Findings) else Findings(result)
    require_result(findings.result)
    labels = [each.label for each in findings.result.groups]
    if group is not None and group not in labels:
        near = nearest(group, labels)
        raise UserError(f"no group `{group}`; there are {listed(labels)}" + (f"; did you mean `{near}`?" * bool(near)))
    asked = asked_measure(findings.result, {"statistic": statistic, "at": at, "take": take} | settings)
    other = getattr(asked.settings, "other", None)
    chosen = [label for label in labels if label != other] if group is None else [group]
    return {label: measured(findings, asked, label) for label in chosen}


def escape_curves(
    result: Result | Findings, region: str | Mapping[str, Any], *, unit: str = "updates"
) -> dict[str, Survival]:
    """The share of each group's particles that are still in a region, over the time since they entered it, by label.

    ``region`` is the name of a ``[[region]]`` table, or keys of one: ``{"at": (0, 0), "radius": 0.5}``.  ``unit`` is
    "updates", "examples", "epochs" or "seconds".  Curves are Kaplan and Meier's, with Greenwood's 95% bands; particles
    that have not left are censored.  A region that the run did not count has the groups run again.  Raises
    ScenarioError for a region that cannot be, and UserError for a name that there is not.

    Examples:
        >>> import errsurf
        >>> result = errsurf.simulate(errsurf.read_scenario("saddle_escape", {"swarm.particles": 100}))
        >>> curve = errsurf.escape_curves(result, {"at": (0, 0), "radius": 0.5})["batch 1"]
        >>> curve.share.shape == curve.time.shape, bool((curve.low <= curve.share).all())
        (True, True)
    """
    findings = result if isinstance(result, Findings) else Findings(result)
    require_result(findings.result)
    if unit not in UNITS:
        raise UserError(f"unit = {unit!r}; allowed: {listed(UNITS)}")
    place = _region(findings.result, region)
    groups = enumerate(findings.result.groups)
    return {group.label: survival(exits(RunView(findings, k, "100%"), place, unit)) for k, group in groups}


def _region(result: Result, given: str | Mapping[str, Any]) -> Region:
    """The region of a name or of a table's keys."""
    regions = {each.name: each for each in result.scenario.region}
    if not isinstance(given, str):
        table = {"name": "region"} | dict(given)
        return scenario_from(result.scenario, changes={"region": [table], "claim": [], "measure": []}).region[0]
    if given not in regions:
        known = f"allowed: {listed(list(regions))}" if regions else "the scenario has none"
        raise UserError(f"no region `{given}`; {known}")
    return regions[given]


def asked_measure(result: Result, table: dict[str, Any]) -> Measure:
    """The measure of a table for this run; raises ScenarioError."""
    given = {key: value for key, value in table.items() if value is not None}
    try:
        return scenario_from(result.scenario, changes={"measure": [given], "claim": []}).measure[0]
    except ScenarioError as error:
        raise ScenarioError([_said(fault) for fault in error.faults]) from None


def _said(fault: Fault) -> Fault:
    """The fault without the table that was made for it."""
    problem = fault.problem.partition("; --set")[0]
    return replace(fault, file="measure", key=fault.key.removeprefix("measure[1]").lstrip("."), problem=problem)
