"""A group's plan, which stays the same while it runs: its kernel, its numbers, and the layout of its particles."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.examples import Problem
from errsurf.engine.kept_orders import KeptOrders
from errsurf.engine.kernel_sources import (
    LANES,
    Rows,
    added_up,
    block_rows,
    loop_shape,
    update_kernels,
)
from errsurf.engine.random_lanes import Order
from errsurf.engine.region_sources import kinds_of, number_names, region_numbers
from errsurf.engine.rule import Rule, settings_row, step_constants
from errsurf.optimizers import optimizer
from errsurf.sampling.batches import BatchPlan, Integers
from errsurf.settings.gradient_options import Clip, Noise, Numbers, numbers
from errsurf.settings.regions import Region
from errsurf.system.processors import threads
from errsurf.wrappers import Wrapping, records

# The lanes in use are a multiple of VECTOR, so that no scalar remainder, which rounds differently, ever runs.
VECTOR = 16
INDEX_BYTES = 1 << 26
# The loop depends on the scenario alone, never on the number of threads: results stay the same.
FEW_PARTICLES, WIDE_BATCH = 8, 64


class SegmentStart(NamedTuple):
    """Where a segment of a run starts: at ``update``; its batches count from update ``epoch`` on, at slot ``slot``."""

    update: int = 0
    epoch: int = 0
    slot: int = 0


RUN_START = SegmentStart()


@dataclass(frozen=True)
class GroupPlan:
    """What stays the same during a group's run, or during the segment of it that starts at ``begin``.

    ``chosen`` are the settings of the optimizer and of its wrappers, ``step_constants`` (updates, numbers) their
    constants at every update of the segment.  ``loop`` names the kernel: ``own`` examples for each particle; examples
    ``shared`` by all particles, as full batches always are; or ``wide``, which loops over the examples of few
    particles.  ``full`` batches need no indices.  ``width`` of a block's LANES are used.  The parts of updates are
    recorded for the particles ``watched``.  ``only`` (blocks,) are the first particles of its blocks where the plan is
    for a part of the group, see ``part_of``; None for the whole group.  ``kept`` are orders that other groups use, too.
    """

    problem: Problem
    rule: Rule
    kernels: Any
    table: NDArray[Any]
    terms: NDArray[Any]
    chosen: tuple[Any, ...]
    settings: NDArray[Any]
    step_constants: NDArray[Any]
    batches: BatchPlan
    order: Order
    loop: str
    full: bool
    particles: int
    width: int
    rows: Rows
    lanes: int
    watched: Integers
    begin: SegmentStart = RUN_START
    only: Integers | None = None
    kept: KeptOrders | None = None

    @property
    def region_numbers(self) -> list[float]:
        """The numbers of regions in its row of settings."""
        count = len(number_names(self.rule.regions))
        return [float(number) for number in self.settings[len(self.settings) - count :]]

    def first_particle(self, block: int) -> int:
        """The particle in the first lane of a block, counted in the whole group."""
        return block * self.width if self.only is None else int(self.only[block])


def group_plan(
    problem: Problem,
    kind: str,
    settings: Any,
    lr: NDArray[np.float64],
    batches: BatchPlan,
    order: Order,
    particles: int,
    *,
    shared: bool = False,
    precision: str = "float32",
    clip: Clip | None = None,
    noise: Noise | None = None,
    sampling: str = "",
    wrappers: Sequence[Wrapping] = (),
    regions: Sequence[Region] = (),
    watched: Integers | None = None,
    lanes: int = LANES,
    begin: SegmentStart = RUN_START,
) -> GroupPlan:
    """Link a group's kernel and lay out its numbers.

    ``lr`` (updates,), or (updates, 2) for a rate of x and of y, is the scheduled rate from update 0 on, also where the
    segment starts later.  ``sampling`` is the kind of order that noise imitates, by default ``order``'s.
    """
    watched = np.empty(0, np.int64) if watched is None else watched
    chosen = (settings, *(each.settings for each in wrappers))
    rule = Rule(
        optimizer(kind),
        clip.kind if clip else "",
        noise.kind if noise else "",
        recorded=len(watched) > 0,
        wrappers=records(wrappers),
        rate_each=lr.ndim == 2,
        regions=kinds_of(regions),
    )
    full = batches.size >= batches.examples and order.kind != "replacement"
    loop = _loop(batches, particles, shared=shared, full=full)
    shape = loop_shape(problem, rule, precision, loop)
    by_column = loop == "wide" and full and added_up(rule, problem.surface.lookup) is None
    numbers_of_regions = region_numbers(regions, batches.examples)
    return GroupPlan(
        problem=problem,
        rule=rule,
        kernels=update_kernels(
            f"{problem.kind}_{kind}", problem.surface, rule, precision, shape, lanes, problem.rounding
        ),
        table=(problem.train.T if by_column else problem.train).astype(precision, order="C").ravel(),
        terms=problem.terms.astype(precision, copy=False),
        chosen=chosen,
        settings=settings_row(
            chosen, numbers(clip, noise, batches.examples, sampling or order.kind), precision, numbers_of_regions
        ),
        step_constants=step_constants(rule, chosen, lr, begin.update, precision, problem.rounding),
        batches=batches,
        order=order,
        loop=loop,
        full=full,
        particles=particles,
        width=particles if loop == "wide" else _width(particles, batches, lanes),
        rows=block_rows(rule, shape, problem.surface.lookup, lanes),
        lanes=lanes,
        watched=watched,
        begin=begin,
    )


def revised_plan(
    plan: GroupPlan, settings: Any, lr: NDArray[np.float64], options: Numbers, begin: SegmentStart
) -> GroupPlan:
    """The same kernel and tables with other settings, rates or length; arguments as for ``group_plan``."""
    precision, chosen = str(plan.table.dtype), (settings, *plan.chosen[1:])
    return replace(
        plan,
        chosen=chosen,
        settings=settings_row(chosen, options, precision, plan.region_numbers),
        step_constants=step_constants(plan.rule, chosen, lr, begin.update, precision, plan.problem.rounding),
        begin=begin,
    )


def part_of(plan: GroupPlan, particles: Integers) -> GroupPlan:
    """A plan for the blocks that hold some particles of a group: same loop and random numbers, hence the same bits."""
    width = plan.width if plan.loop == "wide" else VECTOR
    only = np.unique(particles // width) * width
    places = np.searchsorted(only, particles, "right") * width - width + particles % width
    watched = places if plan.rows.recorded else np.empty(0, np.int64)
    return replace(plan, width=width, only=only, particles=len(only) * width, watched=watched, kept=None)


def held_particles(plan: GroupPlan) -> Integers:
    """The particles that the blocks of a part of a group hold, in order, by their numbers in the group."""
    blocks = range(0 if plan.only is None else len(plan.only))
    return np.array([plan.first_particle(block) + lane for block in blocks for lane in range(plan.width)], np.int64)


def _loop(batches: BatchPlan, particles: int, *, shared: bool, full: bool) -> str:
    """Which kernel; depends on the scenario alone, because the loops round differently."""
    few = particles <= FEW_PARTICLES and min(batches.size, batches.examples) >= WIDE_BATCH
    if few and (full or not shared):
        return "wide"
    return "shared" if shared or full else "own"


def _width(particles: int, batches: BatchPlan, lanes: int) -> int:
    """Lanes of a block that are used: a multiple of VECTOR, a block for every thread, indices within bounds."""
    slots = batches.examples_an_update
    wanted = min(-(-particles // threads()), INDEX_BYTES // (4 * slots))
    return max(VECTOR, min(lanes, -(-wanted // VECTOR) * VECTOR))
