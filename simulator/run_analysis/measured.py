"""What a surface of measured losses says beyond its data: outside their edge, and in minima between the nodes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from errsurf.analysis import Critical
from errsurf.engine.landscape import Landscape
from errsurf.run.result import Group
from errsurf.surfaces.shared.record import Measured
from errsurf.system.numbers import counted, number_text

PARABOLA = 1 / 8
"""How far a paraboloid through 4 x 4 nodes goes below the lowest of them, at the most, as a share of their range."""
ROUNDING = 1e-9


def ends_beyond(landscape: Landscape, group: Group) -> int:
    """How many particles of a group end where nothing was measured; 0 on a surface of formulas."""
    if landscape.nodes is None:
        return 0
    ends = np.asarray(group.position[-1], np.float64)[group.alive(-1)]
    return int(beyond(landscape.nodes, ends).sum())


def beyond(nodes: Measured, points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of points (n, 2) are outside the rectangle of the nodes, shape (n,)."""
    low, high = (np.array([nodes.x[k], nodes.y[k]]) for k in (0, -1))
    slack = ROUNDING * (high - low)
    outside: NDArray[np.bool_] = ((points < low - slack) | (points > high + slack)).any(axis=1)
    return outside


def invented(landscape: Landscape, minima: Sequence[Critical]) -> tuple[Critical, ...]:
    """Those of the minima that no measured loss supports; none on a surface of formulas.

    A minimum is supported if a node of its cell is no higher than the nodes beside, below and above it, and if the
    minimum is not farther below the 4 x 4 nodes around it than that of a paraboloid.
    """
    nodes = landscape.nodes
    return () if nodes is None else tuple(each for each in minima if not _supported(nodes, each))


def _supported(nodes: Measured, minimum: Critical) -> bool:
    rows, columns = _near(nodes, minimum, 2)
    if not (len(rows) and len(columns)):
        return False
    around = nodes.loss[np.ix_(rows, columns)]
    least, most = around.min(), around.max()
    return bool(minimum.loss >= least - PARABOLA * (most - least) - ROUNDING * abs(least)) and _low_node(nodes, minimum)


def _low_node(nodes: Measured, minimum: Critical) -> bool:
    """Whether a node of the minimum's cell is no higher than its neighbours along x and y."""
    padded = np.pad(nodes.loss, 1, constant_values=np.inf)
    h, w = nodes.loss.shape
    beside = [padded[1 + b : 1 + b + h, 1 + a : 1 + a + w] for a, b in ((-1, 0), (1, 0), (0, -1), (0, 1))]
    low = nodes.loss <= np.min(beside, axis=0)
    return bool(low[np.ix_(*_near(nodes, minimum, 1))].any())


def _near(nodes: Measured, minimum: Critical, cells: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the nodes that are up to so many cells away."""
    rows, columns = (
        np.flatnonzero(np.abs(axis - place) <= (cells + ROUNDING) * (axis[1] - axis[0]))
        for axis, place in ((nodes.y, minimum.y), (nodes.x, minimum.x))
    )
    return rows, columns


def warning(landscape: Landscape, minima: Sequence[Critical]) -> str:
    """Words about minima that no measured loss supports; empty without any."""
    nodes, found = landscape.nodes, invented(landscape, minima)
    if nodes is None or not found:
        return ""
    low, measured = (number_text(float(value)) for value in (min(each.loss for each in found), nodes.loss.min()))
    return (
        f"Interpolation makes {len(found):,} of {counted(len(minima), 'minimum', 'minima')}, not in the data: "
        f"loss down to {low}, measured down to {measured}; surface.interpolation = 'bounded' stays within the data"
    )
