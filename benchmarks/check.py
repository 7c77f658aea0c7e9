"""The engine's positions against a plain NumPy loop, for some of the particles of a case."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.cases import OPTIMIZERS, SEED, Case, drawn, rates, starts
from benchmarks.plain import gradients
from errsurf.engine.random_lanes import Order, fill_order, index_type
from errsurf.optimizers import optimizer
from errsurf.sampling.batches import cuts, examples_seen

CHECKED = 16
# Of the longest way that a particle went, and of the place itself.
WAY, PLACE = {"float32": 2e-3, "float64": 1e-8}, {"float32": 4e-7, "float64": 1e-15}
MOST = 100_000_000


class ResultError(AssertionError):
    """What was about to be timed computes something else."""


def updates_to_check(case: Case) -> int:
    """Few: one if an update alone takes long."""
    return 3 if case.gradients(3) < MOST else 1


def check(case: Case, updates: int, position: NDArray[Any]) -> None:
    """Raise ResultError unless positions (particles, 2) after the updates are those of the plain loop."""
    for first in {0, max(0, case.particles - CHECKED)}:
        here = slice(first, first + CHECKED)
        plain = plain_loop(case, updates, first)
        way = np.abs(plain - starts(case.surface, case.particles)[here]).max()
        off = np.abs(position[here] - plain).max()
        if not off <= WAY[case.precision] * way + PLACE[case.precision] * np.abs(plain).max():
            raise ResultError(f"{case}: off by {off:.1e} after {updates} updates, on a way of {way:.1e}")


def plain_loop(case: Case, updates: int, first: int) -> NDArray[np.float64]:
    """Where particles ``first``, ... are after the updates, in float64."""
    kind, settings = OPTIMIZERS[case.optimizer]
    rule = optimizer(kind)
    chosen, problem = rule.settings(**settings), drawn(case.surface, case.examples)
    theta = starts(case.surface, case.particles)[first : first + CHECKED].astype(case.precision).astype(np.float64)
    index = indices(case, updates, first)[: len(theta)]
    memory = [[rule.start(at, chosen) if rule.start else rule.memory() for at in particle] for particle in theta]
    now = rule.step_constants(np.arange(1, updates + 1), rates(case, updates), chosen)
    _, slots, _ = cuts(case.plan, 0, updates)
    for u in range(updates):
        rows = problem.train[index[:, slots[u] : slots[u + 1]]]
        gradient = gradients(problem, theta[:, :1], theta[:, 1:], rows).mean(axis=2)
        this = type(now)(*(np.broadcast_to(value, updates)[u] for value in now))
        for p, axis in np.ndindex(theta.shape):
            theta[p, axis], memory[p][axis] = rule.update(
                theta[p, axis], gradient[axis, p], memory[p][axis], this, chosen
            )
    return theta


def indices(case: Case, updates: int, first: int) -> NDArray[Any]:
    """The examples of particles ``first``, ... in each slot, shape (CHECKED, slots); ResultError if one is missing."""
    slots, count = int(examples_seen(case.plan, updates)), case.examples
    if case.full:
        return np.tile(np.arange(count), (CHECKED, slots // count))
    index = np.empty((max(slots, count), CHECKED), index_type(count))
    fill_order(Order("reshuffle", count, SEED), index, first, 0)
    if not (np.sort(index[:count], axis=0) == np.arange(count)[:, None]).all():
        raise ResultError(f"{case}: an epoch is no permutation of the examples")
    return index[:slots].T
