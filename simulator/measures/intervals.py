"""95% confidence intervals from independent particles; docs/statistics.md has the coverage of each, measured.

Particle p draws the same examples in every group, so two groups are compared particle by particle.  With
``sampling.shared`` all particles draw the same, and the intervals tell of other starts, not of other draws.

Intervals are over particles and know nothing of the examples, which a run draws once: ``flat_or_sharp`` is refuted by
3 of 20 other seeds, those whose steepest example has a product of lr and sharpness below about 4.
"""

from collections.abc import Callable
from functools import lru_cache
from math import erfc, sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.analysis.statistics import DEVIATIONS, wilson_interval

RESAMPLES, FEWEST_RESAMPLES = 1000, 100
MAX_DRAWN = 20_000_000
TAIL = 0.025
"""How often the truth lies beyond each bound of a 95% interval."""
FEWEST, ENOUGH = 6, 20
"""Fewer values that differ have no interval; means of fewer have wider ones than Student's."""
SKEWEST = 0.85
MANY = 100

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
    """The median of values (n,) without NaN, between order statistics; see ``quantile_interval``."""
    return quantile_interval(values, 0.5)


def quantile_interval(values: Array, share: float) -> Estimate:
    """The quantile of values (n,) below which a ``share`` lies, NaN left out, between two of the sorted values.

    Their ranks follow from the binomial distribution, whatever that of the values (David and Nagaraja 2003, Order
    Statistics, section 7.1), so that what never came may be infinite.  It holds at least 95%: of few values more, for
    the median 96.9% of 6, 95.9% of 20 and 95.3% of 500, at the most 99.2%, of 8.  A bound is NaN where no value bounds
    the quantile, and so are both bounds of a median of fewer than six values.
    """
    known = np.sort(values[~np.isnan(values)])
    if not len(known):
        return exactly(np.nan)
    value = float(np.median(known)) if share == 0.5 else float(np.quantile(known, share))
    if known[0] == known[-1]:
        return exactly(value)
    low, high = ranks(len(known), share)
    return Estimate(
        value, float(known[low - 1]) if low else np.nan, float(known[high - 1]) if high <= len(known) else np.nan
    )


@lru_cache(1024)
def ranks(count: int, share: float) -> tuple[int, int]:
    """Ranks, from 1, of the sorted values around a quantile; 0 and ``count + 1`` where none is far enough away.

    The binomial distribution is summed here, to 1e-8 for up to a million values: scipy.special takes 0.15 s to import.
    """
    k = np.arange(1, count + 1)
    steps = np.log((count - k + 1) / k) + np.log(share / (1 - share))
    below = np.cumsum(np.exp(np.cumsum(np.concatenate([[count * np.log1p(-share)], steps]))))
    return int(np.searchsorted(below, TAIL, side="right")), int(np.searchsorted(below, 1 - TAIL)) + 1


def mean_interval(values: Array) -> Estimate:
    """The mean of values (n,) without NaN, and Student's interval corrected for their skewness.

    Hall 1992, Journal of the Royal Statistical Society B 54, 221-228: the cubic transformation, with quantiles of
    Student's distribution, farther out for few and for skewed values: see ``_tail``.  Fewer than six values that differ
    and infinite ones have no interval.
    """
    known = values[~np.isnan(values)]
    count = len(known)
    if not count:
        return exactly(np.nan)
    value = float(np.mean(known))
    if np.min(known) == np.max(known):
        return exactly(float(known[0]))
    if count < FEWEST or not np.isfinite(value):
        return Estimate(value, np.nan, np.nan)
    farthest = float(np.max(np.abs(known - value)))
    away = (known - value) / farthest
    deviation = float(np.sqrt(np.sum(away * away) / (count - 1)))
    skewness = float(np.mean((away / deviation) ** 3))
    quantile = student(count, _tail(count, skewness))
    deviation *= farthest
    low, high = (value - deviation * _skewed(sign * quantile, skewness, count) for sign in (1, -1))
    return Estimate(value, low, high)


def _tail(count: int, skewness: float) -> float:
    """The tail beyond the quantile of a mean: 2.5% less what few values, and those more skewed than normal ones, need.

    With it intervals hold 93% or more of lognormal values, of 6 as of 500; with 2.5% they hold 86% of 6 and 92% of 20.
    A sample of normal values has a skewness of about ``sqrt(6 / count)``.
    """
    excess = max(0.0, abs(skewness) - sqrt(6 / count))
    return float(TAIL * min(1.0, count / ENOUGH) ** 1.5 * np.exp(-excess * sqrt(10 / count)))


def _skewed(quantile: float, skewness: float, count: int) -> float:
    """Hall's inverse transformation of a quantile of Student's distribution, over the root of ``count``.

    Beyond a skewness that takes it near its pole intervals get wider, up to four times, and hold no more often.
    """
    most = SKEWEST * sqrt(count) / abs(quantile)
    skewness = min(max(skewness, -most), most)
    plain = quantile / sqrt(count) - skewness / (6 * count)
    if abs(skewness * plain) < 1e-5:
        return plain - skewness * plain**2 / 3
    return 3 / skewness * (_cube_root(1 + skewness * plain) - 1)


def _cube_root(value: float) -> float:
    return float(value ** (1 / 3)) if value >= 0 else -float((-value) ** (1 / 3))


@lru_cache(1024)
def student(count: int, tail: float = TAIL) -> float:
    """The quantile of Student's distribution for the mean of so many values, beyond which a ``tail`` lies."""
    from scipy.special import stdtrit

    return float(stdtrit(count - 1, 1 - tail))


@lru_cache(1024)
def expanded_tail(count: int) -> float:
    """The tail between whose percentiles a bootstrap of so many rows has the width of Student's interval.

    Hesterberg 2015, The American Statistician 69, 371-386, section 5.2.
    """
    quantile = student(count) if count < MANY else _student_of_many(count - 1)
    return erfc(sqrt(count / (count - 1) / 2) * quantile) / 2


def _student_of_many(freedom: int) -> float:
    """Student's quantile to 1e-8 by the expansion of Fisher and Cornish (Abramowitz and Stegun 1964, 26.7.5).

    Importing scipy.special takes longer than all the bootstraps of a run.
    """
    z = DEVIATIONS
    first, second = (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96
    return z + first / freedom + second / freedom**2 + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384 / freedom**3


def rate_interval(events: float, exposure: float) -> Estimate:
    """Events over the time at risk ``exposure``, with the exact interval of a Poisson rate; NaN without exposure.

    Garwood 1936, Biometrika 28, 437-442.
    """
    if not exposure > 0:
        return exactly(np.nan)
    low, high = poisson_bounds(events)
    return Estimate(events / exposure, low / exposure, high / exposure)


def poisson_bounds(events: float) -> tuple[float, float]:
    """The means of the Poisson distributions of which so many events are among the highest and the lowest 2.5%."""
    from scipy.special import gammaincinv

    return float(gammaincinv(events, TAIL)) if events else 0.0, float(gammaincinv(events + 1, 1 - TAIL))


def mean_difference(first: Array, second: Array) -> Estimate:
    """The mean of ``first`` minus that of ``second``, each (n,), of the same particles: the mean of their differences.

    Where a particle has a number in one of them only, both are drawn again in pairs instead.
    """
    if np.isnan(first).any() or np.isnan(second).any():
        return bootstrap(lambda a, b: _known_mean(a) - _known_mean(b), first, second)
    with np.errstate(invalid="ignore"):
        return mean_interval(first - second)


def _known_mean(values: Array) -> float:
    known = values[~np.isnan(values)]
    return float(np.mean(known)) if len(known) else np.nan


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
    Statistics 7, 1-26; for few rows the percentiles are farther out, as ``expanded_tail`` says.  They are drawn 1,000
    times, for more than 20,000 rows less often.  The interval is the number itself for a single row, and NaN where a
    drawn number is or where fewer than six rows give different numbers: the median of so few numbers lies beyond all of
    them in more than 5% of all cases.
    """
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        value, count = number(*rows), len(rows[0])
        if count < 2:
            return exactly(value)
        draw = np.random.default_rng(seed)
        resamples = resamples_of(count)
        chosen = (draw.integers(0, count, count) for _ in range(resamples))
        drawn = np.sort([number(*(column[picked] for column in rows)) for picked in chosen])
    if drawn[0] == drawn[-1]:
        return Estimate(value, float(drawn[0]), float(drawn[-1]))
    if np.isnan(drawn[-1]) or count < FEWEST:
        return Estimate(value, np.nan, np.nan)
    cut = round(expanded_tail(count) * resamples)
    return Estimate(value, float(drawn[cut]), float(drawn[-1 - cut]))
