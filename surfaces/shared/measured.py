"""Losses that were measured on a rectangular grid, from a file, with every fault of the file said in words."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from errsurf.errors import DataFileError
from errsurf.settings.bounds import LARGEST, NARROWEST, wide_enough
from errsurf.surfaces.shared.npz import npz_numbers, npz_shapes
from errsurf.surfaces.shared.record import Array, Measured

FEWEST_NODES = 4
UNEVEN = 1e-3


def measured_shape(path: str | Path, name: str) -> tuple[int, int, int]:
    """Examples, H and W that a file says it holds; nothing is read.  Raises DataFileError if arrays do not fit."""
    x, y, loss = npz_shapes(path, ("x", "y", name))
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


def measured(path: str | Path, name: str) -> Measured:
    """The losses of this name and their axes.

    Raises DataFileError for what ``measured_shape`` refuses, numbers that are not finite or too large, and axes that do
    not rise in even steps.
    """
    measured_shape(path, name)
    x, y = measured_axes(path)
    loss = npz_numbers(path, name)
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


def measured_axes(path: str | Path) -> tuple[Array, Array]:
    """The nodes' x and y; raises DataFileError."""
    axes = {axis: npz_numbers(path, axis) for axis in ("x", "y")}
    faults = [f"`{axis}` {fault}" for axis, values in axes.items() if (fault := _axis_fault(values))]
    if faults:
        raise DataFileError(f"{path}: {'; '.join(faults)}")
    return axes["x"], axes["y"]


def _axis_fault(values: Array) -> str:
    bad = np.flatnonzero(~(np.abs(values) <= LARGEST))
    if len(bad):
        problem = f"of a size above {LARGEST:g}" if np.isfinite(values[bad[0]]) else "not a finite number"
        return f"has {values[bad[0]]:g}, {problem}, at index {bad[0]}"
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
