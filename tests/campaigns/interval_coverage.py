"""How often 95% intervals hold the truth, written into docs/statistics.md.

``python tests/campaigns/interval_coverage.py [REPEATS [TABLE ...]]`` takes some minutes: 1,000 repeats of each kind,
where the standard error of a coverage of 95% is 0.7%, and a quarter as many of bootstraps, which take 40 ms each.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.random import Generator

from errsurf.measures import intervals, survival
from errsurf.measures.intervals import Estimate
from errsurf.measures.measuring import NUMBER, SHARE, SIGNED, TIME
from errsurf.sweeps.seeds import estimate_over_seeds, student_interval

PAGE = Path(__file__).parent.parent.parent / "docs" / "statistics.md"
SIZES, SEEDS = (6, 10, 20, 100, 500), (3, 4, 6, 10, 20)
Draw = Callable[[Generator, int], Any]
Array = Any


class Kind(NamedTuple):
    """An interval: its name, what is drawn, the truth, and the interval of what is drawn."""

    name: str
    values: str
    truth: float
    draw: Draw
    interval: Callable[..., Estimate]


def normal(g: Generator, n: int) -> Array:
    """Normal numbers."""
    return g.normal(size=n)


def exponential(g: Generator, n: int) -> Array:
    """Exponential numbers of mean 1."""
    return g.exponential(size=n)


def lognormal(g: Generator, n: int) -> Array:
    """Exponentials of normal numbers."""
    return np.exp(g.normal(size=n))


def pairs(draw: Draw, shift: float, factor: float = 1.0) -> Draw:
    """Two groups of which half of the luck is shared, the first one moved."""

    def drawn(g: Generator, n: int) -> tuple[Array, Array]:
        shared, one, other = (draw(g, n) for _ in range(3))
        return factor * (shared + one) + shift, shared + other

    return drawn


def hits(p: float, q: float) -> Draw:
    """Whether two groups hit, half of the particles by the same luck."""

    def drawn(g: Generator, n: int) -> tuple[Array, Array]:
        luck, own = g.random((2, n))
        return luck < p, np.where(g.random(n) < 0.5, luck, own) < q

    return drawn


def escapes(g: Generator, n: int) -> survival.Exits:
    """Exponential times of mean 1, censored at 1.5."""
    time = g.exponential(size=n)
    return survival.Exits(np.minimum(time, 1.5), time <= 1.5)


def difference_of_medians(a: Array, b: Array) -> Estimate:
    return intervals.bootstrap(lambda x, y: float(np.median(x) - np.median(y)), a, b)


def ratio_of_medians(a: Array, b: Array) -> Estimate:
    return intervals.bootstrap(lambda x, y: float(np.median(x) / np.median(y)), a, b)


def correlation(a: Array, b: Array) -> Estimate:
    return intervals.bootstrap(lambda x, y: float(np.corrcoef(x, y)[0, 1]), a, b)


BOOTSTRAPS = (difference_of_medians, ratio_of_medians, correlation)


def kinds() -> Iterator[Kind]:
    """Every kind of interval."""
    for name, draw, median, mean in (
        ("normal", normal, 0.0, 0.0),
        ("exponential", exponential, np.log(2), 1.0),
        ("lognormal", lognormal, 1.0, np.exp(0.5)),
    ):
        yield Kind("median", name, median, draw, intervals.median_interval)
        yield Kind("mean", name, mean, draw, intervals.mean_interval)
        yield Kind("difference of means", name, 0.5, pairs(draw, 0.5), intervals.mean_difference)
        yield Kind("difference of medians", name, 0.5, pairs(draw, 0.5), difference_of_medians)
        if name != "normal":
            yield Kind("ratio of medians", name, 1.5, pairs(draw, 0.0, 1.5), ratio_of_medians)
    for p in (0.1, 0.5):
        yield Kind("share", f"p = {p}", p, lambda g, n, p=p: g.random(n) < p, intervals.share_interval)
    for p, q in ((0.3, 0.5), (0.05, 0.1)):
        yield Kind("difference of shares", f"p = {p}, {q}", p - q, hits(p, q), intervals.share_difference)
        yield Kind("ratio of shares", f"p = {p}, {q}", p / q, hits(p, q), intervals.share_ratio)
    yield Kind("correlation", "normal", 0.5, pairs(normal, 0.0), correlation)
    yield Kind("rate of leaving", "exponential times", 1.0, escapes, _rate)
    yield Kind("median time, Kaplan-Meier", "exponential times", np.log(2), escapes, _median_time)
    yield Kind("share inside, Greenwood", "at time 1", np.exp(-1), escapes, _inside)
    yield Kind("restricted mean", "up to time 1.5", 1 - np.exp(-1.5), escapes, _restricted)


def _rate(*found: Array) -> Estimate:
    return intervals.rate_interval(float(found[1].sum()), float(found[0].sum()))


def _median_time(*found: Array) -> Estimate:
    return survival.median_time(survival.survival(survival.Exits(*found)))


def _inside(*found: Array) -> Estimate:
    curve = survival.survival(survival.Exits(*found))
    last = int(np.searchsorted(curve.time, 1.0, side="right")) - 1
    return Estimate(*(float(each[last]) for each in (curve.share, curve.low, curve.high)))


def _restricted(*found: Array) -> Estimate:
    return intervals.mean_interval(found[0])


def kinds_over_seeds() -> Iterator[Kind]:
    """Every kind of interval over seeds; those named Student's are what plain ones would be."""
    factors = (("by a factor of 2", np.log(2) / 2), ("by a factor of 10", np.log(10) / 2))
    for name, width in factors:
        draw = lambda g, n, width=width: np.exp(width * g.normal(size=n))  # noqa: E731
        mean = float(np.exp(width**2 / 2))
        yield Kind("time, median", name, 1.0, draw, partial(estimate_over_seeds, kind=TIME))
        yield Kind("loss, mean", name, mean, draw, partial(estimate_over_seeds, kind=NUMBER))
        yield Kind("loss, mean, Student's", name, mean, draw, student_interval)
    yield Kind("time, median", "exponential", np.log(2), exponential, partial(estimate_over_seeds, kind=TIME))
    yield Kind("number of both signs", "normal", 0.0, normal, partial(estimate_over_seeds, kind=SIGNED))
    for a, b in ((5.0, 1.0), (0.5, 0.5), (0.2, 2.0)):
        draw = lambda g, n, a=a, b=b: g.beta(a, b, n)  # noqa: E731
        yield Kind("share", f"beta({a:g}, {b:g})", a / (a + b), draw, partial(estimate_over_seeds, kind=SHARE))
        yield Kind("share, Student's", f"beta({a:g}, {b:g})", a / (a + b), draw, student_interval)


TABLES = {"coverage": (kinds, SIZES, 1), "coverage over seeds": (kinds_over_seeds, SEEDS, 5)}
"""The tables of the page by their marks: kinds, sizes, and how many times as many repeats."""


def coverage(kind: Kind, count: int, repeats: int) -> float:
    """The share of the stated intervals that hold the truth; a bound that is NaN bounds nothing, two state nothing."""
    g, held, stated = np.random.default_rng(11), 0, 0
    repeats = repeats // 4 if kind.interval in BOOTSTRAPS else repeats
    for _ in range(repeats):
        drawn = kind.draw(g, count)
        with np.errstate(all="ignore"):
            found = kind.interval(*(drawn if isinstance(drawn, tuple) else (drawn,)))
        if np.isnan(found.low) and np.isnan(found.high):
            continue
        stated += 1
        held += not found.low > kind.truth + 1e-12 and not found.high < kind.truth - 1e-12
    return held / stated


def table(kinds: Iterable[Kind], sizes: Sequence[int], repeats: int) -> str:
    """A table of docs/statistics.md."""
    lines = ["| interval | of | " + " | ".join(f"n = {n}" for n in sizes) + " |", "| --- " * (2 + len(sizes)) + "|"]
    for kind in kinds:
        shares = list(map(partial(coverage, kind, repeats=repeats), sizes))
        cells = [f"{share:.1%}" if 0.93 <= share <= 0.97 else f"*{share:.1%}*" for share in shares]
        lines.append(f"| {kind.name} | {kind.values} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    for name in sys.argv[2:] or TABLES:
        found, sizes, times = TABLES[name]
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(begin)
        made = table(found(), sizes, times * repeats)
        PAGE.write_text(before + begin + made + end + rest.partition(end)[2], encoding="utf-8")
