"""Surfaces with a lookup in plain NumPy: the patch that a kernel fetches, and formulas of three arguments."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from errsurf.surfaces import Surface
from errsurf.surfaces.shared.record import Patch


def patch(record: Surface, tables: NDArray[np.float64], x: Any, y: Any, row: Any) -> Patch:
    """The patch of a row's table at x and y, numbers or arrays."""
    assert record.lookup is not None
    column, line = record.lookup.place(np.real(x), np.real(y), row)
    table = tables[int(row.example)].astype(np.real(x).dtype if np.ndim(x) else np.float64)
    k, j = np.asarray(column, int), np.asarray(line, int)
    sides = range(record.lookup.side)
    return Patch(column, line, tuple(tuple(table[j + b, k + a] for a in sides) for b in sides))


def of_three_arguments(record: Surface, settings: Any, count: int, draw: Any) -> Surface:
    """A record as it is or, with a lookup, with formulas that look their patch up themselves."""
    if record.lookup is None:
        return record
    tables = record.lookup.coefficients(settings, count, draw)

    def looked_up(formula: Any) -> Any:
        return lambda x, y, row: formula(x, y, row, patch(record, tables, x, y, row))

    formulas = {name: looked_up(getattr(record, name)) for name in ("loss", "gradient", "hessian")}
    return replace(record, **formulas)
