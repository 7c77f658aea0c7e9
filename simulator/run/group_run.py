"""One group while it runs: its plans and state, and the recordings that its frames go to."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.blocks import Frames, State, empty_frames, initial_state, position
from errsurf.engine.examples import Problem
from errsurf.engine.group_plan import GroupPlan
from errsurf.engine.landscape import Landscape
from errsurf.engine.marks import known_until
from errsurf.engine.rule import group_rule, part_shapes
from errsurf.engine.segments import (
    advance_segments,
    all_update_parts,
    group_examples_seen,
    group_plans,
    group_rates,
    plan_at,
)
from errsurf.engine.state_layout import packed, packed_rows, unpacked
from errsurf.errors import StoredError
from errsurf.run.checkpoint import CHECKPOINT, GroupState
from errsurf.run.device import Device
from errsurf.run.recording import FileRecording, MemoryRecording, Recording
from errsurf.run.result import Group
from errsurf.sampling.particles import watched_particles
from errsurf.scenario import OptimizerGroup, Scenario
from errsurf.scenario.frame_marks import frame_updates, longest_group
from errsurf.starts import positions
from errsurf.system.processors import threads

RECORDED = ("position", "train_loss", "test_loss")
PIECE_SECONDS, FIRST_GRADIENTS = 1.0, 1 << 26


@dataclass
class GroupRun:
    """One group while it runs.

    ``marks`` are its updates at the frames that all groups share, ``frames`` the distinct ones among them.
    """

    group: OptimizerGroup
    device: Device
    plans: list[GroupPlan]
    state: State
    lr: NDArray[np.float64]
    marks: NDArray[np.int64]
    frames: NDArray[np.int64]
    recordings: dict[str, Recording]
    recorded: list[NDArray[np.int64]]
    record: tuple[str, ...]
    timings: list[tuple[int, float]] = field(default_factory=list)

    @property
    def plan(self) -> GroupPlan:
        """The plan of the group's first segment."""
        return self.plans[0]

    @property
    def mark(self) -> int:
        """The last of the marks that are reached."""
        return int(np.searchsorted(self.marks, self.state.update, side="right")) - 1


class Tools(NamedTuple):
    """What all groups run with.

    ``report`` is told of updates.  ``save`` is called where all states are whole; None where the run is not saved.
    """

    landscape: Landscape
    sample: NDArray[np.int64]
    pool: Executor
    stop: Event
    report: Callable[[int], None]
    save: Callable[..., None] | None = None


def group_folder(k: int, label: str) -> str:
    """Name of group k's folder: its number and the safe characters of its label."""
    safe = "".join(c if c.isalnum() or c in "._-" else "-" for c in label.replace(" ", "-"))
    return f"{k}-{safe[:60].rstrip('.-') or 'group'}"


def prepare_group(
    scenario: Scenario,
    data: Problem,
    k: int,
    folder: Path | None,
    sampled: int,
    device: Device,
    pool: Executor,
    saved: GroupState | None = None,
) -> GroupRun:
    """Group k before its first update, or as it was ``saved``; its recordings are opened."""
    group, run = scenario.optimizer[k], scenario.run
    lr = group_rates(scenario, k)
    plans = group_plans(scenario, data, k, lr, scenario.run_seed)
    if saved is None:
        state = initial_state(plans[0], positions(scenario.swarm, scenario.start_seed, group.at, run.rounding))
    else:
        state = _restored(plans, saved)
    marks = frame_updates(scenario, len(lr), longest_group(scenario))
    frames, kept = np.unique(marks), 0 if saved is None else saved.frames
    place = None if folder is None else folder / group_folder(k, group.label)
    if place is not None:
        place.mkdir(exist_ok=True)
    shapes = frame_shapes(scenario, k, len(frames), sampled)
    recordings: dict[str, Recording] = {
        name: FileRecording(place / f"{name}.npy", *shape, pool, kept) if place else MemoryRecording(*shape)
        for name, shape in shapes.items()
    }
    timings = [] if saved is None else [(int(n), float(seconds)) for n, seconds in saved.timings if n]
    recorded = [frames[:kept]] if kept else []
    return GroupRun(group, device, plans, state, lr, marks, frames, recordings, recorded, run.record, timings)


def _restored(plans: list[GroupPlan], saved: GroupState) -> State:
    """The state that was saved, in the layout of the plan that makes the next update."""
    plan = plan_at(plans, saved.packed.update)
    if len(saved.packed.numbers) != packed_rows(plan):
        raise StoredError(f"{CHECKPOINT}: holds other numbers than `{plan.rule.optimizer.update.__module__}` remembers")
    return unpacked(plan, saved.packed)


def frame_shapes(scenario: Scenario, k: int, frames: int, sampled: int) -> dict[str, tuple[tuple[int, ...], Any]]:
    """Shape and type of each array that so many frames of group k make, with losses of ``sampled`` particles."""
    particles, run = scenario.swarm.particles, scenario.run
    watched = len(watched_particles(particles, run.record_particles))
    parts = part_shapes(group_rule(scenario.optimizer[k]), run.record, watched)
    return {
        "position": ((frames, particles, 2), run.precision),
        "train_loss": ((frames, sampled), np.float64),
        "test_loss": ((frames, sampled), np.float64),
        **{name: ((frames, *shape), np.float64) for name, shape in parts.items()},
    }


def keep_start(each: GroupRun, tools: Tools) -> None:
    """Record the frame before the first update, unless it is recorded."""
    if each.recorded:
        return
    first = empty_frames(each.plan, np.array([0]))
    first.position[:] = position(each.plan, each.state)
    first.parts[:] = np.nan
    _keep(each, first, tools)


def advance_group(each: GroupRun, until: int, tools: Tools) -> bool:
    """Advance a group to a mark, and record; False, with an invalid state, if it was stopped meanwhile."""
    last = int(each.marks[until])
    while each.state.update < last:
        piece = last - each.state.update if tools.save is None else _piece(each)
        if not _advance(each, min(last, each.state.update + piece), tools):
            return False
        if tools.save is not None:
            tools.save()
    return True


def _piece(each: GroupRun) -> int:
    """So many updates that the next checkpoint is not far."""
    updates, seconds = np.sum(each.timings, axis=0) if each.timings else (0, 0.0)
    first = FIRST_GRADIENTS // (each.plan.particles * each.plan.batches.examples_an_update)
    return max(1, int(PIECE_SECONDS * updates / seconds) if seconds > 0 else first)


def _advance(each: GroupRun, last: int, tools: Tools) -> bool:
    first = each.state.update
    kept = each.frames[slice(*np.searchsorted(each.frames, (first, last), side="right"))]
    frames = empty_frames(each.plan, kept)
    began = perf_counter()
    if not advance_segments(
        each.plans, each.state, last, frames, tools.pool, tools.stop, tools.report, each.device.advance
    ):
        return False
    each.timings.append((last - first, perf_counter() - began))
    if len(kept):
        _keep(each, frames, tools)
    return True


def _keep(each: GroupRun, frames: Frames, tools: Tools) -> None:
    for name, values in frame_values(each.plans, frames, each.record, tools).items():
        each.recordings[name].append(values)
    each.recorded.append(frames.update)


def frame_values(
    plans: list[GroupPlan], frames: Frames, record: tuple[str, ...], tools: Tools
) -> dict[str, NDArray[Any]]:
    """What is recorded of some frames, by the names of the arrays."""
    found = losses(tools.landscape, frames.position[:, tools.sample], tools.pool)
    return {"position": frames.position, **found, **all_update_parts(plans, frames, record)}


def losses(landscape: Landscape, position: NDArray[Any], pool: Executor) -> dict[str, NDArray[np.float64]]:
    """The "train_loss" and the "test_loss" of particles at frames; ``position`` is (frames, particles, 2)."""
    if not position.size:
        return {name: np.empty(position.shape[:2]) for name in ("train_loss", "test_loss")}
    parts = np.array_split(position.reshape(-1, 2), threads())
    found = {which: [pool.submit(landscape.loss, part, which) for part in parts] for which in ("train", "test")}
    return {
        f"{which}_loss": np.concatenate([task.result() for task in tasks]).reshape(position.shape[:2])
        for which, tasks in found.items()
    }


def saved_group(each: GroupRun) -> GroupState:
    """The state of a group, for a checkpoint."""
    first, rest = each.timings[:1], each.timings[1:]
    timings = np.array([np.sum(part or [(0, 0.0)], axis=0) for part in (first, rest)])
    kept = packed(plan_at(each.plans, each.state.update), each.state)
    return GroupState(sum(map(len, each.recorded)), kept, timings)


def finished_group(scenario: Scenario, k: int, each: GroupRun, sample: NDArray[np.int64]) -> Group:
    """Group k as far as it is recorded; its recordings are closed."""
    frames = sum(map(len, each.recorded))
    arrays = {name: recording.close(frames) for name, recording in each.recordings.items()}
    marks = each.state.diverged, each.state.passages
    return recorded_group(
        scenario, k, np.concatenate(each.recorded), arrays, sample, marks, group_seconds(each.timings)
    )


def recorded_group(
    scenario: Scenario,
    k: int,
    update: NDArray[np.int64],
    arrays: Mapping[str, NDArray[Any]],
    sample: NDArray[np.int64],
    marks: tuple[NDArray[np.int64], NDArray[np.int64]],
    seconds: float,
) -> Group:
    """Group k with frames after ``update`` updates; ``marks`` are the updates of divergence and of passages."""
    group, lr = scenario.optimizer[k], group_rates(scenario, k)
    diverged, (entered, left) = (known_until(each, int(update[-1])) for each in marks)
    particles, run = scenario.swarm.particles, scenario.run
    return Group(
        label=group.label,
        kind=group.kind,
        update=update,
        examples_seen=group_examples_seen(scenario, k, update),
        lr=lr[np.minimum(update, len(lr) - 1)],
        loss_particles=sample,
        diverged=diverged,
        watched=watched_particles(particles, run.record_particles) if run.record else np.empty(0, np.int64),
        seconds=seconds,
        entered=entered,
        left=left,
        parts={name: array for name, array in arrays.items() if name not in RECORDED},
        **{name: arrays[name] for name in RECORDED},
    )


def group_seconds(timings: Sequence[tuple[int, float]] | NDArray[np.float64]) -> float:
    """Time of all updates; the first measurement, with cold caches, is replaced by the mean of the others."""
    updates, seconds = np.array(timings).reshape(-1, 2).T
    later = slice(1, None) if len(timings) > 1 and updates[1:].any() else slice(None)
    return float(seconds[later].sum() / max(updates[later].sum(), 1) * updates.sum())
