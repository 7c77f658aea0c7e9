"""Batches that the particles of a group have not seen: the first one of the epoch after the moment."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.analysis import squared_error
from simulator.claims.view import Array, View, where_finite
from simulator.engine.random_lanes import fill_order, index_type
from simulator.group_work import evenly, group_order

MOST_PARTICLES = 1000
MOST_GRADIENTS = 20_000_000


class Drawn(NamedTuple):
    """Places of particles and, there, the gradient of all examples and of a fresh batch, each (n, 2)."""

    points: Array
    full: Array
    batch: Array


def drawn_particles(view: View) -> NDArray[np.int64]:
    """Particles for which batches are drawn: all or, of many, an even sample, the same in every group."""
    return evenly(len(view.theta), max(16, min(MOST_PARTICLES, MOST_GRADIENTS // view.examples)))


def examples_of(view: View, particle: int, first_slot: int, slots: int, batch: int | str) -> NDArray[Any]:
    """The examples that a particle with such batches sees in slots counted over all epochs, shape (slots,)."""
    scenario = view.result.scenario
    index = np.empty((slots, 1), index_type(view.examples))
    order = group_order(scenario, batch, scenario.seed)
    fill_order(order, index, 0 if scenario.run.sampling.shared else int(particle), first_slot)
    return index[:, 0]


def drawn(view: View, batch: int | None) -> Drawn:
    """Both gradients at the particles for which batches are drawn; ``batch`` is as for ``batch_gradients``."""
    particles = drawn_particles(view)
    points = view.theta[particles]
    return Drawn(points, full_gradients(view, points), batch_gradients(view, points, particles, batch))


def full_gradients(view: View, points: Array) -> Array:
    """Gradients of the training loss at points (n, 2), NaN where these are."""
    return where_finite(lambda some: view.landscape.gradient(some, "train"), points)


def batch_gradients(view: View, points: Array, particles: NDArray[np.int64], batch: int | None) -> Array:
    """The gradient at each point (n, 2) of a fresh batch of the particle in its place; NaN where the point is.

    ``batch`` is the number of examples, that of one update of the group unless given.
    """
    size, found = examples_drawn(view, batch), np.full_like(points, np.nan)
    epochs = -(-(view.update - view.stage.first) // view.stage.plan.updates_an_epoch)
    first = view.stage.slot + epochs * view.examples
    for k in np.flatnonzero(np.isfinite(points).all(axis=1)):
        chosen = examples_of(view, particles[k], first, size, batch or view.batch)
        found[k] = view.landscape.gradient(points[k], chosen)
    return found


def examples_drawn(view: View, batch: int | None) -> int:
    """Examples of a fresh batch."""
    return min(batch or view.stage.plan.size * view.stage.plan.accumulate, view.examples)


def expected_error(view: View, points: Array, batch: int | None) -> Array:
    """Expected squared distance of a fresh batch's gradient from that of all examples, at points (n, 2)."""
    replaced = view.result.scenario.run.sampling.kind == "replacement" and (batch or view.batch) != "full"
    covariance = where_finite(lambda some: view.landscape.covariance(some, "train"), points)
    return squared_error(covariance, view.examples, examples_drawn(view, batch), replacement=replaced)
