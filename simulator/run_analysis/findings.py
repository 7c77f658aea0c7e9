"""Analysis of a finished run: the landscape's critical points, basins, and each group's statistics."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from errsurf.analysis import (
    Critical,
    GroupStatistics,
    Names,
    Regions,
    basin_map,
    critical_points,
    group_statistics,
    lookup,
    named,
    regions,
    whereabouts,
)
from errsurf.engine.landscape import Landscape
from errsurf.run.result import Result, require_result
from errsurf.run_analysis.extent import extent
from errsurf.surfaces import surface

Window = tuple[tuple[float, float], tuple[float, float]]
WIDENINGS = 5


class Findings:
    """The analysis of one result; each part is computed on first use.

    Examples:
        >>> import errsurf
        >>> result = errsurf.simulate(errsurf.read_scenario("saddle_escape", {"swarm.particles": 16}))
        >>> findings = errsurf.Findings(result)
        >>> [point.kind for point in findings.critical]
        ['minimum', 'saddle', 'minimum']
        >>> findings.statistics[0].updates, findings.statistics[0].train_loss.median < 0
        (160, True)
    """

    def __init__(self, result: Result) -> None:
        require_result(result)
        self.result = result

    def of(self, result: Result) -> "Findings":
        """The analysis of the same run with other texts; what is known already is kept."""
        found = Findings(result)
        vars(found).update({name: part for name, part in vars(self).items() if name != "result"})
        return found

    @cached_property
    def window(self) -> Window:
        """The part of the plane that was searched for critical points."""
        return self._searched[0]

    @cached_property
    def critical(self) -> tuple[Critical, ...]:
        """Critical points of the training loss in the window."""
        return self._searched[1]

    @cached_property
    def _searched(self) -> tuple[Window, tuple[Critical, ...]]:
        """The window around surface and particles, widened until it contains a minimum."""
        return searched(self.result.landscape, self._seen)

    @cached_property
    def _seen(self) -> Window:
        """The window of surface and particles, joined with the scenario's own."""
        low, high = extent(self.result)
        if self.result.scenario.picture.window is not None:
            edges = np.array(self.result.scenario.picture.window)
            low, high = np.minimum(low, edges[:, 0]), np.maximum(high, edges[:, 1])
        return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))

    @cached_property
    def minima(self) -> tuple[Critical, ...]:
        """The minima among them; basins are numbered in this order."""
        return tuple(point for point in self.critical if point.kind == "minimum")

    @cached_property
    def names(self) -> Names:
        """What critical points are called."""
        return named(self.critical, own_window(self.result))

    @cached_property
    def regions(self) -> Regions:
        """Where a particle is at which critical point; ``errsurf.analysis.regions`` defines it."""
        return regions(self.result.landscape, self.window, self.critical)

    def ends(self, window: Window) -> NDArray[np.int64]:
        """Where the particles of each group are at the end, counted as ``names.parts``, shape (groups, parts).

        ``window`` is what the map shows.
        """
        found = []
        for group in self.result.groups:
            end = np.asarray(group.position[-1], np.float64)[group.alive(-1)]
            found.append(whereabouts(end, len(group.diverged) - len(end), self.names, self.regions, window))
        return np.array(found)

    @cached_property
    def statistics(self) -> tuple[GroupStatistics, ...]:
        """Final statistics of each group."""
        return tuple(group_statistics(group, self.result.landscape, self.minima) for group in self.result.groups)

    @cached_property
    def _map(self) -> NDArray[np.int16]:
        return basin_map(self.result.landscape, self.window, self.minima)

    def basin_of(self, points: NDArray[np.float64]) -> NDArray[np.int16]:
        """In the basin of which minimum points (n, 2) lie, shape (n,), to the nearest cell of a map; -1 for none."""
        return lookup(self._map, self.window, points)


def own_window(result: Result) -> Window:
    """The window of the scenario, or else the surface's own, in which critical points are named."""
    seen = (
        result.scenario.picture.window or surface(result.scenario.surface.kind, result.scenario.surface.settings).window
    )
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
