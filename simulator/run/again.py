"""A run made again, frame by frame, and where its bits differ from those that were recorded."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.blocks import empty_frames, part_rows, position
from errsurf.engine.marks import known_until
from errsurf.engine.segments import advance_segments
from errsurf.engine.size import FRAME_BYTES
from errsurf.run.group_run import Tools, frame_values
from errsurf.run.paths import Walk, walk
from errsurf.run.result import Group, Result
from errsurf.system.processors import threads

Integers = NDArray[np.int64]


class Difference(NamedTuple):
    """How an array of a group differs: ``numbers`` of ``of`` have other bits.

    ``update`` is that of the first frame which differs, -1 in arrays without frames.  ``relative`` is the largest
    difference, over the largest number that was recorded in that frame; infinite if one of the two is not finite.
    """

    array: str
    update: int
    numbers: int
    of: int
    relative: float


class Rerun(NamedTuple):
    """A group that ran again: how many particles, after how many updates, and what differs."""

    label: str
    particles: int
    updates: int
    differences: tuple[Difference, ...]


def run_again(
    result: Result,
    particles: Integers | None = None,
    stop: Event | None = None,
    progress: Callable[[float], None] | None = None,
) -> Iterator[Rerun]:
    """Run each group again on the CPU, as far as it is recorded, and compare with what is recorded.

    All arrays are compared or, where only some ``particles`` (n,) run again by themselves, their positions, divergence
    and passages.  ``progress`` is told the share that is done.  Raises KeyboardInterrupt if ``stop`` is set.
    """
    total, done = sum(group.updates_made for group in result.groups), 0
    for k, group in enumerate(result.groups):
        made, found = walk(result.scenario, k, particles, max(1, group.updates_made)), _Differences()
        with ThreadPoolExecutor(threads()) as pool:
            tools = Tools(result.landscape, group.loss_particles, pool, stop or Event(), lambda _made: None)
            for frames in _pieces(made, group):
                _compare_frames(made, group, frames, tools, found)
                if progress is not None:
                    progress((done + made.state.update) / max(total, 1))
        done += group.updates_made
        _compare_marks(made, group, found)
        yield Rerun(group.label, len(made.particles), group.updates_made, tuple(found.values()))


class _Differences(dict[str, Difference]):
    """What differs, by the names of arrays."""

    def compare(self, name: str, update: Integers, known: NDArray[np.generic], made: NDArray[np.generic]) -> None:
        """Compare arrays whose first axis is that of frames after ``update`` (F,) updates."""
        before = self.get(name, Difference(name, -1, 0, 0, 0.0))
        known = np.ascontiguousarray(known).reshape(len(update), -1)
        made = np.ascontiguousarray(made, known.dtype).reshape(known.shape)
        whole = known.dtype.str.replace("f", "u").replace("i", "u")
        other = known.view(whole) != made.view(whole)
        rows = np.flatnonzero(other.any(axis=1))
        numbers, of = before.numbers + int(other.sum()), before.of + known.size
        found = before._replace(numbers=numbers, of=of)
        if len(rows):
            relative = max(before.relative, *(_relative(known[row], made[row]) for row in rows))
            first = before.update if before.numbers else int(update[rows[0]])
            found = Difference(name, first, numbers, of, relative)
        self[name] = found

    def values(self) -> list[Difference]:  # type: ignore[override]
        """Those of arrays that differ."""
        return [each for each in super().values() if each.numbers]


def _relative(known: NDArray[np.generic], made: NDArray[np.generic]) -> float:
    a, b = (np.asarray(each, np.float64) for each in (known, made))
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    with np.errstate(invalid="ignore", over="ignore"):
        away = np.max(np.abs(a - b), where=~same, initial=0.0)
    scale = np.max(np.abs(a), where=np.isfinite(a), initial=0.0)
    return float(away / scale) if np.isfinite(away) and scale > 0 else float(np.inf) if away else 0.0


def _pieces(made: Walk, group: Group) -> Iterator[slice]:
    """The frames of a group, in parts that fit the memory."""
    plan = made.plans[0]
    each = 16 * plan.particles + 8 * len(plan.watched) * len(part_rows(plan)) + 16 * len(group.loss_particles)
    many = max(1, FRAME_BYTES // each)
    yield slice(0, 1)
    for first in range(1, len(group.update), many):
        yield slice(first, first + many)


def _compare_frames(made: Walk, group: Group, frames: slice, tools: Tools, found: _Differences) -> None:
    """Make the updates up to some frames, and compare these."""
    update, plan = group.update[frames], made.plans[0]
    new = empty_frames(plan, update)
    if made.state.update == update[0]:
        new.position[:], new.parts[:] = position(plan, made.state), np.nan
    elif not advance_segments(made.plans, made.state, int(update[-1]), new, tools.pool, tools.stop, tools.report):
        raise KeyboardInterrupt
    if len(made.particles) < len(group.diverged):
        found.compare("position", update, group.position[frames][:, made.particles], new.position[:, made.places])
        return
    known = {name: getattr(group, name) for name in ("position", "train_loss", "test_loss")} | dict(group.parts)
    for name, values in frame_values(made.plans, new, made.scenario.run.record, tools).items():
        found.compare(name, update, known[name][frames], values)


def _compare_marks(made: Walk, group: Group, found: _Differences) -> None:
    """Compare the updates of divergence and of passages."""
    last, none = int(group.update[-1]), np.array([-1])
    diverged = known_until(made.state.diverged, last)[made.places]
    found.compare("diverged", none, group.diverged[made.particles], diverged)
    if 0 < len(group.entered) == made.state.passages.shape[1]:
        for name, marks in zip(("entered", "left"), known_until(made.state.passages, last), strict=True):
            found.compare(name, none, getattr(group, name)[:, made.particles], marks[:, made.places])
