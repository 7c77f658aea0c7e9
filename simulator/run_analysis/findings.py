"""Analysis of a finished run: the landscape's critical points, basins, and each group's statistics."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from errsurf.analysis import Critical, GroupStatistics, Names, Regions, basin_labels, group_statistics, whereabouts
from errsurf.engine.landscape import Landscape
from errsurf.run.result import Group, Result, require_result
from errsurf.run_analysis.extent import extent
from errsurf.run_analysis.terrain import Terrain, Window, own_window
from errsurf.sampling.particles import measured_particles

"""Losses of examples that are evaluated for one moment of a group, at the most: about a second."""

NEARBY = 100
"""Windows around the searched one within which a loss of NaN is taken for undefined."""


class Findings:
    """The analysis of one result; each part is computed on first use.

    A ``terrain`` that is known, such as that of other runs on the surface, is not searched again; by default it is that
    of a window around surface and particles.

    Examples:
        >>> import errsurf
        >>> result = errsurf.simulate(errsurf.read_scenario("saddle_escape", {"swarm.particles": 16}))
        >>> findings = errsurf.Findings(result)
        >>> [point.kind for point in findings.critical]
        ['minimum', 'saddle', 'minimum']
        >>> findings.statistics[0].updates, findings.statistics[0].train_loss.median < 0
        (160, True)
    """

    def __init__(self, result: Result, terrain: Terrain | None = None) -> None:
        require_result(result)
        self.result, self._known = result, terrain

    def of(self, result: Result) -> "Findings":
        """The analysis of the same run with other texts; what is known already is kept."""
        found = Findings(result)
        vars(found).update({name: part for name, part in vars(self).items() if name != "result"})
        return found

    @cached_property
    def terrain(self) -> Terrain:
        """Critical points and basins of the surface."""
        return self._known or Terrain(self.result.landscape, self._seen, own_window(self.result.scenario))

    @property
    def landscape(self) -> Landscape:
        """The training and test surface."""
        return self._known.landscape if self._known else self.result.landscape

    @property
    def window(self) -> Window:
        """The part of the plane that was searched for critical points."""
        return self.terrain.window

    @property
    def critical(self) -> tuple[Critical, ...]:
        """Critical points of the training loss in the window."""
        return self.terrain.critical

    @property
    def minima(self) -> tuple[Critical, ...]:
        """The minima among them; basins are numbered in this order."""
        return self.terrain.minima

    @property
    def names(self) -> Names:
        """What critical points are called."""
        return self.terrain.names

    @property
    def regions(self) -> Regions:
        """Where a particle is at which critical point; ``errsurf.analysis.regions`` defines it."""
        return self.terrain.regions

    @cached_property
    def _seen(self) -> Window:
        """The window of surface and particles, joined with the scenario's own."""
        low, high = extent(self.result)
        if self.result.scenario.picture.window is not None:
            edges = np.array(self.result.scenario.picture.window)
            low, high = np.minimum(low, edges[:, 0]), np.maximum(high, edges[:, 1])
        return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))

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
    def undefined(self) -> tuple[int, ...]:
        """How many particles of each group diverged because the loss is undefined where they are.

        A particle that diverges stays at its last finite place.  Farther out than a hundred windows a loss may be NaN
        because numbers overflow; such places do not count.
        """
        return tuple(int(np.isnan(self._losses_nearby(group)).sum()) for group in self.result.groups)

    def _losses_nearby(self, group: Group) -> NDArray[np.float64]:
        """The training loss at the places of a group's diverged particles that are not too far out."""
        low, high = np.array(self.window, np.float64).T
        end = np.asarray(group.position[-1], np.float64)[~group.alive(-1)]
        near = (np.abs(end - (low + high) / 2) <= NEARBY * (high - low)).all(axis=1)
        return self.landscape.loss(end[near])

    @cached_property
    def statistics(self) -> tuple[GroupStatistics, ...]:
        """Final statistics of each group."""
        groups = self.result.groups
        return tuple(group_statistics(group, self.landscape, self.minima, self.measured) for group in groups)

    @cached_property
    def measured(self) -> NDArray[np.int64]:
        """Particles whose losses are taken at the end, the same in every group: all or, of very many, a sample."""
        return measured_particles(self.result.scenario.swarm.particles, self.landscape.evaluations)

    def basin_of(self, points: NDArray[np.float64]) -> NDArray[np.int16]:
        """In the basin of which minimum points (n, 2) lie, shape (n,), to the nearest cell of a map; -1 for none."""
        return self.terrain.basin_of(points)

    @cached_property
    def end_basins(self) -> tuple[NDArray[np.int64], ...]:
        """The same for the ends of each group's particles, but for the diverged, (alive,) each, and exactly.

        They follow the gradient flow, all together, or, with a terrain that is known, its map where that is sure.
        """
        ends = [np.asarray(group.position[-1], np.float64)[group.alive(-1)] for group in self.result.groups]
        found = self._labels(np.concatenate(ends))
        return tuple(np.split(found, np.cumsum([len(each) for each in ends])[:-1]))

    def basins(self, k: int, frame: int) -> NDArray[np.int64]:
        """The same for the particles of group k at a recorded frame, (particles,); -1 for the diverged too."""
        group = self.result.groups[k]
        alive = group.alive(frame)
        found = np.full(len(alive), -1, np.int64)
        at_end = frame in (-1, len(group.update) - 1)
        found[alive] = self.end_basins[k] if at_end else self._labels(np.asarray(group.position[frame])[alive])
        return found

    def _labels(self, points: NDArray[np.floating]) -> NDArray[np.int64]:
        exact = np.asarray(points, np.float64)
        return self._known.basins(exact) if self._known else basin_labels(self.landscape, exact, self.minima)
