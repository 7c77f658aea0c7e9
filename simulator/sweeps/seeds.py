"""Numbers over the seeds of a sweep: one row for each combination of settings and group."""

from collections.abc import Iterator, Mapping, Sequence
from math import exp, isfinite, log, sqrt

import numpy as np

from errsurf.measures.intervals import FEWEST, Array, Estimate, exactly, median_interval, student
from errsurf.measures.measuring import NUMBER, SHARE, SIGNED, TIME
from errsurf.measures.rows import Cell
from errsurf.sweeps.axes import SEED
from errsurf.sweeps.columns import Column, column_of
from errsurf.sweeps.table import Row, Rows

HIGHEST = 700.0
"""Logarithms of larger numbers are cut: their exponentials overflow."""


def over_seeds(rows: Rows) -> Iterator[Row]:
    """For each combination and group the numbers over its finished seeds.

    A number ``x`` is the mean of the seeds' numbers, of times their median.  ``x_seeds_low`` and ``x_seeds_high`` are
    its 95% interval over the seeds, as ``estimate_over_seeds`` makes it, None for a single one: it tells of other
    seeds.  ``x_low`` and ``x_high`` are what follows from the seeds' own intervals, added in squares, of times their
    medians: it tells of other particles with these seeds.  ``x_n`` counts the particles of all of them, ``seeds`` the
    seeds, and ``x_seeds_n`` those in which a time is finite.
    """
    for cells in _combinations(rows):
        found = [rows.of_cell(k) for k in cells]
        for each in zip(*found, strict=False):
            yield averaged(each, rows.known)


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


def averaged(rows: Sequence[Row], known: Mapping[str, Column]) -> Row:
    """One row for those of several seeds; see ``over_seeds``.  ``known`` says what the numbers of columns are."""
    first = rows[0]
    row: Row = {}
    for key, value in first.items():
        if key in ("cell", SEED):
            continue
        if f"{key}_n" in first:
            row |= _together(key, rows, column_of(known, key).kind)
        elif key not in row:
            row[key] = value if all(each.get(key) == value for each in rows) else _plain_mean(key, rows)
    names = list(row)
    place = names.index("group") if "group" in row else 0
    return {key: row[key] for key in names[:place]} | {"seeds": len(rows)} | {key: row[key] for key in names[place:]}


def _together(key: str, rows: Sequence[Row], kind: str) -> Row:
    """A number's columns, from those of each seed."""
    value, *ends = (_numbers(f"{key}{end}", rows) for end in ("", "_low", "_high"))
    number, *across = estimate_over_seeds(value, kind)
    with np.errstate(invalid="ignore"):
        if kind == TIME:
            within = [float(np.median(end)) for end in ends]
        else:
            low, high = (sqrt(((value - end) ** 2).sum()) / len(rows) for end in ends)
            within = [number - low, number + high]
    particles = sum(int(n) for row in rows if isinstance(n := row.get(f"{key}_n"), int))
    return {
        key: _cell(number),
        f"{key}_low": _cell(within[0]),
        f"{key}_high": _cell(within[1]),
        f"{key}_seeds_low": _cell(across[0]),
        f"{key}_seeds_high": _cell(across[1]),
        **({f"{key}_seeds_n": int(np.isfinite(value).sum())} if kind == TIME else {}),
        f"{key}_n": particles,
    }


def estimate_over_seeds(values: Array, kind: str) -> Estimate:
    """The number of independent seeds together, from theirs (n,), and its 95% interval; NaN where there is none.

    The mean with Student's interval (Student 1908, Biometrika 6, 1-25) on a scale that has no impossible numbers: that
    of logits for shares, of logarithms where no number is negative unless they are signed, else the plain one.  Its
    half width there is that of the mean, times the slope of the scale (the delta method).  Of times it is the median,
    to which those that never came are larger than all: its interval is between ranks, or of fewer than six times
    Student's of logarithms.
    """
    if np.isnan(values).any() or not len(values):
        return exactly(np.nan)
    if kind == TIME:
        return _median_time(values)
    found = student_interval(values)
    mean, half = found.value, found.high - found.value
    if not half > 0:
        return found
    if kind == SHARE and (values >= 0).all() and (values <= 1).all():
        centre, away = log(mean / (1 - mean)), half / (mean * (1 - mean))
        return Estimate(mean, *(1 / (1 + exp(-(centre + sign * away))) for sign in (-1, 1)))
    if kind == NUMBER and (values >= 0).all():
        return Estimate(mean, mean * exp(-half / mean), mean * exp(half / mean))
    return found


def difference_over_seeds(values: Array, kind: str) -> Estimate:
    """As ``estimate_over_seeds``, of differences of two numbers of this kind: the mean; those of shares end at 1."""
    if kind != SHARE:
        return estimate_over_seeds(values, SIGNED)
    return Estimate(*(2 * part - 1 for part in estimate_over_seeds((values + 1) / 2, SHARE)))


def student_interval(values: Array) -> Estimate:
    """The mean of independent numbers (n,), and Student's interval; NaN for one number and infinite ones."""
    with np.errstate(invalid="ignore"):
        mean = float(values.mean())
    if len(values) < 2 or not np.isfinite(values).all():
        return Estimate(mean, np.nan, np.nan)
    half = float(student(len(values)) * values.std(ddof=1) / np.sqrt(len(values)))
    return Estimate(mean, mean - half, mean + half)


def _median_time(values: Array) -> Estimate:
    """The median of times (n,), which may be infinite, and its interval."""
    if len(values) >= FEWEST and np.isfinite(values).any():
        return median_interval(values)
    with np.errstate(invalid="ignore"):
        median = float(np.median(values))
    if len(values) < 2 or not np.isfinite(values).all() or not (values > 0).all():
        return Estimate(median, np.nan, np.nan)
    _, low, high = student_interval(np.log(values))
    return Estimate(median, *(median if low == high else exp(min(end, HIGHEST)) for end in (low, high)))


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
