"""Measures of a run: one number of a group's particles at a moment, with its interval."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from errsurf.measures.intervals import (
    Array,
    Estimate,
    bootstrap,
    exactly,
    mean_difference,
    mean_interval,
    median_interval,
    rate_interval,
    share_difference,
    share_interval,
    share_ratio,
)
from errsurf.measures.view import view
from errsurf.run_analysis.findings import Findings
from errsurf.scenario.claims import Claim
from errsurf.scenario.measures import Measure
from errsurf.statistics import Statistic, View, statistic

REDUCERS: dict[str, Callable[[Array], Any]] = {
    "median": np.median,
    "mean": np.mean,
    "largest": np.max,
    "smallest": np.min,
}
SHARE, TIME, NUMBER, SIGNED = "share", "time", "number", "signed"
EXTREMES = ("largest", "smallest")


class Measured(NamedTuple):
    """A number with its 95% interval, and the number of particles ``n`` that it was taken of.

    Examples:
        >>> import errsurf
        >>> result = errsurf.simulate(errsurf.read_scenario("saddle_escape", {"swarm.particles": 16}))
        >>> errsurf.measure(result, "updates_an_epoch", group="batch 5")
        {'batch 5': Measured(estimate=Estimate(value=4.0, low=4.0, high=4.0), n=1)}
    """

    estimate: Estimate
    n: int


def measured(findings: Findings, measure: Measure, label: str) -> Measured:
    """What a measure gives of the group of this label; ``n`` counts the particles that have a number."""
    return measured_in(view(findings, label, measure.at), measure)


def measured_in(seen: View, measure: Measure) -> Measured:
    """What a measure gives of the group and the moment of a view."""
    rows = rows_of(measure, seen)
    return Measured(number_of(measure, rows), known_of(measure, rows))


def kind_of(measure: Measure | Claim) -> str:
    """The kind of a measure's numbers: shares, times, which may be infinite, signed or other numbers."""
    record = statistic(measure.statistic)
    if record.share:
        return SHARE
    if hasattr(measure.settings, "unit") and not record.rate:
        return TIME
    return SIGNED if record.signed else NUMBER


def rows_of(measure: Measure, seen: View) -> Any:
    """The particles' numbers, (particles,) or a row each; overflows are infinite, and their differences NaN."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(statistic(measure.statistic).values(seen, measure.settings))


def known_of(measure: Measure, rows: Any) -> int:
    """How many particles have a number."""
    if statistic(measure.statistic).share:
        return len(rows)
    return int((~np.isnan(rows)).reshape(len(rows), -1).any(axis=1).sum())


def number_of(measure: Measure, rows: Any) -> Estimate:
    """A group's number and its interval, from its rows."""
    record = statistic(measure.statistic)
    if record.share:
        return share_interval(rows)
    if record.rate:
        return rate_interval(*_summed(rows))
    if record.number is not None:
        return bootstrap(_reducer(record, measure), rows)
    how = measure.take or record.take
    if how in EXTREMES:
        return exactly(_reducer(record, measure)(rows))
    return mean_interval(rows) if how == "mean" else median_interval(rows)


def compared(measure: Measure, rows: Any, others: Any, *, ratio: bool) -> Estimate:
    """Difference or ratio of two groups' numbers, particle by particle; NaN for a ratio of what is negative."""
    record = statistic(measure.statistic)
    if record.share:
        return (share_ratio if ratio else share_difference)(rows, others)
    number, how = _reducer(record, measure), measure.take or record.take
    if how == "mean" and not ratio and record.number is None and not record.rate:
        return mean_difference(rows, others)

    def against(value: Any, reference: Any) -> float:
        a, b = np.float64(number(value)), np.float64(number(reference))
        if not ratio:
            return float(a - b)
        return float(a / b) if min(a, b) >= 0 else np.nan

    if how in EXTREMES:
        with np.errstate(invalid="ignore", divide="ignore"):
            return exactly(against(rows, others))
    return bootstrap(against, rows, others)


def _reducer(record: Statistic, measure: Measure) -> Callable[[Array], float]:
    """The function that reduces particles' numbers to one, ignoring NaN."""
    reducer = record.number
    if reducer is not None:
        return lambda rows: reducer(rows, measure.settings)
    if record.rate:
        return lambda rows: _rate(*_summed(rows))
    number = REDUCERS[measure.take or record.take]

    def reduced(values: Array) -> float:
        known = values[~np.isnan(values)]
        return float(number(known)) if len(known) else np.nan

    return reduced


def _summed(rows: Array) -> tuple[float, float]:
    """Events and the time at risk of all particles, from rows (particles, 2); NaN are left out."""
    known = rows[~np.isnan(rows[:, 1])]
    return float(np.sum(known[:, 0])), float(np.sum(known[:, 1]))


def _rate(events: float, exposure: float) -> float:
    return events / exposure if exposure > 0 else np.nan
