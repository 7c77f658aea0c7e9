"""What is read from a finished run: the landscape's critical points, basins, and each group's numbers."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.analysis import Critical, GroupStatistics, basin_map, critical_points, group_statistics, lookup
from simulator.result import Result
from surfaces import surface

Window = tuple[tuple[float, float], tuple[float, float]]
Labels = NDArray[np.integer[Any]]


class Findings:
    """The reading of one result, each part computed when it is first asked for."""

    def __init__(self, result: Result) -> None:
        self.result = result

    @cached_property
    def window(self) -> Window:
        """The part of the plane that is searched: the surface's own window, the scenario's, and the particles'."""
        own = np.array(surface(self.result.scenario.surface.kind).window, dtype=np.float64)
        reach = np.ptp(own, axis=1)
        edges = [own.T]
        if self.result.scenario.picture.window is not None:
            edges.append(np.array(self.result.scenario.picture.window).T)
        for group in self.result.groups:
            start, end = (np.asarray(group.position[k], np.float64) for k in (0, -1))
            for points in (start, end[group.diverged < 0]):
                if len(points):
                    seen = np.quantile(points, (0.01, 0.99), axis=0)
                    edges.append(np.clip(seen, own[:, 0] - reach, own[:, 1] + reach))
        low, high = np.min([e[0] for e in edges], axis=0), np.max([e[1] for e in edges], axis=0)
        return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))

    @cached_property
    def critical(self) -> tuple[Critical, ...]:
        """Critical points of the training loss in the window."""
        return critical_points(self.result.landscape, self.window)

    @cached_property
    def minima(self) -> tuple[Critical, ...]:
        """The minima among them; basins are numbered in this order."""
        return tuple(point for point in self.critical if point.kind == "minimum")

    @cached_property
    def statistics(self) -> tuple[GroupStatistics, ...]:
        """Final statistics, one a group."""
        return tuple(group_statistics(group, self.result.landscape, self.minima) for group in self.result.groups)

    @cached_property
    def _map(self) -> NDArray[np.int16]:
        return basin_map(self.result.landscape, self.window, self.minima)

    def basin_of(self, points: NDArray[np.float64]) -> NDArray[np.int16]:
        """In the basin of which minimum points (n, 2) lie, to the nearest cell of a map; -1 for none."""
        return lookup(self._map, self.window, points)
