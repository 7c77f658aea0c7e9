"""Escape from a region as survival analysis: how many particles are still inside, and how fast they leave.

A particle that has not left when its run ends is censored: it tells that leaving takes longer, not how long.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.analysis.statistics import DEVIATIONS
from errsurf.measures.intervals import Estimate, exactly, rate_interval
from errsurf.settings.regions import Region
from errsurf.statistics import View

Array = NDArray[np.float64]
Hits = NDArray[np.bool_]
Integers = NDArray[np.int64]


class Exits(NamedTuple):
    """How long each particle was inside (particles,), and whether it ``left`` or was censored."""

    time: Array
    left: Hits


class Survival(NamedTuple):
    """The share that is still inside from each ``time`` on, with a 95% band; all (times,), the first one at 0.

    ``at_risk`` are the particles that had neither left nor been censored just before, ``events`` those that left then.

    Examples:
        >>> import errsurf
        >>> result = errsurf.simulate(errsurf.read_scenario("saddle_escape", {"swarm.particles": 100}))
        >>> curve = errsurf.escape_curves(result, {"at": (0, 0), "radius": 0.5})["batch 1"]
        >>> int(curve.at_risk[0]), int(curve.events.sum()) <= 100
        (100, True)
    """

    time: Array
    share: Array
    low: Array
    high: Array
    at_risk: Integers
    events: Integers


def exits(view: View, region: Region | str, unit: str = "updates") -> Exits:
    """How long the particles of a view that ever entered a region stayed, up to the view's moment."""
    entered, left = view.passage(region)
    return exits_of(entered, left, view.moment, lambda updates: view.clock(updates, unit))


def exits_of(entered: Integers, left: Integers, last: int, clock: Callable[[Integers], Array]) -> Exits:
    """The same from the updates of entries and exits, -1 for none; the run ends after update ``last``."""
    inside = entered >= 0
    happened = np.asarray(left[inside] >= 0)
    start, end = clock(entered[inside]), clock(np.where(happened, left[inside], last))
    return Exits(end - start, happened)


def survival(found: Exits) -> Survival:
    """The Kaplan-Meier estimate, with Greenwood's variance on the scale of log(-log).

    Kaplan, Meier 1958, Journal of the American Statistical Association 53, 457-481; Kalbfleisch, Prentice 2002, The
    Statistical Analysis of Failure Time Data, section 1.4.  The band is 1 before the first exit; where nobody is left
    it has no lower bound but 0, and its upper one stays.
    """
    time, place = np.unique(found.time[found.left], return_inverse=True)
    events = np.bincount(place, minlength=len(time))
    at_risk = (found.time[:, None] >= time).sum(axis=0) if len(time) else np.zeros(0, np.int64)
    share = np.cumprod(1 - events / np.maximum(at_risk, 1))
    low, high = _band(share, events, at_risk)
    at_first = (0.0, 1.0, 1.0, 1.0, len(found.time), 0)
    later = (time, share, low, high, at_risk, events)
    return Survival(*(np.concatenate([[one], rest]) for one, rest in zip(at_first, later, strict=True)))


def _band(share: Array, events: Integers, at_risk: Integers) -> tuple[Array, Array]:
    """Bounds of the share that survives, each (times,)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(events / (at_risk * (at_risk - events)))
        half = DEVIATIONS * np.sqrt(variance) / np.abs(np.log(share))
        low, high = share ** np.exp(half), share ** np.exp(-half)
    known = np.isfinite(half)
    last = high[known][-1] if known.any() else 1.0
    return np.where(known, low, 0.0), np.where(known, high, last)


def median_time(curve: Survival) -> Estimate:
    """When half of the particles have left, with the interval that the band gives; infinite where that never came.

    Brookmeyer, Crowley 1982, Biometrics 38, 29-41.
    """
    return Estimate(*(_first(curve.time, each <= 0.5) for each in (curve.share, curve.low, curve.high)))


def _first(time: Array, happened: Hits) -> float:
    return float(time[happened.argmax()]) if happened.any() else np.inf


def restricted_mean(curve: Survival, until: float) -> Estimate:
    """The mean of the time inside, each counted up to ``until``: the area under the curve; NaN without particles.

    Irwin 1949, Journal of Hygiene 47, 188-189; the variance is Klein and Moeschberger's 2003, Survival Analysis,
    equation 4.5.2.  That particles never leave makes it no larger than ``until``.
    """
    if not curve.at_risk[0]:
        return exactly(np.nan)
    kept = curve.time < until
    steps = np.append(curve.time[kept], until)
    areas = np.diff(steps) * curve.share[kept]
    beyond = np.cumsum(areas[::-1])[::-1]
    events, at_risk = curve.events[kept], curve.at_risk[kept]
    weights = np.divide(events, at_risk * (at_risk - events), out=np.zeros(len(events)), where=at_risk > events)
    value, error = float(areas.sum()), DEVIATIONS * float(np.sqrt((beyond**2 * weights).sum()))
    return Estimate(value, max(value - error, 0.0), min(value + error, until))


def hazard(found: Exits, edges: Array) -> list[Estimate]:
    """Exits over the time at risk between the ``edges`` (bins + 1,): as often in each where escape has no memory."""
    estimates = []
    for low, high in pairwise(edges):
        exposure = float(np.clip(found.time - low, 0.0, high - low).sum())
        estimates.append(rate_interval(int((found.left & (found.time > low) & (found.time <= high)).sum()), exposure))
    return estimates
