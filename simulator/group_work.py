"""What a scenario's group computes with: its rates, its kernel, its numbers laid out."""

import numpy as np
from numpy.typing import NDArray

from simulator.batches import Plan
from simulator.engine.random_lanes import Order
from simulator.engine.work import Work, work
from simulator.problem import Problem
from simulator.scenario import Scenario
from simulator.scenario.scenario import batch_size, total_updates
from simulator.schedules import rates
from simulator.size import WATCHED


def group_rates(scenario: Scenario, k: int) -> NDArray[np.float64]:
    """The learning rate of each update of group k, shape (updates,)."""
    group = scenario.optimizer[k]
    return rates(group.schedule, group.settings.lr, total_updates(scenario.run, group, scenario.surface.train.examples))


def group_work(scenario: Scenario, drawn: Problem, k: int, lr: NDArray[np.float64], seed: int) -> Work:
    """What stays the same while group k runs; ``seed`` decides the order of examples, and noise."""
    group, run, count = scenario.optimizer[k], scenario.run, len(drawn.train)
    return work(
        drawn,
        group.kind,
        group.settings,
        lr,
        Plan(count, batch_size(group.batch, count), group.accumulate),
        Order("once" if group.batch == "full" else run.sampling.kind, count, seed),
        scenario.swarm.particles,
        shared=run.sampling.shared,
        precision=run.precision,
        clip=group.clip,
        noise=group.noise,
        watched=evenly(scenario.swarm.particles, WATCHED) if run.record else None,
    )


def evenly(particles: int, most: int) -> NDArray[np.int64]:
    """Up to so many particles, evenly chosen."""
    return np.linspace(0, particles - 1, min(particles, most)).astype(np.int64)
