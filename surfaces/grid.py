"""Losses measured elsewhere on a rectangular grid, one value an example and node, joined by bicubic polynomials.

By default these are splines: their second derivatives are continuous, and the ends are "not a knot", as in scipy.
Between nodes a spline may go below all that was measured, as it does beside kinks; with `interpolation = "bounded"` the
mean loss stays between the lowest and the highest of the four nodes around, and second derivatives jump at nodes.
Beyond the edge of the grid the loss goes on with its slope there, which falls to a quarter over four cells.
"""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from annotated_types import Ge
from numpy import floor, maximum, minimum, where

from errsurf.errors import DataFileError, SettingsError, SettingsFault
from errsurf.surfaces.shared.hermite import bounded_table, spline_tables
from errsurf.surfaces.shared.measured import Ends, measured, measured_axes, measured_names, measured_shape
from errsurf.surfaces.shared.planes import LossFile
from errsurf.surfaces.shared.record import Array, Draw, Lookup, Measured, Patch, Surface

REACH, NODES = 3.0, 25
FAR = 4.0
"""Cells beyond the edge of the grid over which its slope falls to a quarter."""


class Settings(NamedTuple):
    """The file that holds the losses; without one, noisy losses are drawn around (x^2 + y^2) / 8 + cos(x) cos(y)."""

    data: Annotated[LossFile | None, "file of losses, with `x` and `y` of the nodes, instead of drawn ones"] = None
    losses: Annotated[str, "name of the file's array of losses"] = "loss"
    noise: Annotated[float, Ge(0), "standard deviation of drawn losses, at each node"] = 0.2
    interpolation: Annotated[
        Literal["spline", "bounded"], "between the nodes: smooth, or the mean loss within those of the four around"
    ] = "spline"
    x: Annotated[tuple[float, float] | None, "first and last x of the nodes, of a file without them"] = None
    y: Annotated[tuple[float, float] | None, "first and last y of the nodes, of a file without them"] = None


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
    """Column and row of the table of the cell around theta, or of the nearest one; each node has two of both."""
    column, row = floor((x - e.left) * e.rate_x), floor((y - e.low) * e.rate_y)
    return 2.0 * within(column, e.last_x), 2.0 * within(row, e.last_y)


def loss(x: Any, y: Any, e: Example, p: Patch) -> Any:
    """The tensor product of cubic Hermite polynomials along x and y."""
    u, v = cell(x, y, e, p)
    return total(p, weights(u), weights(v))


def gradient(x: Any, y: Any, e: Example, p: Patch) -> tuple[Any, Any]:
    """First derivatives along x and y."""
    u, v = cell(x, y, e, p)
    return total(p, slopes(u), weights(v)) * e.rate_x, total(p, weights(u), slopes(v)) * e.rate_y


def hessian(x: Any, y: Any, e: Example, p: Patch) -> tuple[Any, Any, Any]:
    """Second derivatives xx, xy, yy."""
    u, v = cell(x, y, e, p)
    xx, xy, yy = total(p, bends(u), weights(v)), total(p, slopes(u), slopes(v)), total(p, weights(u), bends(v))
    return xx * e.rate_x**2, xy * (e.rate_x * e.rate_y), yy * e.rate_y**2


def cell(x: Any, y: Any, e: Example, p: Patch) -> tuple[Any, Any]:
    """The place in the patch's cell, from 0 to 1 unless it is beyond the edge of the grid."""
    return (x - e.left) * e.rate_x - 0.5 * p.column, (y - e.low) * e.rate_y - 0.5 * p.row


def within(u: Any, last: Any) -> Any:
    """The nearest number from 0 to the last."""
    return minimum(maximum(u, 0.0), last)


def weights(u: Any) -> tuple[Any, Any, Any, Any]:
    """The four polynomials of a cell: of the value and the slope at its one end and at the other.

    Beyond the cell they go on with its slope, which falls with the distance.
    """
    t, slope = within(u, 1.0), slopes_in(u)
    s, on = 1.0 - t, (u - t) * pull(u - t)
    one, other = s**2 * (1.0 + 2.0 * t), t**2 * (1.0 + 2.0 * s)
    return one + on * slope[0], t * s**2 + on * slope[1], other + on * slope[2], on * slope[3] - s * t**2


def slopes(u: Any) -> tuple[Any, Any, Any, Any]:
    """Their first derivatives."""
    a, b, c, d = slopes_in(u)
    less = pull(u - within(u, 1.0)) ** 2
    return less * a, less * b, less * c, less * d


def slopes_in(u: Any) -> tuple[Any, Any, Any, Any]:
    """The first derivatives at the nearest place in the cell."""
    t = within(u, 1.0)
    s = 1.0 - t
    return -6.0 * t * s, s * (s - 2.0 * t), 6.0 * t * s, t * (t - 2.0 * s)


def bends(u: Any) -> tuple[Any, Any, Any, Any]:
    """Their second derivatives."""
    t = within(u, 1.0)
    away, bend, (a, b, c, d) = u - t, 12.0 * t - 6.0, slopes_in(u)
    rise = 2.0 * pull(away) ** 3 / FAR
    fall, here = where(away > 0.0, -rise, rise), away == 0.0
    return (
        where(here, bend, fall * a),
        where(here, 6.0 * t - 4.0, fall * b),
        where(here, -bend, fall * c),
        where(here, 6.0 * t - 2.0, fall * d),
    )


def pull(away: Any) -> Any:
    """The root of the share of the edge's slope that is left so many cells beyond it; 1 within the grid."""
    return FAR / (FAR + maximum(away, -away))


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
        x, y, loss = measured(s.data, s.losses, Ends(s.x, s.y))
        count = len(loss)
    rates = [(len(axis) - 1) / (axis[-1] - axis[0]) for axis in (x, y)]
    rows = np.tile([0.0, x[0], y[0], *rates, len(x) - 2, len(y) - 2], (count, 1))
    rows[:, 0] = np.arange(count)
    return rows


def coefficients(s: Settings, count: int, draw: Draw) -> Array:
    """Values and slopes at the nodes, shape (examples, 2 H, 2 W); see ``errsurf.surfaces.shared.hermite``.

    What bounds the mean is the same for all examples, so that these differ from each other as their splines do.
    """
    tables = spline_tables(node_losses(s, count, draw).loss)
    if s.interpolation == "bounded":
        mean = tables.mean(axis=0)
        tables += bounded_table(mean[::2, ::2]) - mean
    return tables


def size(s: Settings, count: int) -> tuple[int, int, int]:
    """Shape of the coefficients, from the first bytes of the file."""
    examples, rows, columns = (
        (count, NODES, NODES) if s.data is None else measured_shape(s.data, s.losses, Ends(s.x, s.y))
    )
    return examples, 2 * rows, 2 * columns


def nodes(e: Example, table: Array) -> Measured:
    """The nodes and the losses there, of a row and its table."""
    h, w = int(e.last_y) + 2, int(e.last_x) + 2
    return Measured(e.left + np.arange(w) / e.rate_x, e.low + np.arange(h) / e.rate_y, table[: 2 * h : 2, : 2 * w : 2])


def made(s: Settings) -> Surface:
    """The record with the file's grid as its window, and the names `x_label` and `y_label` that the file may hold."""
    if s.data is None:
        return RECORD
    try:
        measured_shape(s.data, s.losses, Ends(s.x, s.y))
        x, y = measured_axes(s.data, s.losses, Ends(s.x, s.y))
        names = measured_names(s.data)
    except DataFileError as error:
        fault = SettingsFault("data", str(error).replace(s.data, Path(s.data).name))
        raise SettingsError([fault]) from None
    window = (float(x[0]), float(x[-1])), (float(y[0]), float(y[-1]))
    return replace(RECORD, window=window, axes=names)


def node_losses(s: Settings, count: int, draw: Draw) -> Measured:
    """The file's losses, or drawn ones."""
    if s.data is not None:
        return measured(s.data, s.losses, Ends(s.x, s.y))
    at = np.linspace(-REACH, REACH, NODES)
    x, y = at, at[:, None]
    mean = (x**2 + y**2) / 8 + np.cos(x) * np.cos(y)
    return Measured(at, at, np.array([mean + s.noise * draw.normal(NODES, NODES) for _ in range(count)]))


RECORD = Surface(
    formula="sum over j, k of c_jk H_j(x) H_k(y), in each cell the bicubic polynomial through the measured losses",
    reference="de Boor 1978, A practical guide to splines, chapters IV and XVII (tensor products)",
    settings=Settings,
    row=Example,
    examples=examples,
    made=made,
    lookup=Lookup(coefficients, place, size, nodes),
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-REACH, REACH), (-REACH, REACH)),
)
