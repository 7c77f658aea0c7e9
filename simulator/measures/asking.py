"""Any statistic of a finished run, without a claim around it."""

from dataclasses import replace
from typing import Any

from errsurf.errors import Fault, ScenarioError, UserError
from errsurf.measures.measuring import Measured, measured
from errsurf.records.names import listed, nearest
from errsurf.run.result import Result, require_result
from errsurf.run_analysis.findings import Findings
from errsurf.scenario import scenario_from
from errsurf.scenario.measures import Measure


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
