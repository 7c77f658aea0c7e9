"""Losses measured elsewhere on a rectangular grid, one value an example and node, joined by bicubic splines.

Between the nodes the loss has continuous second derivatives; the ends are "not a knot", as in scipy.  Where a particle
leaves the grid, the gradient of the nearest point of the edge holds, and the loss goes straight on along it.
"""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np
from annotated_types import Ge
from numpy import floor, maximum, minimum, where

from errsurf.errors import DataFileError, SettingsError, SettingsFault
from errsurf.surfaces.shared.measured import Measured, measured, measured_axes, measured_shape
from errsurf.surfaces.shared.npz import Npz, npz_text
from errsurf.surfaces.shared.record import Array, Draw, Lookup, Patch, Surface
from errsurf.surfaces.shared.spline import spline_coefficients

REACH, NODES = 3.0, 25
SIXTH, TWO_THIRDS = 1 / 6, 2 / 3


class Settings(NamedTuple):
    """The file that holds the losses; without one, noisy losses are drawn around (x^2 + y^2) / 8 + cos(x) cos(y)."""

    data: Annotated[Npz | None, "file of `x` (W,), `y` (H,) and losses (examples, H, W), instead of drawn ones"] = None
    losses: Annotated[str, "name of the file's array of losses"] = "loss"
    noise: Annotated[float, Ge(0), "standard deviation of drawn losses, at each node"] = 0.2


class Example(NamedTuple):
    """One example: the number of its table, and what all share: first node, cells in a unit of length, last cell."""

    example: float
    left: float
    low: float
    rate_x: float
    rate_y: float
    last_x: float
    last_y: float


def place(x: Any, y: Any, e: Example) -> tuple[Any, Any]:
    """Column and row of the cell around theta, or of the nearest; its coefficients begin there in the table."""
    column, row = floor((x - e.left) * e.rate_x), floor((y - e.low) * e.rate_y)
    return within(column, e.last_x), within(row, e.last_y)


def loss(x: Any, y: Any, e: Example, p: Patch) -> Any:
    """The tensor product of cubic B-splines along x and y; beyond the grid, straight on along the edge's gradient."""
    u, v = (x - e.left) * e.rate_x - p.column, (y - e.low) * e.rate_y - p.row
    s, t = inside(u), inside(v)
    beyond = (u - s) * total(p, slopes(s), weights(t)) + (v - t) * total(p, weights(s), slopes(t))
    return total(p, weights(s), weights(t)) + beyond


def gradient(x: Any, y: Any, e: Example, p: Patch) -> tuple[Any, Any]:
    """First derivatives along x and y; beyond the grid, those of the nearest point of its edge."""
    s, t = inside((x - e.left) * e.rate_x - p.column), inside((y - e.low) * e.rate_y - p.row)
    return total(p, slopes(s), weights(t)) * e.rate_x, total(p, weights(s), slopes(t)) * e.rate_y


def hessian(x: Any, y: Any, e: Example, p: Patch) -> tuple[Any, Any, Any]:
    """Second derivatives xx, xy, yy; beyond the grid 0, but for the one along the edge."""
    u, v = (x - e.left) * e.rate_x, (y - e.low) * e.rate_y
    s, t = inside(u - p.column), inside(v - p.row)
    on_x, on_y = u == within(u, e.last_x + 1.0), v == within(v, e.last_y + 1.0)
    xx = where(on_x, total(p, bends(s), weights(t)), 0.0)
    xy = where(on_x, where(on_y, total(p, slopes(s), slopes(t)), 0.0), 0.0)
    yy = where(on_y, total(p, weights(s), bends(t)), 0.0)
    return xx * e.rate_x**2, xy * (e.rate_x * e.rate_y), yy * e.rate_y**2


def inside(u: Any) -> Any:
    """The nearest place in a cell, from 0 to 1."""
    return within(u, 1.0)


def within(u: Any, last: Any) -> Any:
    """The nearest number from 0 to the last."""
    return minimum(maximum(u, 0.0), last)


def weights(t: Any) -> tuple[Any, Any, Any, Any]:
    """The four B-splines that reach into a cell."""
    s = 1.0 - t
    inner, outer = t**2 * (0.5 * t - 1.0) + TWO_THIRDS, s**2 * (0.5 * s - 1.0) + TWO_THIRDS
    return SIXTH * s**3, inner, outer, SIXTH * t**3


def slopes(t: Any) -> tuple[Any, Any, Any, Any]:
    """Their first derivatives."""
    s = 1.0 - t
    return -0.5 * s**2, (1.5 * t - 2.0) * t, (2.0 - 1.5 * s) * s, 0.5 * t**2


def bends(t: Any) -> tuple[Any, Any, Any, Any]:
    """Their second derivatives."""
    s = 1.0 - t
    return s, 3.0 * t - 2.0, 3.0 * s - 2.0, t


def total(p: Patch, across: Any, up: Any) -> Any:
    """The sum of a patch's coefficients times the weights along x and y."""
    c = p.rows
    low = row(c[0], across) * up[0] + row(c[1], across) * up[1]
    return low + row(c[2], across) * up[2] + row(c[3], across) * up[3]


def row(c: Any, across: Any) -> Any:
    """The sum of a row's coefficients times the weights along x."""
    return c[0] * across[0] + c[1] * across[1] + c[2] * across[2] + c[3] * across[3]


def examples(s: Settings, count: int, draw: Draw) -> Array:
    """Rows of all of the file's examples, or of so many drawn ones, shape (examples, 7); only their numbers differ."""
    x = y = np.linspace(-REACH, REACH, NODES)
    if s.data is not None:
        x, y, loss = measured(s.data, s.losses)
        count = len(loss)
    rates = [(len(axis) - 1) / (axis[-1] - axis[0]) for axis in (x, y)]
    rows = np.tile([0.0, x[0], y[0], *rates, len(x) - 2, len(y) - 2], (count, 1))
    rows[:, 0] = np.arange(count)
    return rows


def coefficients(s: Settings, count: int, draw: Draw) -> Array:
    """The splines' coefficients, shape (examples, H + 2, W + 2)."""
    return spline_coefficients(node_losses(s, count, draw).loss)


def size(s: Settings, count: int) -> tuple[int, int, int]:
    """Shape of the coefficients, from the first bytes of the file."""
    examples, rows, columns = (count, NODES, NODES) if s.data is None else measured_shape(s.data, s.losses)
    return examples, rows + 2, columns + 2


def made(s: Settings) -> Surface:
    """The record with the file's grid as its window, and the names `x_label` and `y_label` that the file may hold."""
    if s.data is None:
        return RECORD
    try:
        measured_shape(s.data, s.losses)
        x, y = measured_axes(s.data)
        names = npz_text(s.data, "x_label") or "x", npz_text(s.data, "y_label") or "y"
    except DataFileError as error:
        fault = SettingsFault("data", str(error).replace(s.data, Path(s.data).name))
        raise SettingsError([fault]) from None
    window = (float(x[0]), float(x[-1])), (float(y[0]), float(y[-1]))
    return replace(RECORD, window=window, axes=names)


def node_losses(s: Settings, count: int, draw: Draw) -> Measured:
    """The file's losses, or drawn ones."""
    if s.data is not None:
        return measured(s.data, s.losses)
    at = np.linspace(-REACH, REACH, NODES)
    x, y = at, at[:, None]
    mean = (x**2 + y**2) / 8 + np.cos(x) * np.cos(y)
    return Measured(at, at, np.array([mean + s.noise * draw.normal(NODES, NODES) for _ in range(count)]))


RECORD = Surface(
    formula="sum over j, k of c_jk B_j(x) B_k(y), the bicubic spline through the measured losses",
    reference="de Boor 1978, A practical guide to splines, chapter XVII (tensor products)",
    settings=Settings,
    row=Example,
    examples=examples,
    made=made,
    lookup=Lookup(coefficients, place, size),
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-REACH, REACH), (-REACH, REACH)),
)
