"""A group's run in segments, one between two changes each: their rates and plans, and the run from one to the next.

A segment's plan has its first update, and the update and slot at which its batches begin to count; blocks.py knows of
one plan only.  Rates and a rule's constants are computed from update 0 on and then cut, because those of asgd and
nadam follow from earlier rates.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from threading import Event

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.blocks import Frames, State, advance
from errsurf.engine.examples import Problem
from errsurf.engine.group_plan import GroupPlan, SegmentStart, group_plan, revised_plan
from errsurf.engine.kernel_sources import gradient_evaluations
from errsurf.engine.random_lanes import Order
from errsurf.engine.recorded_parts import update_parts
from errsurf.engine.state_layout import convert_layout
from errsurf.optimizers import optimizer
from errsurf.sampling.batches import BatchPhase, Integers, all_seen, phase_at
from errsurf.sampling.particles import watched_particles
from errsurf.scenario import Scenario
from errsurf.scenario.scenario import Segment, group_phases, segments, total_updates
from errsurf.schedules import rates
from errsurf.settings.gradient_options import numbers
from errsurf.settings.learning_rates import both, each_lr

NO_RATES = np.empty(0)


def group_rates(scenario: Scenario, k: int) -> NDArray[np.float64]:
    """The learning rate of each update of group k, shape (updates,), or (updates, 2) if x and y have one each."""
    group = scenario.optimizer[k]
    updates = total_updates(scenario.run, group, scenario.surface.train.examples)
    return run_rates(segments(group), updates, scenario.run.rounding)


def run_rates(
    run: Sequence[Segment], updates: int, rounding: str, known: NDArray[np.float64] = NO_RATES
) -> NDArray[np.float64]:
    """The learning rate of every update of a run in segments, shape (updates,), or (updates, 2).

    ``rounding`` is as ``[run] rounding``; ``known`` are rates of the first segments that were computed before.
    """
    ends = [*(segment.first for segment in run[1:]), updates]
    found = [
        segment_rates(segment, min(end, updates), rounding)
        for segment, end in zip(run, ends, strict=True)
        if len(known) <= segment.first
    ]
    found = [known, *found] if len(known) else found
    return np.concatenate([both(each) for each in found] if any(each.ndim == 2 for each in found) else found)


def segment_rates(segment: Segment, until: int, rounding: str) -> NDArray[np.float64]:
    """The learning rate of a segment's updates up to ``until``, (until - segment.first,), or one for x and y each."""
    made = [rates(segment.schedule, lr, max(0, until - segment.begun), rounding) for lr in each_lr(segment.settings.lr)]
    return (np.stack(made, axis=1) if len(made) > 1 else made[0])[segment.first - segment.begun :]


def group_examples_seen(scenario: Scenario, k: int, updates: Integers) -> Integers:
    """Examples that group ``k`` has used after so many updates, shape as given; a probe uses its batch twice."""
    group = scenario.optimizer[k]
    phases = group_phases(group, scenario.surface.train.examples, scenario.run.sampling)
    return all_seen(phases, updates) * gradient_evaluations(optimizer(group.kind))


def group_order(scenario: Scenario, batch: int | str, seed: int, used: int) -> Order:
    """The order of examples that batches are cut from; ``seed`` decides it, an epoch uses so many slots of it."""
    kind = "once" if batch == "full" else scenario.run.sampling.kind
    return Order(kind, scenario.surface.train.examples, seed, used)


def group_plans(
    scenario: Scenario,
    data: Problem,
    k: int,
    lr: NDArray[np.float64],
    seed: int,
    known: Sequence[GroupPlan] = (),
    reuse: GroupPlan | None = None,
) -> list[GroupPlan]:
    """The plan of each segment of group k; ``seed`` decides the order of examples, and noise.

    ``lr`` (updates,), or (updates, 2), are the rates of the whole run; segments that would begin after it are left out.
    ``known`` are plans of the first segments that were made before.  The next one takes kernel and tables from
    ``reuse`` where it can.
    """
    group = scenario.optimizer[k]
    run = [segment for segment in segments(group) if segment.first < len(lr) or segment.first == 0]
    found, phases = list(known), group_phases(group, len(data.train), scenario.run.sampling)
    ends = [*(segment.first for segment in run[1:]), len(lr)]
    for segment, end in list(zip(run, ends, strict=True))[len(found) :]:
        phase = phase_at(phases, segment.first)
        reuse = _segment_plan(
            scenario, data, k, segment, phase, lr[:end], seed, reuse or (found[-1] if found else None)
        )
        found.append(reuse)
    return found


def _segment_plan(
    scenario: Scenario,
    data: Problem,
    k: int,
    segment: Segment,
    phase: BatchPhase,
    lr: NDArray[np.float64],
    seed: int,
    reuse: GroupPlan | None,
) -> GroupPlan:
    """The plan of one segment, made from ``reuse`` where the batches are the same."""
    group, run, particles = scenario.optimizer[k], scenario.run, scenario.swarm.particles
    begin = SegmentStart(segment.first, phase.first, phase.slot)
    order = group_order(scenario, segment.batch, seed, phase.plan.used)
    each = lr.ndim == 2
    if reuse is not None and (reuse.batches, reuse.order, reuse.rule.rate_each) == (phase.plan, order, each):
        options = numbers(group.clip, group.noise, len(data.train), run.sampling.kind)
        return revised_plan(reuse, segment.settings, lr, options, begin)
    return group_plan(
        data,
        group.kind,
        segment.settings,
        lr,
        phase.plan,
        order,
        particles,
        shared=run.sampling.shared,
        precision=run.precision,
        clip=group.clip,
        noise=group.noise,
        sampling=run.sampling.kind,
        wrappers=group.wrappers,
        regions=scenario.regions,
        watched=watched_particles(particles, run.record_particles) if run.record else None,
        begin=begin,
    )


def plan_at(run: Sequence[GroupPlan], update: int) -> GroupPlan:
    """The plan of the segment that makes update ``update``, counted from 0."""
    return next(plan for plan in reversed(run) if plan.begin.update <= update)


def advance_segments(
    run: Sequence[GroupPlan],
    state: State,
    last: int,
    frames: Frames,
    pool: Executor,
    stop: Event,
    report: Callable[[int], None],
    advance: Callable[..., bool] = advance,
) -> bool:
    """As ``advance``, from segment to segment; leaves the state in the layout of the one that makes the next update."""
    while state.update < last:
        now = plan_at(run, state.update)
        until = min([last, *(plan.begin.update for plan in run if plan.begin.update > state.update)])
        kept = slice(*np.searchsorted(frames.update, (state.update, until), side="right"))
        some = Frames(frames.update[kept], frames.position[kept], frames.parts[kept])
        if not advance(now, state, until, some, pool, stop, report):
            return False
        convert_layout(now, state, plan_at(run, until))
    return True


def all_update_parts(run: Sequence[GroupPlan], frames: Frames, record: Sequence[str]) -> dict[str, NDArray[np.float64]]:
    """As ``update_parts``, for frames of several segments."""
    cuts = np.searchsorted(frames.update, [plan.begin.update for plan in run[1:]], side="right")
    bounds = [0, *cuts.tolist(), len(frames.update)]
    found = [
        update_parts(plan, Frames(frames.update[a:b], frames.position[a:b], frames.parts[a:b]), record)
        for plan, a, b in zip(run, bounds[:-1], bounds[1:], strict=True)
    ]
    return {name: np.concatenate([each[name] for each in found]) for name in found[0]}
