"""Write docs/statistics.md from the records: every statistic, with its formula, and how its interval is made.

Run ``python docs/write_statistics_page.py`` after changing a record; a test compares the page with the records.  The
table of coverage is kept as it is: ``tests/campaigns/interval_coverage.py`` writes it.
"""

import inspect
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

from errsurf.scenario.table_models import fields
from errsurf.scenario.words import meaning
from errsurf.statistics import Statistic, statistic, statistic_names

PAGE = Path(__file__).parent / "statistics.md"
TABLES = ("coverage", "coverage over seeds")
"""The marks of the tables that are kept."""

OPENING = """\
# Statistics and their intervals

A statistic gives one number for each particle of a group, or one for all of them. `[[claim]]` compares it,
`[[measure]]` makes it a column of tables and sweeps, `errsurf measure RESULT --statistic NAME --set KEY=VALUE` and
`errsurf.measure(result, NAME, key=value)` work it out for a finished run, and one of your own is a file
([CONTRIBUTING.md](../CONTRIBUTING.md)). This page is written from the records by `docs/write_statistics_page.py`.

## Intervals

Every number has a 95% interval over particles and `n`, the number of particles behind it. Particles are independent,
but all see the same examples, starts and order of one seed: intervals over seeds are those of
[sweeps](sweeps.md).

* **Median**, and quantiles: between two of the sorted numbers, whose ranks follow from the binomial distribution. It
  holds whatever the distribution is, times that never came may be infinite, and it is never narrower than 95%: of 8
  numbers it holds 99.2%, of 20 numbers 95.9%.
* **Mean**: Student's interval with Hall's correction for skewness (1992, JRSS B 54, 221-228), wider for fewer than 20
  numbers, and for numbers more skewed than normal ones.
* **Share**: Wilson's; the difference of two groups' shares Newcombe's, their ratio Bonett and Price's.
* **Rate**: events over time at risk, with the exact interval of a Poisson rate.
* **Difference of means** of two groups: the mean of the differences, particle by particle.
* **All else**, such as differences and ratios of medians, correlations and the pairs of `matched_gap`: a bootstrap over
  particles, in pairs where two groups are compared, between percentiles that are farther out for few particles
  (Hesterberg 2015, The American Statistician 69, 371-386).
* The largest and the smallest number have none, nor has one particle; of fewer than six that differ there is none, and
  claims about them are "not decided".

Measured of n particles by 400 repeats each (standard error 1.1%), of bootstraps by 100 (2.2%), among the intervals
that are stated. What is outside 93% to 97% is in italics. Intervals of fewer than 20 particles, of shares near 0 or
1, and rates and medians of few, are wider than they need be: so six particles decide a claim only where they are far
from it.

{}
### Intervals over seeds

[Sweeps](sweeps.md#seeds) say how they are made: on scales without impossible numbers, so that the ends of times and
losses are positive and those of shares between 0 and 1. Measured of n seeds by 2,000 repeats each (standard error
0.5%), with losses and times whose typical factor between two seeds is given (twice the standard deviation of
logarithms), and beside them what Student's plain interval would hold. All hold less often where a few seeds have most
of the sum.

{}
"""


def page(coverage: Sequence[str]) -> str:
    """The page, with its tables of coverage."""
    tables = (f"<!-- {name} -->\n{table}<!-- end of {name} -->\n" for name, table in zip(TABLES, coverage, strict=True))
    return OPENING.format(*tables) + "\n".join(_lines()).replace("``", "`")


def known_coverage() -> list[str]:
    """The tables that the page has."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    return [text.partition(f"<!-- {name} -->\n")[2].partition(f"<!-- end of {name} -->\n")[0] for name in TABLES]


def _lines() -> Iterator[str]:
    yield "## The list\n"
    yield "Ranges and defaults of settings: [docs/scenario.md](scenario.md).\n"
    for name in statistic_names():
        record = statistic(name)
        yield f"### `{name}`\n"
        yield f"{inspect.cleandoc(import_module(f'errsurf.statistics.{name}').__doc__ or '')}\n"
        yield f"{inspect.cleandoc(record.values.__doc__ or '')} {_kind(record)}\n"
        settings = fields(record.settings).items()
        yield from (f"* `{key}`: {meaning(annotation)}" for key, (annotation, _) in settings)
        yield ""


def _kind(record: Statistic) -> str:
    """How one number is made of the particles' numbers."""
    if record.share:
        return "The number is their share."
    if record.rate:
        return "The number is the sum of the first over that of the second."
    if record.number is not None:
        return f"The number is one of them all: {_small(record.number.__doc__)}"
    return f"The number is their {record.take}, unless `take` says otherwise."


def _small(text: str | None) -> str:
    first = (text or "").strip().split("\n\n")[0]
    return f"{first[:1].lower()}{' '.join(first[1:].split())}"


if __name__ == "__main__":
    PAGE.write_text(page(known_coverage()), encoding="utf-8")
