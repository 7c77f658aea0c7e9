"""What the numbers of a column are: how pictures call them, and which interval they have over seeds."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from errsurf.claims.wording import statistic_words
from errsurf.measures.measuring import SHARE, kind_of
from errsurf.measures.rows import measures_of
from errsurf.scenario import Scenario
from errsurf.scenario.measures import Measure
from errsurf.statistics import statistic


class Column(NamedTuple):
    """The words for a column's numbers, how they summarize the particles, the unit of times, and which kind they are.

    ``take`` is empty where the statistic itself says, ``words`` where the column's name says it.  A measure of the
    scenario may have ``asked`` for it.
    """

    words: str = ""
    take: str = ""
    unit: str = ""
    kind: str = SHARE
    asked: bool = False


def columns_of(scenarios: Iterable[Scenario]) -> dict[str, Column]:
    """The columns of statistics in the rows of these scenarios; all others with an interval are shares."""
    return {
        name: _column(measure)._replace(asked=measure in each.measure)
        for each in scenarios
        for name, measure in measures_of(each).items()
    }


def column_of(columns: Mapping[str, Column], name: str) -> Column:
    """What is known of a column."""
    return columns.get(name, Column())


def take_of(measure: Measure) -> str:
    """How the particles' numbers become one; empty where the statistic itself says."""
    record = statistic(measure.statistic)
    return "" if record.share or record.number or record.rate else measure.take or record.take


def _column(measure: Measure) -> Column:
    unit = getattr(measure.settings, "unit", "")
    if measure.name:
        return Column("", take_of(measure), unit, kind_of(measure))
    when = "" if measure.at == "100%" else f" at {measure.at}{' updates' * isinstance(measure.at, int)}"
    words = f"{statistic_words(measure._replace(take=None), '')}{when}"
    return Column(words, take_of(measure), "", kind_of(measure))
