"""Gradients of examples by a surface's own formula and plain NumPy."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.examples import Problem
from errsurf.surfaces.shared.examples import is_generic


def gradients(problem: Problem, x: Any, y: Any, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Gradients (2, particles, examples) at (x, y), each (particles, 1), of rows (..., examples, columns)."""
    record, columns = problem.surface, np.moveaxis(rows, -1, 0)
    if not is_generic(record):
        return np.stack(np.broadcast_arrays(*record.gradient(x, y, record.row(*columns))))
    shift_x, shift_y, scale, tilt_x, tilt_y = columns[-5:]
    x, y = x - shift_x, y - shift_y
    own = [columns[:-5]] if record.examples else problem.terms
    parts = [np.broadcast_arrays(*record.gradient(x, y, record.row(*row)), x)[:2] for row in own]
    gx, gy = np.sum(parts, axis=0)
    return np.stack([scale * gx + tilt_x, scale * gy + tilt_y])
