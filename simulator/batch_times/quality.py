"""The effect of the batch size on gradients, training and generalization, on a scenario's surface."""

from collections.abc import Callable
from concurrent.futures import Executor
from threading import Event
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.analysis import relative, squared_error
from errsurf.batch_times.jobs import group_job
from errsurf.engine.blocks import advance, empty_frames, initial_state, position
from errsurf.engine.landscape import Landscape
from errsurf.scenario import Scenario, Swarm, updates_per_epoch
from errsurf.starts import grid, positions

Array = NDArray[np.float64]
Window = tuple[tuple[float, float], tuple[float, float]]

PARTICLES = 500


class Outcome(NamedTuple):
    """Final losses of the particles that did not diverge, each (particles,), and how many did."""

    train: Array
    test: Array
    diverged: int

    @property
    def gap(self) -> Array:
        """Test loss minus training loss."""
        return self.test - self.train


def over_the_map(window: Window) -> Swarm:
    """Starts on an even grid over a window."""
    (x0, x1), (y0, y1) = window
    return Swarm("grid", PARTICLES, grid.Settings(((x0 + x1) / 2, (y0 + y1) / 2), (x1 - x0, y1 - y0)))


def outcome(
    scenario: Scenario, landscape: Landscape, batch: int, epochs: int, pool: Executor, report: Callable[[int], None]
) -> Outcome:
    """The first group's particles after ``epochs`` epochs with this batch size, with lr falling linearly to 0.

    So noise does not count as a failure in the end.  ``report`` is told how many updates of how many particles were
    made.  Raises KeyboardInterrupt.
    """
    updates = epochs * updates_per_epoch(batch, 1, scenario.surface.train.examples, scenario.run.sampling)
    lr = np.multiply.outer(1 - np.arange(updates) / updates, scenario.optimizer[0].settings.lr)
    job = group_job(scenario, landscape.problem, batch, scenario.swarm.particles, lr)
    state, stop = (
        initial_state(job, positions(scenario.swarm, scenario.start_seed, rounding=scenario.run.rounding)),
        Event(),
    )
    try:
        advance(job, state, updates, empty_frames(job, np.empty(0, np.int64)), pool, stop, report)
    finally:
        stop.set()
    alive = state.diverged < 0
    ended = position(job, state)[alive].astype(np.float64)
    train, test = (landscape.loss(ended, which) for which in ("train", "test"))
    return Outcome(train, test, int((~alive).sum()))


def relative_error(landscape: Landscape, points: Array, batch: int, *, replacement: bool) -> Array:
    """Root mean square error of a batch's gradient over the length of the full one, at points (n, 2) that have a slope.

    From the covariance of all examples' gradients; shape (up to n,).
    """
    squared = squared_error(landscape.covariance(points), len(landscape.train), batch, replacement=replacement)
    found = relative(np.sqrt(squared), landscape.gradient(points))
    return found[~np.isnan(found)]
