"""The curve of the choice: what a search gave over one setting, a line a group, a ring at each group's best."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from errsurf.comparing.choice import BEST, Choice, Tried
from errsurf.comparing.judging import Judged
from errsurf.drawing.figures.files import Figure
from errsurf.drawing.sweep_figures import SweepPlot, sweep_figure
from errsurf.errors import UserError
from errsurf.measures.intervals import Estimate
from errsurf.records.names import listed, nearest
from errsurf.scenario import OptimizerGroup, Scenario
from errsurf.settings.value_lists import Value, value_word
from errsurf.sweeps.axes import Axis
from errsurf.sweeps.cells import GROUP
from errsurf.sweeps.columns import Column
from errsurf.sweeps.plotting import sweep_plot
from errsurf.sweeps.sweep import Sweep
from errsurf.sweeps.table import Row
from errsurf.system.text import printable


@dataclass(frozen=True)
class Curve:
    """The best of each group at each value of one setting, as the rows of a sweep."""

    scenario: Scenario
    search: Sweep
    axes: tuple[Axis, ...]
    rows: Sequence[Row]
    columns: tuple[str, ...]
    seeds: tuple[Value, ...] = (0,)

    @property
    def known(self) -> Mapping[str, Column]:
        """What the numbers of columns are."""
        return self.search.known

    @property
    def measures(self) -> Sequence[str]:
        """The columns of the scenario's measures."""
        return self.search.measures

    @property
    def lacking(self) -> bool:
        """Whether records of one's own that made the numbers are not loaded."""
        return self.search.lacking

    @property
    def cells(self) -> int:
        """How many cells the search has."""
        return self.search.cells

    @property
    def finished(self) -> int:
        """How many of them are finished."""
        return self.search.finished

    def over_seeds(self) -> Sequence[Row]:
        """The same rows: there is one seed."""
        return self.rows

    def group_of(self, row: Row) -> OptimizerGroup:
        """The group that a row is of, as it was searched with this value."""
        keys = (GROUP, self.axes[0].key)
        return self.search.group_of(next(each for each in self.search.rows if all(each[k] == row[k] for k in keys)))


class Compared(Protocol):
    """What is drawn of a comparison; see ``FairComparison``."""

    @property
    def scenario(self) -> Scenario:
        """The scenario whose groups are compared."""

    @property
    def search(self) -> Sweep:
        """The sweep of all values."""

    @property
    def judging(self) -> Sweep | None:
        """The sweep of the best values with other seeds."""

    @property
    def searched(self) -> bool:
        """Whether several values of any group were tried."""

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What the search found for each group."""

    @property
    def statistic(self) -> str:
        """The column that decides."""

    @property
    def best(self) -> str:
        """Which number is the best: "lowest" or "highest"."""

    @property
    def judged(self) -> tuple[Judged, ...]:
        """The number of each group's best values, with other seeds."""

    @property
    def budget(self) -> object:
        """What every group got."""


def choice_figure(found: Compared, shown: Scenario, x: str | None = None) -> Figure:
    """The figure of a comparison, in the words and colours of a scenario; raises UserError for an unknown setting."""
    return sweep_figure(choice_plot(found, shown, x))


def choice_plot(found: Compared, shown: Scenario, x: str | None = None) -> SweepPlot:
    """What the figure shows: numbers over a tuned setting or, where nothing was searched, those of other seeds."""
    if x is None and not found.searched and found.judging is not None:
        plot = sweep_plot(found.judging, found.statistic, x=GROUP, best=found.best)
        names = {own.label: each.label for own, each in zip(found.scenario.optimizer, shown.optimizer, strict=True)}
        groups = plot.x._replace(values=tuple(names[str(label)] for label in plot.x.values))
        note = f"{plot.note}, {found.budget} for each group"
        return plot._replace(scenario=shown, title=shown.title, x=groups, note=note)
    keys = list(dict.fromkeys(key for choice in found.choices for tried in choice.tried for key in tried.settings))
    if not keys:
        raise UserError("nothing is finished yet")
    if x is not None and x not in keys:
        near = nearest(x, keys)
        raise UserError(
            f"{printable(x, 80)}: not tuned; " + (f"closest: {near}" if near else f"allowed: {listed(keys)}")
        )
    key = x or ("lr" if "lr" in keys else keys[0])
    curve = _curve(found, key)
    labels = curve.axes[-1].values
    y = GROUP if len(labels) > 1 else None
    plot = sweep_plot(curve, found.statistic, x=f"optimizer.{key}", y=y, best=found.best, lines=True)
    more = [f"best over {' and '.join(other for other in keys if other != key)}"] if len(keys) > 1 else []
    note = ", ".join([plot.note, f"{found.budget} for each group", *more])
    names = {own.label: each.label for own, each in zip(found.scenario.optimizer, shown.optimizer, strict=True)}
    lines = plot.y._replace(name=GROUP, values=tuple(names[str(label)] for label in labels))
    limits = np.where([_tunes_rule(found, label) for label in labels], np.nan, plot.limits)
    again = np.array([[_again(found.judged, label) for label in labels]]) if found.judged else None
    return plot._replace(scenario=shown, title=shown.title, y=lines, note=note, limits=limits, again=again)


def _again(judged: Sequence[Judged], label: object) -> Estimate:
    """The judged number of a group, with its interval over seeds."""
    return next((each.over_seeds for each in judged if each.label == label), Estimate(np.nan, np.nan, np.nan))


def _tunes_rule(found: Compared, label: object) -> bool:
    """Whether a group's points differ in more than lr and batch, so that no one lr is the largest stable one."""
    own = (tried.settings for each in found.choices if each.label == label for tried in each.tried)
    return any(key not in ("lr", "batch", "accumulate") for settings in own for key in settings)


def _curve(found: Compared, key: str) -> Curve:
    """The best of each group at each value of a setting."""
    rows: list[Row] = []
    kinds = {group.label: group.kind for group in found.scenario.optimizer}
    values: dict[Value, None] = {}
    for choice in found.choices:
        line: dict[Value, list[Tried]] = {}
        for tried in choice.tried:
            if key in tried.settings:
                line.setdefault(tried.settings[key], []).append(tried)
        for value, some in line.items():
            values[value] = None
            rows.append(_row(choice.label, kinds[choice.label], key, _best(some, found.best), found.statistic))
    axes = (
        Axis(f"optimizer.{key}", _ordered(list(values))),
        Axis(GROUP, tuple(dict.fromkeys(str(row[GROUP]) for row in rows))),
    )
    return Curve(found.scenario, found.search, axes, rows, tuple(rows[0]))


def _best(some: Sequence[Tried], best: str) -> Tried:
    """The best of those that count, or the first one."""
    known = [tried for tried in some if tried.counts]
    return BEST[best](known, key=lambda tried: tried.estimate.value) if known else some[0]


def _ordered(values: Sequence[Value]) -> tuple[Value, ...]:
    """Numbers in rising order; words in that of the search."""
    numbers = [value for value in values if isinstance(value, int | float)]
    return tuple(sorted(numbers)) + tuple(value for value in values if not isinstance(value, int | float))


def _row(label: str, kind: str, key: str, tried: Tried, column: str) -> Row:
    value = tried.settings[key]
    ends = dict(zip(("", "_low", "_high"), tried.estimate if tried.counts else (None,) * 3, strict=True))
    number: Row = {f"{column}{end}": bound for end, bound in ends.items()}
    settings: Row = {
        f"optimizer.{other}": each if isinstance(each, int | float | str) else value_word(each)
        for other, each in tried.settings.items()
    }
    settings[f"optimizer.{key}"] = value if isinstance(value, int | float | str) else value_word(value)
    return {GROUP: label, "kind": kind, **settings, **number, f"{column}_n": tried.n}
