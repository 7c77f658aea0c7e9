"""95% confidence intervals from independent particles.

Particle p draws the same examples in every group, so two groups are compared particle by particle.  With
``sampling.shared`` all particles draw the same, and the intervals tell of other starts, not of other draws.

Intervals are over particles and know nothing of the examples, which a run draws once: ``flat_or_sharp`` is refuted by
3 of 20 other seeds, those whose steepest example has a product of lr and sharpness below about 4.
"""

from collections.abc import Callable
from math import sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.analysis.statistics import DEVIATIONS, wilson_interval

RESAMPLES, FEWEST_RESAMPLES = 1000, 100
MAX_DRAWN = 20_000_000
LEVEL = 0.95
FEWEST = 6

Array = NDArray[np.float64]
Hits = NDArray[np.bool_]


class Estimate(NamedTuple):
    """A number and the 95% interval around it; NaN where there is none, and the number itself where it is exact.

    Examples:
        >>> import errsurf
        >>> scenario = errsurf.read_scenario("flat_or_sharp", {"swarm.particles": 200})
        >>> claims = errsurf.claims_of(errsurf.simulate(scenario))
        >>> value, low, high = claims[0].comparisons[0].compared
        >>> 0.2 < low <= value <= high
        True
    """

    value: float
    low: float
    high: float


def exactly(value: float) -> Estimate:
    """A number without uncertainty."""
    return Estimate(value, value, value)


def median_interval(values: Array) -> Estimate:
    """The median of values (n,) and its bootstrap interval; NaN without values."""
    return bootstrap(lambda drawn: float(np.median(drawn)) if len(drawn) else np.nan, values)


def mean_interval(values: Array) -> Estimate:
    """The mean of values (n,) and its bootstrap interval; NaN without values."""
    return bootstrap(lambda drawn: float(np.mean(drawn)) if len(drawn) else np.nan, values)


def share_interval(hits: Hits) -> Estimate:
    """The share of hits (n,) that are true, with Wilson's interval; see ``errsurf.analysis.wilson_interval``."""
    return share_of(int(hits.sum()), len(hits))


def share_of(count: int, total: int) -> Estimate:
    """The share of ``count`` among ``total``, with Wilson's interval; NaN where that is 0."""
    if not total:
        return exactly(np.nan)
    return Estimate(count / total, *wilson_interval(count, total))


def share_difference(first: Hits, second: Hits) -> Estimate:
    """The share of ``first`` minus that of ``second``, each (n,), of the same particles in the same order.

    Newcombe 1998, Statistics in Medicine 17, 2635-2650, method 10: Wilson's intervals of the two shares, joined by
    the correlation of the pairs.  NaN without particles.
    """
    if not len(first):
        return exactly(np.nan)
    both, only_first = int((first & second).sum()), int((first & ~second).sum())
    only_second, count = int((~first & second).sum()), len(first)
    a, b = share_interval(first), share_interval(second)
    phi = _correlation(both, only_first, only_second, count - both - only_first - only_second)
    difference = a.value - b.value
    low = _joined(a.value - a.low, b.high - b.value, phi)
    return Estimate(difference, difference - low, difference + _joined(a.high - a.value, b.value - b.low, phi))


# Not by bootstrap, which sees no uncertainty in 30 of 30 against 0 of 30.
def share_ratio(first: Hits, second: Hits) -> Estimate:
    """The share of ``first`` over that of ``second``, each (n,), of the same particles in the same order.

    Bonett and Price 2006, Statistics in Medicine 25, 3039-3050: the ratio of Wilson's intervals of the two shares among
    the pairs with a hit, made narrower so that together they hold 95%.  NaN without a hit.
    """
    pairs, both = int((first | second).sum()), int((first & second).sum())
    if not pairs:
        return exactly(np.nan)
    counts = int(first.sum()), int(second.sum())
    apart = sqrt((pairs - both + 2) / ((counts[0] + 1) * (counts[1] + 1)))
    errors = [sqrt((1 - (count + 1) / (pairs + 2)) / (count + 1)) for count in counts]
    (low, high), (other_low, other_high) = (
        wilson_interval(count, pairs, DEVIATIONS * apart / sum(errors)) for count in counts
    )
    value = counts[0] / counts[1] if counts[1] else np.inf
    return Estimate(value, low / other_high, high / other_low if other_low else np.inf)


def _joined(a: float, b: float, phi: float) -> float:
    return sqrt(max(0.0, a * a - 2 * phi * a * b + b * b))


def _correlation(both: int, only_first: int, only_second: int, neither: int) -> float:
    """Correlation of a table of pairs, with the paper's correction for continuity."""
    product = (both + only_first) * (only_second + neither) * (both + only_second) * (only_first + neither)
    if not product:
        return 0.0
    excess = both * neither - only_first * only_second
    half = (both + only_first + only_second + neither) / 2
    return (max(excess - half, 0.0) if excess > 0 else excess) / sqrt(product)


def resamples_of(count: int) -> int:
    """How often so many rows are drawn again."""
    return max(FEWEST_RESAMPLES, min(RESAMPLES, MAX_DRAWN // count))


def bootstrap(number: Callable[..., float], *rows: NDArray[Any], seed: int = 0) -> Estimate:
    """``number(*rows)`` with the interval between percentiles of the same number of rows drawn again.

    The arrays have one row a particle, in the same order in all of them, and are drawn together.  Efron 1979, Annals of
    Statistics 7, 1-26.  They are drawn 1,000 times, for more than 20,000 rows less often.  The interval is the number
    itself for a single row, and NaN where a drawn number is or where fewer than six rows give different numbers: the
    median of so few numbers lies beyond all of them in more than 5% of all cases.
    """
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        value, count = number(*rows), len(rows[0])
        if count < 2:
            return exactly(value)
        draw = np.random.default_rng(seed)
        resamples = resamples_of(count)
        chosen = (draw.integers(0, count, count) for _ in range(resamples))
        drawn = np.sort([number(*(column[picked] for column in rows)) for picked in chosen])
    if np.isnan(drawn[-1]) or (count < FEWEST and drawn[0] != drawn[-1]):
        return Estimate(value, np.nan, np.nan)
    cut = round((1 - LEVEL) / 2 * resamples)
    return Estimate(value, float(drawn[cut]), float(drawn[-1 - cut]))
