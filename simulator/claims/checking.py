"""Checking the claims of a scenario against the numbers of its run.

A claim about several groups holds if it holds for each of them, which needs no correction for multiple comparisons.
"""

from typing import NamedTuple

import numpy as np

from errsurf.measures.intervals import Estimate, exactly
from errsurf.measures.measuring import compared, known_of, number_of, rows_of
from errsurf.measures.rows import measure_of
from errsurf.measures.view import view
from errsurf.run_analysis.findings import Findings
from errsurf.scenario.claims import Claim
from errsurf.scenario.measures import Measure
from errsurf.statistics.share_in_basin import nearest

HOLDS, FAILS, UNDECIDED = "holds", "does not hold", "not decided"


class Comparison(NamedTuple):
    """One group's number against another's, or against a number.

    ``compared`` is their difference or, if the claim has a factor, their ratio; ``reference`` is exact for a number.
    ``n`` and ``other_n`` of the ``particles`` of each group have a number: fewer where others diverged, or are not
    looked at because that would take long; ``other_n`` is 0 for a number.

    Examples:
        >>> import errsurf
        >>> scenario = errsurf.read_scenario("flat_or_sharp", {"swarm.particles": 200})
        >>> claims = errsurf.claims_of(errsurf.simulate(scenario))
        >>> each = claims[0].comparisons[0]
        >>> each.group, each.other, each.estimate.value > each.reference.value
        ('batch 1', 'full batch', True)
    """

    group: str
    other: str | float
    estimate: Estimate
    reference: Estimate
    compared: Estimate
    verdict: str
    n: int
    other_n: int
    particles: int


class Repeated(NamedTuple):
    """A claim with several ``seeds``: its verdict with each of them, and the numbers of its comparisons over them.

    ``estimates``, ``references`` and ``compared`` have one each for every comparison: the mean of the seeds' numbers
    with Student's 95% interval over seeds, which tells of other seeds; infinite where one of them is.
    """

    seeds: tuple[int, ...]
    verdicts: tuple[str, ...]
    estimates: tuple[Estimate, ...]
    references: tuple[Estimate, ...]
    compared: tuple[Estimate, ...]

    @property
    def held(self) -> int:
        """With how many seeds the claim holds."""
        return self.verdicts.count(HOLDS)


class Checked(NamedTuple):
    """A claim and its ``verdict``: "holds", "does not hold" or "not decided".

    ``minimum`` is what the minimum of a claim about a basin is called; ``seeds`` is what other seeds say, None where
    they were not asked.

    It holds if every comparison does, and does not if any does not; a comparison is decided if its whole interval lies
    on one side of the margin.

    Examples:
        >>> import errsurf
        >>> scenario = errsurf.read_scenario("flat_or_sharp", {"swarm.particles": 200})
        >>> claims = errsurf.claims_of(errsurf.simulate(scenario))
        >>> claims[0].claim.statistic, claims[0].verdict, len(claims[0].comparisons)
        ('share_in_basin', 'holds', 1)
    """

    claim: Claim
    verdict: str
    comparisons: tuple[Comparison, ...]
    minimum: str = ""
    seeds: Repeated | None = None


def checked(findings: Findings) -> tuple[Checked, ...]:
    """The claims of a run, from its findings."""
    return tuple(checked_claim(findings, claim) for claim in findings.result.scenario.claim)


def checked_claim(findings: Findings, claim: Claim) -> Checked:
    """One claim, from the findings of its run."""
    groups = claim.groups or (findings.result.groups[0].label,)
    pairs = ((group, other) for group in groups for other in claim.others)
    at_once = claim.at == claim.other_at
    comparisons = tuple(_compared(findings, claim, *pair) for pair in pairs if not (at_once and pair[0] == pair[1]))
    verdicts = [each.verdict for each in comparisons]
    worst = next((verdict for verdict in (FAILS, UNDECIDED) if verdict in verdicts), HOLDS)
    return Checked(claim, worst, comparisons, minimum_of(findings, claim))


def decisive(found: Checked) -> Checked:
    """The claim with one of its comparisons: of those that have its verdict, the one closest to its bound or beyond."""
    having = [each for each in found.comparisons if each.verdict == found.verdict]
    return found._replace(comparisons=tuple(sorted(having, key=lambda each: _slack(found.claim, each.compared))[:1]))


def _slack(claim: Claim, compared: Estimate) -> float:
    """How far within its bound a difference or ratio is, at the worse end of its interval."""
    bound, *ends = _bounded(claim, compared)
    slack = claim.within - max(abs(end - bound) for end in ends) if claim.relation == "equals" else min(ends) - bound
    return -np.inf if np.isnan(slack) else float(slack)


def minimum_of(findings: Findings, asked: Claim | Measure) -> str:
    """The name of the minimum that a claim or a measure means by a point near it."""
    if not hasattr(asked.settings, "near") or not findings.minima:
        return ""
    names = findings.names
    return names.titles[names.minima[nearest(findings.minima, asked.settings.near)]]


def _compared(findings: Findings, claim: Claim, group: str, other: str | float) -> Comparison:
    measure = measure_of(claim)
    seen, other_n = view(findings, group, claim.at), 0
    rows = rows_of(measure, seen)
    estimate, n = number_of(measure, rows), known_of(measure, rows)
    if isinstance(other, str):
        others = rows_of(measure, view(findings, other, claim.other_at))
        reference, other_n = number_of(measure, others), known_of(measure, others)
        found = compared(measure, rows, others, ratio=claim.times is not None)
    else:
        reference, found = exactly(other), Estimate(*(bound - other for bound in estimate))
    judged = verdict(claim, found)
    return Comparison(group, other, estimate, reference, found, judged, n, other_n, len(seen.theta))


def verdict(claim: Claim, compared: Estimate) -> str:
    """The verdict that follows from the interval of a difference or ratio."""
    if np.isnan(compared[1:]).any():
        return UNDECIDED
    aim, low, high = _bounded(claim, compared)
    if claim.relation == "equals":
        if aim - claim.within <= low and high <= aim + claim.within:
            return HOLDS
        return FAILS if low > aim + claim.within or high < aim - claim.within else UNDECIDED
    strict = claim.times is None and not claim.by
    if low > aim or (low == aim and not strict):
        return HOLDS
    return FAILS if high < aim or (high == aim and strict) else UNDECIDED


def _bounded(claim: Claim, compared: Estimate) -> tuple[float, float, float]:
    """The bound of a difference or ratio, and the ends of its interval; all turned round for a claim of less."""
    if claim.relation == "equals":
        return claim.times or 0.0, compared.low, compared.high
    if claim.relation == "above":
        return claim.times or claim.by, compared.low, compared.high
    return -(claim.times or -claim.by), -compared.high, -compared.low
