"""Intervals: published values, coverage by simulation, and what cannot be said."""

import numpy as np
import pytest
from scipy.stats import binom, chi2, norm, t

from errsurf.measures.intervals import (
    ENOUGH,
    Array,
    bootstrap,
    exactly,
    expanded_tail,
    mean_difference,
    mean_interval,
    median_interval,
    ranks,
    rate_interval,
    resamples_of,
    share_difference,
    share_interval,
    share_ratio,
)

# both, first only, second only, neither; difference, lower and upper limit
PUBLISHED = [
    # Newcombe 1998, Statistics in Medicine 17, 2635-2650, table III, method 10
    ((36, 12, 2, 0), 0.2000, 0.0569, 0.3404),
    ((20, 12, 2, 16), 0.2000, 0.0562, 0.3292),
    # Altman, Machin, Bryant, Gardner 2000, Statistics with confidence, table 6.2
    ((14, 5, 0, 22), 0.1220, 0.0115, 0.2265),
]
TRIALS = 400
# Standard error of a coverage of 95% in that many trials; a test leaves room for four.
ERROR = (0.95 * 0.05 / TRIALS) ** 0.5


@pytest.mark.parametrize(("table", "difference", "low", "high"), PUBLISHED)
def test_paired_differences_are_the_published_ones(
    table: tuple[int, ...], difference: float, low: float, high: float
) -> None:
    first = np.repeat([True, True, False, False], table)
    second = np.repeat([True, False, True, False], table)
    assert share_difference(first, second) == pytest.approx((difference, low, high), abs=5.1e-5)
    assert share_difference(second, first) == pytest.approx((-difference, -high, -low), abs=5.1e-5)


def test_a_paired_ratio_is_the_published_one() -> None:
    """Fagerland, Lydersen, Laake 2014, Statistics in Medicine 33, 2850-2875: one pair with both, 1 and 7 with one."""
    first, second = (np.repeat(np.array(hits) == 1, (1, 1, 7, 12)) for hits in ((1, 1, 0, 0), (1, 0, 1, 0)))
    assert share_ratio(first, second) == pytest.approx((0.25, 0.068, 0.923), abs=5.1e-4)
    assert share_ratio(second, first) == pytest.approx((4.0, 1 / 0.9227, 1 / 0.06773), abs=1e-2)
    none, every = np.zeros(30, np.bool_), np.ones(30, np.bool_)
    assert np.isnan(share_ratio(none, none)).all()
    assert share_ratio(none, every) == pytest.approx((0.0, 0.0, 1 / share_ratio(every, none).low))


def test_particles_that_never_differ_leave_only_the_uncertainty_of_that() -> None:
    """Fifty pairs that agree: no difference, and an interval a little wider than that of 0 of 50."""
    hits = np.repeat([True, False], 25)
    difference = share_difference(hits, hits)
    assert difference.value == 0
    assert difference.low == -difference.high
    assert 0 < difference.high < 0.15
    assert share_interval(hits[:25]) == pytest.approx((1.0, 0.8668, 1.0), abs=1e-4)
    assert share_interval(hits[25:]) == pytest.approx((0.0, 0.0, 0.1332), abs=1e-4)


@pytest.mark.parametrize(("p", "q", "shared"), [(0.3, 0.5, 0.0), (0.3, 0.5, 0.8), (0.02, 0.05, 0.5), (0.9, 0.9, 0.9)])
def test_intervals_of_differences_and_ratios_cover(p: float, q: float, shared: float) -> None:
    """100 pairs, of which a share follow one and the same number; Newcombe's interval is conservative at the edges."""
    draw = np.random.default_rng(1)
    held, ratios = 0, 0
    for _ in range(TRIALS):
        luck, own = draw.random((2, 100))
        same = draw.random(100) < shared
        found = share_difference(luck < p, np.where(same, luck, own) < q)
        held += found.low <= p - q <= found.high
        ratio = share_ratio(luck < p, np.where(same, luck, own) < q)
        ratios += ratio.low <= p / q <= ratio.high
    assert 0.95 - 4 * ERROR <= held / TRIALS <= 1
    assert 0.95 - 4 * ERROR <= ratios / TRIALS <= 1


SIZES = (6, 20, 100, 500)


@pytest.mark.parametrize("count", SIZES)
def test_intervals_of_medians_cover(count: int) -> None:
    """Whatever the distribution, in exactly as many cases as the binomial distribution says."""
    draw = np.random.default_rng(2)
    samples = np.exp(draw.normal(size=(TRIALS, count)))
    held = sum(found.low <= 1.0 <= found.high for found in map(median_interval, samples))
    low, high = ranks(count, 0.5)
    exact = binom.cdf(high - 1, count, 0.5) - binom.cdf(low - 1, count, 0.5)
    assert 0.95 <= exact <= 0.97
    assert held / TRIALS == pytest.approx(exact, abs=4 * ERROR)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.95])
def test_ranks_are_the_narrowest_that_leave_a_fortieth_on_each_side(share: float) -> None:
    low, high = ranks(200, share)
    assert binom.cdf(low - 1, 200, share) <= 0.025 < binom.cdf(low, 200, share)
    assert binom.sf(high - 1, 200, share) <= 0.025 < binom.sf(high - 2, 200, share)


@pytest.mark.parametrize(
    ("draws", "mean", "least"),
    [
        ("normal", 0.0, (0.95, 0.94, 0.94, 0.94)),
        ("exponential", 1.0, (0.95, 0.94, 0.94, 0.94)),
        ("lognormal", np.exp(0.5), (0.93, 0.93, 0.93, 0.93)),
    ],
)
def test_intervals_of_means_cover(draws: str, mean: float, least: tuple[float, ...]) -> None:
    draw = getattr(np.random.default_rng(3), draws)
    for count, share in zip(SIZES, least, strict=True):
        found = [mean_interval(draw(size=count)) for _ in range(TRIALS)]
        held = sum(each.low <= mean <= each.high for each in found) / TRIALS
        assert share - 4 * ERROR <= held <= (0.97 + 4 * ERROR if count >= ENOUGH else 1)


def test_the_interval_of_a_mean_of_symmetric_numbers_is_students() -> None:
    values = np.array([*range(-12, 0), *range(1, 13)], np.float64)
    half = t.ppf(0.975, 23) * values.std(ddof=1) / np.sqrt(24)
    assert mean_interval(values) == pytest.approx((0.0, -half, half), abs=1e-12)


@pytest.mark.parametrize("count", [8, 40, 300])
def test_the_interval_of_a_skewed_mean_is_halls(count: int) -> None:
    """Hall's transformation takes both ends to the same quantile of Student's distribution, 97.5% or beyond."""
    values = np.random.default_rng(9).gamma(4.0, size=count)
    found, deviation = mean_interval(values), values.std(ddof=1)
    skewness = np.mean(((values - values.mean()) / deviation) ** 3)
    ends = (values.mean() - np.array(found[1:])) / deviation
    low, high = np.sqrt(count) * (ends + skewness * ends**2 / 3 + skewness**2 * ends**3 / 27 + skewness / (6 * count))
    assert low == pytest.approx(-high, rel=1e-9)
    assert low >= t.ppf(0.975, count - 1) * (1 - 1e-9)


def correlation(a: Array, b: Array) -> float:
    """Pearson's; NumPy's function takes five times as long for so few numbers."""
    a, b = a - a.sum() / len(a), b - b.sum() / len(b)
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))


@pytest.mark.parametrize("count", [6, 10, 20])
def test_bootstraps_of_few_rows_cover(count: int) -> None:
    """Between the percentiles of 2.5% and 97.5% the correlations of six lay in 86% of the cases."""
    draw, trials, held = np.random.default_rng(12), 150, 0
    for _ in range(trials):
        shared, one, other = draw.normal(size=(3, count))
        found = bootstrap(correlation, shared + one, shared + other)
        held += found.low <= 0.5 <= found.high or np.isnan(found.low)
    assert held / trials >= 0.95 - 4 * (0.95 * 0.05 / trials) ** 0.5


@pytest.mark.parametrize("count", [6, 10, 20, 99, 100, 2000])
def test_the_tail_of_a_bootstrap_is_that_of_students_interval(count: int) -> None:
    assert expanded_tail(count) == pytest.approx(norm.cdf(-t.ppf(0.975, count - 1) * np.sqrt(count / (count - 1))))


@pytest.mark.parametrize("count", [1, 5, 6, 37, 500, 2000, 20_000])
@pytest.mark.parametrize("share", [0.01, 0.25, 0.5, 0.9])
def test_ranks_are_those_of_the_binomial_distribution(count: int, share: float) -> None:
    below = binom.cdf(np.arange(count + 1), count, share)
    assert ranks(count, share) == (int(np.sum(below <= 0.025)), int(np.sum(below < 0.975)) + 1)


def test_means_of_huge_numbers_and_of_infinite_ones() -> None:
    values = np.random.default_rng(6).normal(size=20)
    assert np.array(mean_interval(1e200 * values)) == pytest.approx(1e200 * np.array(mean_interval(values)))
    assert np.isnan(mean_interval(np.array([*values, np.inf]))[1:]).all()


@pytest.mark.parametrize("events", [0, 1, 5, 40])
def test_intervals_of_rates_are_the_exact_ones(events: int) -> None:
    """Poisson's exact interval, from quantiles of the chi-squared distribution."""
    found = rate_interval(events, 10.0)
    exact = (chi2.ppf(0.025, 2 * events) / 20 if events else 0.0, chi2.ppf(0.975, 2 * events + 2) / 20)
    assert found[1:] == pytest.approx(exact, rel=1e-9)
    assert np.isnan(rate_interval(0, 0.0)).all()


def test_a_difference_of_means_is_that_of_pairs() -> None:
    first, second = np.random.default_rng(8).normal(size=(2, 30))
    assert mean_difference(first, second) == mean_interval(first - second)
    first[3] = np.nan
    found = mean_difference(first, second)
    assert found.value == pytest.approx(np.nanmean(first) - second.mean())
    assert found.low < found.value < found.high


def test_pairs_are_drawn_together() -> None:
    """Two groups with the same luck: their difference is known far better than either."""
    luck = np.random.default_rng(3).normal(size=(200, 1))
    near = luck + 0.01 * np.random.default_rng(4).normal(size=(200, 1))
    difference = bootstrap(lambda a, b: float(np.median(a) - np.median(b)), luck, near)
    alone = median_interval(luck[:, 0])
    assert difference.high - difference.low < 0.2 * (alone.high - alone.low)


@pytest.mark.parametrize("row", [0, 19])
def test_every_row_is_drawn_and_is_left_out(row: int) -> None:
    """The largest of 20 numbers of which one is not 0 is 0 in about a third of the cases."""
    values = np.zeros(20)
    values[row] = 9.0
    assert bootstrap(lambda drawn: float(drawn.max()), values) == (9.0, 0.0, 9.0)


def test_an_interval_leaves_as_much_above_it_as_below() -> None:
    values = np.random.default_rng(7).normal(size=40)
    there, back = mean_interval(values), mean_interval(-values)
    assert (back.low, back.value, back.high) == (-there.high, -there.value, -there.low)


def test_many_rows_are_drawn_less_often() -> None:
    assert [resamples_of(count) for count in (2, 20_000, 30_000, 10**9)] == [1000, 1000, 666, 100]


def test_intervals_are_the_same_every_time() -> None:
    values = np.random.default_rng(5).normal(size=50)
    assert median_interval(values) == median_interval(values.copy())


def test_what_never_came_is_ordered_like_any_other_number() -> None:
    half = median_interval(np.array([*range(55), *[np.inf] * 46]))
    assert half.low < half.value == 50 < half.high == np.inf
    assert median_interval(np.full(9, np.inf)) == exactly(np.inf)


def test_without_numbers_there_is_nothing() -> None:
    none = np.zeros(0)
    for found in (median_interval(none), share_interval(none > 0), share_difference(none > 0, none > 0)):
        assert np.isnan(found).all()
    infinite = bootstrap(lambda a, b: float(np.median(a) - np.median(b)), np.full(5, np.inf), np.full(5, np.inf))
    assert np.isnan(infinite).all()
    assert median_interval(np.array([4.0])) == exactly(4.0)


def test_a_few_particles_that_differ_have_no_interval() -> None:
    """The median of five numbers is beyond all of them once in 16 samples."""
    five = np.arange(5.0)
    assert median_interval(five).value == 2
    assert np.isnan(median_interval(five)[1:]).all()
    assert np.isfinite(median_interval(np.arange(6.0))).all()
    assert median_interval(np.full(2, 4.0)) == exactly(4.0)
