"""The measured updates: those of a scenario's first group, with any batch size."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.examples import Problem
from errsurf.engine.group_plan import GroupPlan, group_plan
from errsurf.engine.random_lanes import Order
from errsurf.scenario import Scenario
from errsurf.scenario.scenario import batch_plan

STANDING = np.zeros(1)


def sizes(examples: int, *more: int) -> tuple[int, ...]:
    """1, 2, 4, ..., all examples, and some more, ascending."""
    powers = [1 << k for k in range(examples.bit_length()) if 1 << k < examples]
    return tuple(sorted({*powers, examples, *more}))


def group_job(scenario: Scenario, problem: Problem, batch: int, particles: int, lr: NDArray[np.float64]) -> GroupPlan:
    """The first group's updates with its settings, this batch size and these rates, one batch for each update."""
    group, run, count = scenario.optimizer[0], scenario.run, len(problem.train)
    plan = batch_plan(batch, 1, count, run.sampling)
    return group_plan(
        problem,
        group.kind,
        group.settings,
        lr,
        plan,
        Order(run.sampling.kind, count, scenario.run_seed, plan.used),
        particles,
        shared=run.sampling.shared,
        precision=run.precision,
        clip=group.clip,
        noise=group.noise,
    )


# Drawing takes about 70 ns an example for one particle, since 16 lanes are always drawn: at every size but full batch
# this hides the time of the gradient.
def drawing_job(scenario: Scenario, problem: Problem, batch: int) -> GroupPlan:
    """An update of one particle that draws its own batch out of all examples.

    Its lr is 0: the particle stays where it starts, so every batch size computes at the same place.
    """
    return group_job(scenario, problem, batch, 1, STANDING)


def lying_job(scenario: Scenario, problem: Problem, batch: int) -> GroupPlan:
    """The same update with a batch of the first examples, which are the only ones, contiguous in memory."""
    in_turn = replace(scenario, run=scenario.run._replace(sampling=scenario.run.sampling._replace(kind="once")))
    job = group_job(in_turn, problem._replace(train=problem.train[:batch]), batch, 1, STANDING)
    whole = drawing_job(scenario, problem, 1)
    return replace(job, kernels=whole.kernels, rows=whole.rows)  # one example alone has no columns that differ


# 7 ns an example of two wells, as a plain loop takes.
def serial(job: GroupPlan) -> GroupPlan:
    """The same update one example at a time: every loop over lanes has one iteration, so nothing is vectorized."""
    table = job.problem.train.astype(job.table.dtype, order="C").ravel()
    return replace(job, loop="shared", width=1, table=table)


def lengthened(job: GroupPlan, updates: int) -> GroupPlan:
    """The same job over more updates."""
    return replace(job, step_constants=np.repeat(job.step_constants[:1], updates, axis=0))
