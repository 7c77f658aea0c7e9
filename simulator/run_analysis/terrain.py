"""What follows from a surface and a window alone, whatever runs on it: critical points, their names, basins."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from errsurf.analysis import (
    UNKNOWN,
    Critical,
    Names,
    Regions,
    basin_labels,
    basin_map,
    critical_points,
    interior,
    lookup,
    named,
    regions,
)
from errsurf.engine.landscape import Landscape, surface
from errsurf.scenario import Scenario
from errsurf.surfaces import surface as surface_record

Array = NDArray[np.float64]
Window = tuple[tuple[float, float], tuple[float, float]]
WIDENINGS = 5


class Terrain:
    """The critical points and basins of a landscape; each part is computed on first use.

    The ``window`` that is searched is tripled until it holds a minimum; critical points are named in the window
    ``own``, by default in the one given.  Runs on the same surface share one, so that nothing is searched twice.

    Examples:
        >>> import errsurf
        >>> from errsurf.run_analysis.terrain import terrain_of
        >>> terrain = terrain_of(errsurf.read_scenario("flat_or_sharp"))
        >>> [terrain.names.short[k] for k in terrain.names.order], terrain.basins([[-0.8, 0.0], [0.8, 0.0]])
        (['sharp', 'flat'], array([0, 1]))
    """

    def __init__(self, landscape: Landscape, window: Window, own: Window | None = None) -> None:
        self.landscape = landscape
        self._asked, self._own = window, own or window

    @property
    def window(self) -> Window:
        """The part of the plane that was searched for critical points."""
        return self._searched[0]

    @property
    def critical(self) -> tuple[Critical, ...]:
        """Critical points of the training loss in the window."""
        return self._searched[1]

    @cached_property
    def _searched(self) -> tuple[Window, tuple[Critical, ...]]:
        return searched(self.landscape, self._asked)

    @cached_property
    def minima(self) -> tuple[Critical, ...]:
        """The minima among them; basins are numbered in this order."""
        return tuple(point for point in self.critical if point.kind == "minimum")

    @cached_property
    def names(self) -> Names:
        """What critical points are called."""
        return named(self.critical, self._own)

    @cached_property
    def regions(self) -> Regions:
        """Where a particle is at which critical point; ``errsurf.analysis.regions`` defines it."""
        return regions(self.landscape, self.window, self.critical)

    @cached_property
    def basin_map(self) -> NDArray[np.int16]:
        """In the basin of which minimum each cell of the window lies, -1 for none, shape (rows, columns)."""
        return basin_map(self.landscape, self.window, self.minima)

    def basin_of(self, points: Array) -> NDArray[np.int16]:
        """In the basin of which minimum points (n, 2) lie, shape (n,), to the nearest cell of a map; -1 for none."""
        return lookup(self.basin_map, self.window, points)

    @cached_property
    def _sure(self) -> NDArray[np.int16]:
        """The map without the cells at a border, which are unknown."""
        return np.where(interior(self.basin_map) == 1, self.basin_map, np.int16(UNKNOWN))

    def _known(self, points: Array) -> NDArray[np.int64]:
        """Basins of points (n, 2) in the window and away from borders, unknown for all others, shape (n,)."""
        (x0, x1), (y0, y1) = self.window
        x, y = points.T
        inside = (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)
        return np.where(inside, lookup(self._sure, self.window, points), UNKNOWN).astype(np.int64)

    def basins(self, points: Array) -> NDArray[np.int64]:
        """The same, exactly: points outside the window, and those in cells at a border, follow the gradient flow."""
        points = np.asarray(points, np.float64)
        found = self._known(points)
        unsure = np.isfinite(points).all(axis=1) & (found == UNKNOWN)
        found[found == UNKNOWN] = -1
        if unsure.any():
            found[unsure] = basin_labels(self.landscape, points[unsure], self.minima, known=self._known)
        return found


def terrain_of(scenario: Scenario, landscape: Landscape | None = None) -> Terrain:
    """The terrain of a scenario's surface in the scenario's window, or else the surface's own."""
    return Terrain(landscape or surface(scenario), own_window(scenario))


def own_window(scenario: Scenario) -> Window:
    """The window of the scenario, or else the surface's own, in which critical points are named."""
    chosen = scenario.surface
    seen = scenario.picture.window or surface_record(chosen.kind, chosen.settings).window
    return (seen[0], seen[1])


def searched(landscape: Landscape, window: Window) -> tuple[Window, tuple[Critical, ...]]:
    """The critical points of a window, which is tripled until it contains a minimum; and that window."""
    wide = window
    for _ in range(WIDENINGS):
        found = critical_points(landscape, wide)
        if any(point.kind == "minimum" for point in found):
            return wide, found
        wide = (_widened(wide[0]), _widened(wide[1]))
    return window, critical_points(landscape, window)


def _widened(edges: tuple[float, float]) -> tuple[float, float]:
    """The same centre, three times the width."""
    return 2 * edges[0] - edges[1], 2 * edges[1] - edges[0]
