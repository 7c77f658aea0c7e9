"""What a scenario's group computes with: its rates, its kernel, its numbers laid out, part after part."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from threading import Event

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.blocks import Frames, State, advance, update_parts
from errsurf.engine.carrying import relay
from errsurf.engine.examples import Problem
from errsurf.engine.random_lanes import Order
from errsurf.engine.work import Begin, Work, changed_work, work
from errsurf.sampling.batches import Stage, stage_of
from errsurf.sampling.particles import WATCHED, evenly
from errsurf.scenario import Scenario
from errsurf.scenario.scenario import Part, group_stages, parts, total_updates
from errsurf.schedules import rates
from errsurf.settings.gradient_options import numbers

NO_RATES = np.empty(0)


def group_rates(scenario: Scenario, k: int) -> NDArray[np.float64]:
    """The learning rate of each update of group k, shape (updates,)."""
    group = scenario.optimizer[k]
    return run_rates(parts(group), total_updates(scenario.run, group, scenario.surface.train.examples))


def run_rates(run: Sequence[Part], updates: int, known: NDArray[np.float64] = NO_RATES) -> NDArray[np.float64]:
    """The learning rate of each of the updates that a run in parts makes, shape (updates,).

    ``known`` are the rates of the first parts, where they were computed before.
    """
    ends = [*(part.first for part in run[1:]), updates]
    found = [
        part_rates(part, min(end, updates)) for part, end in zip(run, ends, strict=True) if len(known) <= part.first
    ]
    return np.concatenate([known, *found])


def part_rates(part: Part, until: int) -> NDArray[np.float64]:
    """The learning rate of a part's updates up to ``until``, shape (until - part.first,)."""
    return rates(part.schedule, part.settings.lr, max(0, until - part.begun))[part.first - part.begun :]


def group_order(scenario: Scenario, batch: int | str, seed: int) -> Order:
    """Which sequence of examples the batches are made of; ``seed`` decides it."""
    return Order("once" if batch == "full" else scenario.run.sampling.kind, scenario.surface.train.examples, seed)


def group_works(
    scenario: Scenario,
    drawn: Problem,
    k: int,
    lr: NDArray[np.float64],
    seed: int,
    known: Sequence[Work] = (),
    like: Work | None = None,
) -> list[Work]:
    """What stays the same while each part of group k runs; ``seed`` decides the order of examples, and noise.

    ``lr`` (updates,) are the rates of the whole run; parts that would begin after it are left out.  ``known`` are
    the works of the first parts, where they were made before; of one that is ``like`` the next one, kernel and tables
    serve again where they can.
    """
    group = scenario.optimizer[k]
    run = [part for part in parts(group) if part.first < len(lr) or part.first == 0]
    found, stages = list(known), group_stages(group, len(drawn.train))
    ends = [*(part.first for part in run[1:]), len(lr)]
    for part, end in list(zip(run, ends, strict=True))[len(found) :]:
        stage = stage_of(stages, part.first)
        like = _part_work(scenario, drawn, k, part, stage, lr[:end], seed, like or (found[-1] if found else None))
        found.append(like)
    return found


def _part_work(
    scenario: Scenario,
    drawn: Problem,
    k: int,
    part: Part,
    stage: Stage,
    lr: NDArray[np.float64],
    seed: int,
    like: Work | None,
) -> Work:
    """The work of one part; another one of the group serves where the batches are the same."""
    group, run, particles = scenario.optimizer[k], scenario.run, scenario.swarm.particles
    begin = Begin(part.first, stage.first, stage.slot)
    order = group_order(scenario, part.batch, seed)
    if like is not None and (like.plan, like.order) == (stage.plan, order):
        return changed_work(like, part.settings, lr, numbers(group.clip, group.noise, len(drawn.train)), begin)
    return work(
        drawn,
        group.kind,
        part.settings,
        lr,
        stage.plan,
        order,
        particles,
        shared=run.sampling.shared,
        precision=run.precision,
        clip=group.clip,
        noise=group.noise,
        watched=evenly(particles, WATCHED) if run.record else None,
        begin=begin,
    )


def work_of(run: Sequence[Work], update: int) -> Work:
    """The part in which update ``update``, counted from 0, is made."""
    return next(work for work in reversed(run) if work.begin.update <= update)


def advance_parts(
    run: Sequence[Work],
    state: State,
    last: int,
    frames: Frames,
    pool: Executor,
    stop: Event,
    report: Callable[[int], None],
    advance: Callable[..., bool] = advance,
) -> bool:
    """As ``advance``, from part to part; the state is laid out for the part that makes its next update."""
    while state.update < last:
        now = work_of(run, state.update)
        until = min([last, *(work.begin.update for work in run if work.begin.update > state.update)])
        kept = slice(*np.searchsorted(frames.update, (state.update, until), side="right"))
        some = Frames(frames.update[kept], frames.position[kept], frames.parts[kept])
        if not advance(now, state, until, some, pool, stop, report):
            return False
        relay(now, state, work_of(run, until))
    return True


def all_update_parts(run: Sequence[Work], frames: Frames) -> dict[str, NDArray[np.float64]]:
    """As ``update_parts``, of frames that updates of several parts may have led to."""
    cuts = np.searchsorted(frames.update, [work.begin.update for work in run[1:]], side="right")
    bounds = [0, *cuts.tolist(), len(frames.update)]
    found = [
        update_parts(work, Frames(frames.update[a:b], frames.position[a:b], frames.parts[a:b]))
        for work, a, b in zip(run, bounds[:-1], bounds[1:], strict=True)
    ]
    return {name: np.concatenate([each[name] for each in found]) for name in found[0]}
