"""Where single particles of a run were after every update, also between its recorded frames."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.blocks import State, empty_frames, initial_state
from errsurf.engine.examples import problem
from errsurf.engine.group_plan import GroupPlan, held_particles, part_of
from errsurf.engine.segments import (
    advance_segments,
    all_update_parts,
    group_examples_seen,
    group_plans,
    run_rates,
)
from errsurf.run.result import Group, Result
from errsurf.scenario import Scenario
from errsurf.scenario.scenario import segments
from errsurf.starts import positions

Array: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]

AT_ONCE, KEPT_BYTES, ITERATE = 1 << 22, 1 << 26, "iterate"


class Path(NamedTuple):
    """A part of the paths of some particles: after ``update`` (n,) updates and ``examples_seen`` (n,), both ascending,
    they were at ``position`` (n, particles, 2), NaN where a particle has diverged.  ``iterate``, of the same shape, is
    where their gradients were taken, if the run recorded it; it starts at the position.
    """

    update: Integers
    examples_seen: Integers
    position: Array
    iterate: Array | None = None


@dataclass
class Walk:
    """Some particles of group ``k``, run again by themselves; every random number is that of the whole run.

    ``places`` (n,) are theirs among the particles of the blocks that hold them, and ``state`` is after the last update.
    """

    scenario: Scenario
    k: int
    particles: Integers
    places: Integers
    plans: list[GroupPlan]
    state: State
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    @property
    def _iterates(self) -> bool:
        return ITERATE in self.scenario.run.record

    def on(self, last: int) -> Iterator[Path]:
        """The updates up to ``last``, in parts."""
        most, made = max(1, AT_ONCE // (2 * self.plans[0].particles)), sum(len(p.step_constants) for p in self.plans)
        if last > made:
            self.plans = _part_plans(self.scenario, self.k, self.particles, max(last, 2 * made))
        while self.state.update < last:
            update = np.arange(self.state.update + 1, min(last, self.state.update + most) + 1)
            frames = empty_frames(self.plans[0], update)
            advance_segments(self.plans, self.state, int(update[-1]), frames, self.pool, Event(), lambda _made: None)
            gone = (self.state.diverged >= 0) & (self.state.diverged <= update[:, None])
            found = np.where(gone[..., None], np.nan, frames.position.astype(np.float64))[:, self.places]
            iterate = all_update_parts(self.plans, frames, (ITERATE,)).get(ITERATE) if self._iterates else None
            yield Path(update, group_examples_seen(self.scenario, self.k, update), found, iterate)


def walk(scenario: Scenario, k: int, particles: Integers | None, updates: int) -> Walk:
    """Some particles of group ``k`` at their starts, or all of them, ready for so many updates, and more if need be."""
    plans, starts = (
        _part_plans(scenario, k, particles, updates),
        positions(scenario.swarm, scenario.start_seed, scenario.optimizer[k].at, scenario.run.rounding),
    )
    if particles is None:
        every = np.arange(len(starts))
        return Walk(scenario, k, every, every, plans, initial_state(plans[0], starts))
    held = held_particles(plans[0])
    first = initial_state(plans[0], starts[np.minimum(held, len(starts) - 1)])
    return Walk(scenario, k, particles, np.searchsorted(held, particles), plans, first)


def _part_plans(scenario: Scenario, k: int, particles: Integers | None, updates: int) -> list[GroupPlan]:
    data = problem(*scenario.drawn_from)
    data = data._replace(terms=data.terms.astype(scenario.run.precision))
    lr = run_rates(segments(scenario.optimizer[k]), updates, scenario.run.rounding)
    plans = group_plans(scenario, data, k, lr, scenario.run_seed)
    return plans if particles is None else [part_of(plan, particles) for plan in plans]


def paths(result: Result, k: int, particles: Integers) -> Iterator[Path]:
    """Where particles of group ``k`` were after each update, from update 0 to the last frame, in parts.

    Where all updates were recorded, these are the frames.  Else the particles run again, which gives the same bits on
    the CPU.  Frames that the second run does not meet, as after a run on another device, end its path: from there on
    only the frames are known, with NaN between them.
    """
    group = result.groups[k]
    last, start = int(group.update[-1]), np.flatnonzero(group.update == 0)
    if len(group.update) == last + 1:
        yield recorded(group, np.arange(last + 1), particles)
        return
    yield recorded(group, start, particles)
    for part in walk(result.scenario, k, particles, last).on(last):
        at = np.flatnonzero((group.update >= part.update[0]) & (group.update <= part.update[-1]))
        known, rows = recorded(group, at, particles).position, group.update[at] - part.update[0]
        same = np.isclose(part.position[rows], known, rtol=1e-6, atol=1e-9, equal_nan=True).all(axis=(1, 2))
        if not same.all():
            met = int(np.argmin(same))
            until = int(rows[met - 1]) + 1 if met else 0
            first = None if part.iterate is None else part.iterate[:until]
            yield Path(part.update[:until], part.examples_seen[:until], part.position[:until], first)
            yield _only_frames(group, int(part.update[0]) + until, particles)
            return
        yield part


def kept_paths(result: Result, k: int, particles: Integers) -> Iterable[Path]:
    """As ``paths``; kept with the result where they are small, for the next picture of it."""
    update = result.groups[k].update
    if len(update) == update[-1] + 1 or 16 * len(particles) * int(update[-1] + 1) > KEPT_BYTES:
        return paths(result, k, particles)
    return result.once(("path", k, particles.tobytes()), lambda: list(paths(result, k, particles)))


def recorded(group: Group, at: Integers, particles: Integers) -> Path:
    """Where particles were at some recorded frames."""
    found = np.asarray(group.position[at][:, particles], dtype=np.float64)
    going = group.alive(at, particles)[..., None]
    iterate = None
    if ITERATE in group.parts and np.isin(particles, group.watched).all():
        iterate = np.array(group.parts[ITERATE][at][:, np.searchsorted(group.watched, particles)], np.float64)
        iterate[group.update[at] == 0] = found[group.update[at] == 0]
    return Path(group.update[at], group.examples_seen[at], np.where(going, found, np.nan), iterate)


def _only_frames(group: Group, first: int, particles: Integers) -> Path:
    """The frames from update ``first`` on, with NaN between those that are more than one update apart."""
    update, seen, known, iterate = recorded(group, np.flatnonzero(group.update >= first), particles)
    gaps = np.flatnonzero(np.diff(update, prepend=first - 2) > 1)
    update, seen = (np.insert(each, gaps, each[gaps]) for each in (update, seen))
    iterate = None if iterate is None else np.insert(iterate, gaps, np.nan, axis=0)
    return Path(update, seen, np.insert(known, gaps, np.nan, axis=0), iterate)
