"""Numbers over the seeds of a sweep: one row for each combination of settings and group."""

from collections.abc import Iterator, Sequence
from math import isfinite

import numpy as np

from errsurf.measures.intervals import Array, Estimate, student
from errsurf.measures.rows import Cell
from errsurf.sweeps.axes import SEED
from errsurf.sweeps.table import Row, Rows


def over_seeds(rows: Rows) -> Iterator[Row]:
    """For each combination and group the means over its finished seeds.

    A number ``x`` is the mean of the seeds' numbers.  ``x_seeds_low`` and ``x_seeds_high`` are its 95% interval by
    Student's t over the seeds (Student 1908, Biometrika 6, 1-25), None for a single one: it tells of other seeds.
    ``x_low`` and ``x_high`` are what follows from the seeds' own intervals, added in squares: it tells of other
    particles with these seeds.  ``x_n`` counts the particles of all of them, and ``seeds`` the seeds.
    """
    for cells in _combinations(rows):
        found = [rows.of_cell(k) for k in cells]
        for each in zip(*found, strict=False):
            yield averaged(each)


def _combinations(rows: Rows) -> list[list[int]]:
    """The finished cells that differ in their seed alone."""
    found: dict[str, list[int]] = {}
    seen: set[str] = set()
    for k, name in enumerate(rows.names):
        if name in rows.journal and name not in seen:
            seen.add(name)
            values = rows.cells.values(k)
            found.setdefault(repr([value for key, value in values.items() if key != SEED]), []).append(k)
    return list(found.values())


def averaged(rows: Sequence[Row]) -> Row:
    """One row for those of several seeds; see ``over_seeds``."""
    first = rows[0]
    row: Row = {}
    for key, value in first.items():
        if key in ("cell", SEED):
            continue
        if f"{key}_n" in first:
            row |= _mean(key, rows)
        elif key not in row:
            row[key] = value if all(each.get(key) == value for each in rows) else _plain_mean(key, rows)
    names = list(row)
    place = names.index("group") if "group" in row else 0
    return {key: row[key] for key in names[:place]} | {"seeds": len(rows)} | {key: row[key] for key in names[place:]}


def _mean(key: str, rows: Sequence[Row]) -> Row:
    """A number's columns, from those of each seed."""
    value, low, high = (_numbers(f"{key}{end}", rows) for end in ("", "_low", "_high"))
    with np.errstate(invalid="ignore"):
        within = [float(np.sqrt(((value - bound) ** 2).sum())) / len(rows) for bound in (low, high)]
    mean, *across = mean_over_seeds(value)
    particles = sum(int(n) for row in rows if isinstance(n := row.get(f"{key}_n"), int))
    return {
        key: _cell(mean),
        f"{key}_low": _cell(mean - within[0]),
        f"{key}_high": _cell(mean + within[1]),
        f"{key}_seeds_low": _cell(across[0]),
        f"{key}_seeds_high": _cell(across[1]),
        f"{key}_n": particles,
    }


def mean_over_seeds(values: Array) -> Estimate:
    """The mean of numbers of independent seeds (n,), and Student's interval; NaN for one number and infinite ones."""
    with np.errstate(invalid="ignore"):
        mean = float(values.mean())
    half = _half_width(values)
    return Estimate(mean, mean - half, mean + half)


def _half_width(values: Array) -> float:
    """Half the interval of the mean of independent numbers; NaN for a single one."""
    if len(values) < 2 or not np.isfinite(values).all():
        return float("nan")
    return float(student(len(values)) * values.std(ddof=1) / np.sqrt(len(values)))


def _numbers(key: str, rows: Sequence[Row]) -> Array:
    """A column of numbers; NaN where there is none."""
    values = [row.get(key) for row in rows]
    return np.array([value if isinstance(value, int | float) else np.nan for value in values], np.float64)


def _plain_mean(key: str, rows: Sequence[Row]) -> Cell:
    """The mean of a column without intervals; nothing for texts."""
    with np.errstate(invalid="ignore"):
        return _cell(float(_numbers(key, rows).mean()))


def _cell(value: float) -> Cell:
    return value if isfinite(value) or value in (np.inf, -np.inf) else None
