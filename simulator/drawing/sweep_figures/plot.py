"""What a picture of a sweep shows, as plain data."""

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from errsurf.drawing.charts import Scale
from errsurf.drawing.history.frames import Array
from errsurf.system.numbers import came_text, drawn_number, number_text

if TYPE_CHECKING:
    from errsurf.scenario import Scenario

_TABLE = re.compile(r'\{kind = "([^"]*)"(?:, (.*))?\}')
LOG, LINEAR = "log", "linear"
AXIS_FACTOR, LOG_FACTOR = 8, 20
"""Settings, and numbers, that are positive and span as much have a logarithmic scale."""
_EVEN = 1e-3
"""Settings whose ratios differ by less are a logarithmic grid."""
_INSET = 0.015
"""Room beside the first and the last value, as a share of the line."""


class Axis(NamedTuple):
    """A setting that was varied: its name, its values in order, numbers or words, and the scale that is asked for."""

    name: str
    values: tuple[float | str, ...]
    wanted: str = ""

    @property
    def numbers(self) -> Array | None:
        """The values, shape (n,), if they are rising numbers."""
        if any(isinstance(value, str) for value in self.values):
            return None
        found = np.array(self.values, np.float64)
        return found if (np.diff(found) > 0).all() else None

    @property
    def scale(self) -> Scale | None:
        """From the first to the last value, logarithmic where they span a wide range or have one ratio; or None."""
        if (found := self.numbers) is None or len(found) < 2:
            return None
        low, high = float(found[0]), float(found[-1])
        if self.wanted:
            return Scale(low, high, self.wanted == LOG)
        return Scale(low, high, low > 0 and (high >= AXIS_FACTOR * low or _one_ratio(found)))

    @property
    def places(self) -> Array:
        """Where along a line of length 1 the values stand, shape (n,); evenly where they are words."""
        if (scale := self.scale) is None:
            return (np.arange(len(self.values)) + 0.5) / len(self.values)
        return np.asarray(_INSET + (1 - 2 * _INSET) * scale.height(np.array(self.values, np.float64)))

    @property
    def texts(self) -> list[str]:
        """The values as they are written."""
        return [kind_words(value) if isinstance(value, str) else drawn_number(value, 3) for value in self.values]


def _one_ratio(rising: Array) -> bool:
    """Whether more than two positive numbers are each the same factor above the one before."""
    return len(rising) > 2 and bool(np.ptp(np.diff(np.log(rising))) < _EVEN * np.log(rising[1] / rising[0]))


def kind_words(value: str) -> str:
    """A value as pictures write it: a table with a kind as that kind and its settings, ``sgd, momentum = 0.9``."""
    return _TABLE.sub(lambda found: ", ".join(part for part in found.groups() if part), value)


class SweepPlot(NamedTuple):
    """One statistic over the settings of a sweep, for a run's style and texts.

    ``value``, ``low`` and ``high`` (panels, rows, columns) are numbers and the ends of their intervals, infinite for
    what never came and NaN where there is none.  Columns are the values of ``x``, rows those of ``y``; a panel each for
    the other settings and groups.  ``lines`` says that rows are lines over x, not rows of a map.  ``best`` is "lowest",
    "highest" or, for no mark, empty.  ``limits`` (panels, rows) are the largest stable lr, where x is the lr; NaN where
    there is none.  ``note`` says, in parts with commas between them, what numbers and intervals are of.  ``again``
    (panels, rows, 3) is what the best of each line gave once more, with other seeds: number and ends of the interval;
    None where that was not asked.  ``came`` (2, panels, rows, columns) says in how many seeds a time came, and of how
    many; NaN for other numbers.  ``scale`` is "log" or "linear" where that is asked for.
    """

    scenario: "Scenario"
    title: str
    statistic: str
    x: Axis
    y: Axis
    panels: tuple[str, ...]
    value: Array
    low: Array
    high: Array
    limits: Array
    lines: bool
    best: str
    note: str
    again: Array | None = None
    came: Array | None = None
    scale: str = ""

    @property
    def log_factor(self) -> float:
        """How far numbers span that have a logarithmic scale."""
        return {LOG: 1.0, LINEAR: np.inf}.get(self.scale, LOG_FACTOR)

    @property
    def table(self) -> list[list[str]]:
        """All numbers as texts, below their heads: panel, row, column, number, and the ends of its interval.

        A column without any text is left out.
        """
        heads = [["", self.y.name, self.x.name, self.statistic, "low", "high"]]
        cells = heads + [
            [panel, row, column, *(self._digits(part, (k, i, j)) for part in (self.value, self.low, self.high))]
            for k, panel in enumerate(self.panels)
            for i, row in enumerate(self.y.texts)
            for j, column in enumerate(self.x.texts)
        ]
        kept = [k for k, texts in enumerate(zip(*cells, strict=True)) if any(texts)]
        return [[line[k] for k in kept] for line in cells]

    def never_text(self, place: tuple[int, int, int]) -> str:
        """What stands for an infinite number: in how many seeds it came, if in any."""
        if self.came is None or np.isnan(self.came[:, *place]).any():
            return came_text(0, 0)
        came, of = self.came[:, *place].astype(int).tolist()
        return came_text(came, of)

    def _digits(self, part: Array, place: tuple[int, int, int]) -> str:
        infinite = part is self.value and np.isposinf(part[place])
        return self.never_text(place) if infinite else number_text(float(part[place]))

    def best_cell(self, panel: int) -> tuple[int, int] | None:
        """Row and column of a panel's best number; None without numbers."""
        found = _best(self.value[panel].ravel(), self.best)
        return None if found is None else divmod(found, self.value.shape[2])

    def best_column(self, panel: int, row: int) -> int | None:
        """Column of a row's best number; None without numbers."""
        return _best(self.value[panel, row], self.best)


def _best(values: Array, best: str) -> int | None:
    """The place of the lowest or highest finite number; None if neither is asked for, or there is none."""
    if not best:
        return None
    worst, pick = (np.inf, np.argmin) if best == "lowest" else (-np.inf, np.argmax)
    return int(pick(np.where(np.isfinite(values), values, worst))) if np.isfinite(values).any() else None
