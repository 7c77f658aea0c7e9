"""Losses that were measured on a rectangular grid, from a file, with every fault of the file said in words."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from errsurf.errors import DataFileError
from errsurf.settings.bounds import LARGEST, NARROWEST, wide_enough
from errsurf.surfaces.shared.npz import npz_numbers, npz_shapes, npz_text
from errsurf.surfaces.shared.planes import is_npz, plane
from errsurf.surfaces.shared.record import Array, Measured

FEWEST_NODES = 4
UNEVEN = 1e-3


class Ends(NamedTuple):
    """First and last x and y of the nodes, for a file that has none."""

    x: tuple[float, float] | None = None
    y: tuple[float, float] | None = None


NO_ENDS = Ends()


def measured_shape(path: str | Path, name: str, ends: Ends = NO_ENDS) -> tuple[int, int, int]:
    """Examples, H and W that a file holds; of an .npz nothing is read.  Raises DataFileError if arrays do not fit."""
    if is_npz(path):
        x, y, loss = npz_shapes(path, ("x", "y", name))
    else:
        loss = plane(path, name).loss.shape
        x, y = (axis.shape for axis in measured_axes(path, name, ends))
    faults = list(_shape_faults(x, y, name, loss))
    if faults:
        raise DataFileError(f"{path}: {'; '.join(faults)}")
    examples, rows, columns = loss
    return examples, rows, columns


def _shape_faults(x: tuple[int, ...], y: tuple[int, ...], name: str, loss: tuple[int, ...]) -> Iterator[str]:
    for axis, shape in (("x", x), ("y", y)):
        if len(shape) != 1:
            yield f"`{axis}` has shape {shape}; the values along one axis are needed, (n,)"
        elif shape[0] < FEWEST_NODES:
            values = "1 value" if shape[0] == 1 else f"{shape[0]} values"
            yield f"`{axis}` has {values}; a cubic spline needs at least {FEWEST_NODES}"
    if len(x) == len(y) == 1 and (len(loss) != 3 or loss[1:] != y + x):
        more = "; x and y are exchanged" if len(loss) == 3 and loss[1:] == x + y else ""
        more = f"; one example without noise is {name}[None]" if loss == y + x else more
        yield f"`{name}` has shape {loss}; (examples, {y[0]}, {x[0]}) is needed, from `y` and `x`{more}"
    elif len(loss) == 3 and loss[0] == 0:
        yield f"`{name}` has no examples"


def measured(path: str | Path, name: str, ends: Ends = NO_ENDS) -> Measured:
    """The losses of this name and their axes.

    Raises DataFileError for what ``measured_shape`` refuses, numbers that are not finite or too large, and axes that do
    not rise in even steps.
    """
    measured_shape(path, name, ends)
    x, y = measured_axes(path, name, ends)
    loss = npz_numbers(path, name) if is_npz(path) else plane(path, name).loss
    bad = np.argwhere(~((loss >= -LARGEST) & (loss <= LARGEST)))
    if len(bad):
        more = f", and {len(bad) - 1:,} more" if len(bad) > 1 else ""
        value = loss[tuple(bad[0])]
        problem = f"of a size above {LARGEST:g}" if np.isfinite(value) else "not a finite number"
        raise DataFileError(
            f"{path}: `{name}[{', '.join(map(str, bad[0]))}]` is {value:g}, {problem}{more}, of {loss.size:,} losses; "
            "keep only the part of the grid where all are finite, or write a large finite loss in their place"
        )
    return Measured(x, y, loss)


def measured_axes(path: str | Path, name: str, ends: Ends = NO_ENDS) -> tuple[Array, Array]:
    """The nodes' x and y; raises DataFileError."""
    if is_npz(path):
        own: dict[str, Array | None] = {axis: npz_numbers(path, axis) for axis in ends._fields}
        counts = dict.fromkeys(ends._fields, 0)
    else:
        found = plane(path, name)
        own, counts = {"x": found.x, "y": found.y}, {"x": found.loss.shape[2], "y": found.loss.shape[1]}
    axes = {axis: _axis(path, axis, own[axis], getattr(ends, axis), counts[axis]) for axis in ends._fields}
    faults = [f"`{axis}` {fault}" for axis, values in axes.items() if (fault := _axis_fault(values))]
    if faults:
        raise DataFileError(f"{path}: {'; '.join(faults)}")
    return axes["x"], axes["y"]


def measured_names(path: str | Path) -> tuple[str, str]:
    """Names of the axes, as a file's `x_label` and `y_label` say; raises DataFileError."""
    first, second = (npz_text(path, f"{axis}_label") if is_npz(path) else None for axis in Ends._fields)
    return first or "x", second or "y"


def _axis(path: str | Path, axis: str, own: Array | None, ends: tuple[float, float] | None, count: int) -> Array:
    """The nodes along one axis: the file's own, or so many between two ends."""
    if own is not None and ends is not None:
        raise DataFileError(f"{path}: has {axis} of its own; take out `{axis}`")
    if own is not None:
        return own
    if ends is None:
        problem = "has no x and y; x = [-1.0, 1.0] and y = [-1.0, 1.0] say those of its first and last column and row"
        raise DataFileError(f"{path}: {problem}")
    return np.linspace(*ends, count)


def _axis_fault(values: Array) -> str:
    """What is wrong with an axis; of a single value, which is too few, its shape tells."""
    bad = np.flatnonzero(~(np.abs(values) <= LARGEST))
    if len(bad):
        problem = f"of a size above {LARGEST:g}" if np.isfinite(values[bad[0]]) else "not a finite number"
        return f"has {values[bad[0]]:g}, {problem}, at index {bad[0]}"
    if len(values) < 2:
        return ""
    steps = np.diff(values)
    k = int(np.argmin(steps))
    if steps[k] == 0:
        return f"has {values[k]:g} twice, at index {k} and {k + 1}"
    if steps[k] < 0:
        return f"does not increase: {values[k]:g} at index {k} is followed by {values[k + 1]:g}"
    if not wide_enough(values[0], values[-1]):
        return f"is too narrow: {values[0]:g} to {values[-1]:g}; at least {NARROWEST:g} of the larger size is needed"
    rate = (len(values) - 1) / (values[-1] - values[0])
    if np.abs(values - np.linspace(values[0], values[-1], len(values))).max() * rate > UNEVEN:
        return (
            f"is not evenly spaced: its steps are {steps.min():g} to {steps.max():g}; interpolate the losses to even "
            "steps, for example with scipy.interpolate.RegularGridInterpolator, or measure along another scale"
        )
    return ""
