"""Which numbers of a sweep a picture shows, and along which settings."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import product
from math import inf, nan
from typing import NamedTuple

import numpy as np

from errsurf.drawing.history.frames import Array
from errsurf.drawing.sweep_figures import LINEAR, LOG, Axis, SweepPlot, kind_words
from errsurf.errors import UserError
from errsurf.measures.rows import Cell
from errsurf.optimizers import optimizer
from errsurf.records.names import listed, nearest
from errsurf.run_analysis.terrain import terrain_of
from errsurf.scenario import OptimizerGroup
from errsurf.settings.value_lists import value_word
from errsurf.sweeps.captions import column_words, note
from errsurf.sweeps.cells import GROUP
from errsurf.sweeps.drawn import Drawn
from errsurf.sweeps.table import Row
from errsurf.system.text import printable

NAMED = (GROUP, "kind")
"""Settings whose values say what they are of."""
DIGITS = 3
"""As many digits of a number, or more, are compared with one that is asked for."""
MOST_PANELS = 24
HIGHEST = ("share_", "at_", "flow_to_")
"""How columns begin whose highest number is the best."""
LOWEST = ("share_diverged",)
NO_MARK = "none"
SCALES = (LOG, LINEAR)
BEST = ("lowest", "highest", NO_MARK)


class Plan(NamedTuple):
    """Which setting each direction of a picture has; ``y`` is None where the groups are its lines."""

    x: Axis
    y: Axis
    panels: tuple[Axis, ...]
    lines: bool


def sweep_plot(
    sweep: Drawn,
    statistic: str | None = None,
    *,
    x: str | None = None,
    y: str | None = None,
    where: Mapping[str, object] | None = None,
    best: str | None = None,
    lines: bool | None = None,
    scale: str | None = None,
    x_scale: str | None = None,
) -> SweepPlot:
    """A column of a sweep over its settings: lines over one, a map over two, a panel for each value of others.

    ``statistic`` is a column, by default that of the first measure or claim, else the test loss.  ``x`` and ``y`` are
    varied keys or "group", by default the lr and the next longest; ``where`` keeps the rows with these values.
    With several seeds numbers are means over them, of times medians, and intervals tell of other seeds.  ``best`` is
    "lowest", "highest" or, for no mark, "none"; ``lines`` draws lines where a map would be.  ``scale`` of the numbers
    and ``x_scale`` are "log" or "linear", by default as the values are.  Raises UserError.
    """
    every = _rows(sweep)
    where = {key: _meant(value, [row.get(key) for row in every]) for key, value in (where or {}).items()}
    rows = _kept(every, where)
    _check_where(sweep, where, rows, every)
    column = _column(sweep, statistic)
    axes = _axes(sweep, rows)
    plan = _plan(axes, x, y, lines)
    value, low, high, came, seeds = _arrays(plan, rows, column, over_seeds=len(sweep.seeds) > 1)
    _check_scale("scale", scale, value.ravel().tolist())
    _check_scale("x_scale", x_scale, plan.x.values)
    if best not in (None, *BEST):
        raise UserError(f"best: {printable(str(best), 40)}; allowed: {listed(BEST)}")
    return SweepPlot(
        sweep.scenario,
        sweep.scenario.title,
        column_words(sweep.known, column),
        plan.x._replace(name=_short(plan.x.name, axes), wanted=x_scale or ""),
        plan.y._replace(name=_short(plan.y.name, axes)),
        tuple(", ".join(map(_told, plan.panels, values)) for values in _panels(plan)),
        value,
        low,
        high,
        _limits(sweep, plan, where),
        plan.lines,
        usual_best(column) if best is None else best.replace(NO_MARK, ""),
        note(sweep, rows, where, column, value, came, lines=plan.lines),
        came=np.stack([came, seeds]),
        scale=scale or "",
    )


def _check_scale(name: str, given: str | None, values: Sequence[float | str]) -> None:
    """Raise UserError for a scale that there is not, or a logarithmic one of what is not positive."""
    if given not in (None, *SCALES):
        raise UserError(f"{name}: {printable(str(given), 40)}; allowed: {listed(SCALES)}")
    if (
        given == LOG
        and (wrong := next((value for value in values if isinstance(value, str) or value <= 0), None)) is not None
    ):
        raise UserError(f"{name}: log needs positive numbers, and {value_word(wrong)} is none; allowed: {LINEAR}")


def usual_best(column: str) -> str:
    """Which number of a column is marked as the best: the highest of shares, the lowest of all else."""
    return "highest" if column.startswith(HIGHEST) and not column.startswith(LOWEST) else "lowest"


def _rows(sweep: Drawn) -> Sequence[Row]:
    return list(sweep.over_seeds()) if len(sweep.seeds) > 1 else sweep.rows


def _kept(rows: Sequence[Row], where: Mapping[str, object]) -> list[Row]:
    return [row for row in rows if all(_is(row.get(key), value) for key, value in where.items())]


def _is(cell: Cell, value: object) -> bool:
    return cell == value or str(cell) == str(value)


def _meant(value: object, cells: Sequence[Cell]) -> object:
    """The only one of these numbers that a rounded value stands for; the value itself if a cell has it."""
    try:
        asked = Decimal(str(value))
    except InvalidOperation:
        return value
    if any(_is(cell, value) for cell in cells):
        return value
    digits = max(DIGITS, len(asked.normalize().as_tuple().digits))
    near = {cell for cell in cells if isinstance(cell, int | float) and float(f"{cell:.{digits}g}") == float(asked)}
    return near.pop() if len(near) == 1 else value


def _check_where(sweep: Drawn, where: Mapping[str, object], rows: Sequence[Row], every: Sequence[Row]) -> None:
    keys = [*(axis.key for axis in sweep.axes), GROUP]
    for key in where:
        if key not in keys:
            raise UserError(_unknown(key, "varied key", keys))
    if not rows:
        chosen = ", ".join(f"{key}={value_word(value)}" for key, value in where.items())
        if not where or not every:
            raise UserError("no cell is finished yet")
        there = (f"{key}: {listed(list(dict.fromkeys(value_word(row.get(key)) for row in every)))}" for key in where)
        raise UserError(f"no finished cell has {printable(chosen, 200)}; values of {printable('; '.join(there), 400)}")


def _column(sweep: Drawn, wanted: str | None) -> str:
    """The column that is drawn."""
    columns = [name for name in sweep.columns if f"{name}_n" in sweep.columns]
    if wanted is None:
        usual = [*sweep.measures, "test_loss"]
        return next(name for name in (*usual, *columns) if name in columns)
    if wanted not in columns:
        raise UserError(_unknown(wanted, "column with a number", columns))
    return wanted


def _unknown(given: str, what: str, known: Sequence[str]) -> str:
    near = nearest(given, known)
    return f"{printable(given, 80)}: no {what}; " + (f"closest: {near}" if near else f"allowed: {listed(known)}")


def _axes(sweep: Drawn, rows: Sequence[Row]) -> dict[str, Axis]:
    """The settings that still have several values, and the groups if there are several; at least one of them."""
    found: dict[str, Axis] = {}
    for axis in sweep.axes:
        present = [row.get(axis.key) for row in rows]
        values = [value for value in dict.fromkeys(map(_cell, axis.values)) if value in present]
        if len(values) > 1 and not any(_together(other, axis.key, rows) for other in found):
            found[axis.key] = Axis(axis.key, tuple(values))
    groups = tuple(dict.fromkeys(str(row[GROUP]) for row in rows))
    if len(groups) > 1 or not found:
        found[GROUP] = Axis(GROUP, groups)
    return found


def _together(one: str, other: str, rows: Sequence[Row]) -> bool:
    """Whether two keys take their values together, so that the first stands for both."""
    pairs = {(_cell(row[one]), _cell(row[other])) for row in rows}
    return len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})


def _cell(value: object) -> float | str:
    """A value of a setting as it stands in a table."""
    return value if isinstance(value, int | float | str) and not isinstance(value, bool) else value_word(value)


def _plan(axes: Mapping[str, Axis], x: str | None, y: str | None, lines: bool | None) -> Plan:
    """Which setting is where: the lr along x, then the axis with the most values; groups come last."""
    for key in (x, y):
        if key is not None and key not in axes:
            raise UserError(_unknown(key, "key with several values", list(axes)))
    if x is not None and x == y:
        raise UserError(f"{x}: given for x and for y")
    first = x or max((key for key in axes if key != y), key=lambda key: _rank(axes[key]))
    rest = [key for key in axes if key != first]
    second = y or max(rest, key=lambda key: _rank(axes[key]), default=None)
    if second is None:
        return Plan(axes[first], Axis("", ("",)), (), True)
    panels = tuple(axes[key] for key in rest if key != second)
    found = Plan(axes[first], axes[second], panels, second == GROUP if lines is None else lines)
    if (count := len(_panels(found))) > MOST_PANELS:
        keys = ", ".join(axis.name for axis in panels)
        raise UserError(f"{count:,} panels; allowed: {MOST_PANELS}; keep one value of {keys} with where")
    return found


def _rank(axis: Axis) -> tuple[bool, bool, bool, int]:
    """The higher, the rather along x or y."""
    last = axis.name.rpartition(".")[2]
    return last == "lr", last not in NAMED, axis.numbers is not None, len(axis.values)


def _panels(plan: Plan) -> list[tuple[float | str, ...]]:
    return list(product(*(axis.values for axis in plan.panels)))


def _arrays(plan: Plan, rows: Sequence[Row], column: str, *, over_seeds: bool) -> Iterator[Array]:
    """The number, the ends of its interval, in how many seeds it came and of how many, each (panels, rows, columns).

    NaN where there is none.
    """
    ends = ("_seeds_low", "_seeds_high", "_seeds_n") if over_seeds else ("_low", "_high")
    keys, places = [column, *(f"{column}{end}" for end in ends), "seeds" if over_seeds else ""], _places(plan)
    found = np.full((5, len(_panels(plan)), len(plan.y.values), len(plan.x.values)), nan)
    for row in rows:
        at = (*places[_line(plan, row)], plan.x.values.index(_value(plan.x, row)))
        found[: len(keys), *at] = [_number(row.get(key)) for key in keys]
    return iter(found)


def _places(plan: Plan) -> dict[tuple[float | str, ...], tuple[int, int]]:
    """Panel and row of each combination of the settings of panels and of y."""
    lines = enumerate(_panels(plan))
    return {(*values, value): (panel, k) for panel, values in lines for k, value in enumerate(plan.y.values)}


def _line(plan: Plan, row: Row) -> tuple[float | str, ...]:
    """The settings of panels and of y that a row has."""
    return tuple(_value(axis, row) for axis in (*plan.panels, plan.y))


def _value(axis: Axis, row: Row) -> float | str:
    return _cell(row[axis.name]) if axis.name else ""


def _number(cell: Cell) -> float:
    if isinstance(cell, str):
        return {"inf": inf, "-inf": -inf}.get(cell, nan)
    return nan if cell is None else float(cell)


def _limits(sweep: Drawn, plan: Plan, where: Mapping[str, object]) -> Array:
    """The largest stable lr of full batch at the lowest minimum, (panels, rows), where the optimizer has one.

    NaN where x is not the lr of these rows, or the surface varies.
    """
    found = np.full((len(_panels(plan)), len(plan.y.values)), nan)
    if sweep.lacking or not plan.x.name.endswith(".lr") or any(axis.key.startswith("surface.") for axis in sweep.axes):
        return found
    lowest = min(terrain_of(sweep.scenario).minima, key=lambda point: point.loss, default=None)
    if lowest is None:
        return found
    ends: dict[tuple[float | str, ...], list[Row]] = {}
    for row in _kept(sweep.rows, where):
        ends.setdefault(_line(plan, row), [row, row])[1] = row
    for line, at in _places(plan).items():
        limits = [_limit(sweep.group_of(row), row.get(plan.x.name), lowest.sharpness) for row in ends.get(line, ())]
        if limits and np.isclose(limits[0], limits[-1]):
            found[at] = limits[0]
    return found


def _limit(group: OptimizerGroup, x: Cell, sharpness: float) -> float:
    """The largest stable lr as x counts it, of which the group's own lr is a multiple (``lr_scaling``)."""
    known, lr = optimizer(group.kind).stability(group.settings), group.settings.lr
    if known is None or not isinstance(x, int | float) or isinstance(lr, tuple) or not lr > 0:
        return nan
    most, decay = known
    return most / (sharpness + decay) * x / lr if sharpness + decay > 0 else nan


def _told(axis: Axis, value: float | str) -> str:
    """One value of a setting as the name of a panel."""
    last, text = axis.name.rpartition(".")[2], value_word(value)
    told = kind_words(text)
    return told if last in NAMED or told != text else f"{last} {told}"


def _short(name: str, axes: Mapping[str, Axis]) -> str:
    """The last part of a key where that is clear."""
    last = name.rpartition(".")[2]
    return last if sum(key.rpartition(".")[2] == last for key in axes) < 2 else name
