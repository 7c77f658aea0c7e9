"""Reading a result folder and checking it against its scenario: the summary, and the arrays of a group."""

from collections.abc import Iterator, Mapping
from math import nan
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.engine.rule import group_rule, part_shapes
from errsurf.errors import StoredError
from errsurf.results.stored import stored_array, stored_table
from errsurf.run.checkpoint import Checkpoint, GroupState, read_checkpoint
from errsurf.run.group_run import frame_shapes, group_folder, group_seconds, recorded_group
from errsurf.run.result import Group
from errsurf.sampling.particles import evenly
from errsurf.scenario import Scenario, total_updates
from errsurf.scenario.frame_marks import frame_updates, longest_group
from errsurf.scenario.scenario import rate_each

SMALL = ("update", "examples_seen", "lr", "loss_particles", "diverged", "watched")
PASSAGES = ("entered", "left")
LOSSES = ("train_loss", "test_loss")
MAX_LETTERS, MAX_SECONDS = 200, 1e12


class Summary(NamedTuple):
    """Device and times of a run; ``seconds`` of each group, NaN if not measured."""

    device: str
    wall_time: float
    complete: bool
    seconds: list[float]


def read_summary(folder: Path, groups: int) -> Summary:
    """Read ``summary.json`` of a run with ``groups`` groups; raises StoredError."""
    table = stored_table(folder, "summary.json")
    device, wall_time, complete, rows = (table.get(key) for key in ("device", "wall_time", "complete", "groups"))
    if not isinstance(device, str) or not device.isprintable() or len(device) > MAX_LETTERS:
        raise StoredError("summary.json: `device` is not a text of one line")
    if not isinstance(complete, bool):
        raise StoredError("summary.json: `complete` is not true or false")
    if not isinstance(rows, list) or len(rows) != groups or not all(isinstance(row, dict) for row in rows):
        raise StoredError(f"summary.json: `groups` does not hold {groups} tables, one a group of the scenario")
    measured = [row.get("seconds") for row in rows]
    seconds = [nan if each is None else _duration("seconds", each) for each in measured]
    return Summary(device, _duration("wall_time", wall_time), complete, seconds)


def _duration(key: str, value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < MAX_SECONDS:
        raise StoredError(f"summary.json: `{key}` is not a number of seconds")
    return float(value)


def read_group(folder: Path, scenario: Scenario, k: int, seconds: float) -> Group:
    """Group k of a result folder; its trajectories are memory-mapped.  Raises StoredError."""
    group, particles = scenario.optimizer[k], scenario.swarm.particles
    updates = total_updates(scenario.run, group, scenario.surface.train.examples)
    place = group_folder(k, group.label)

    def read(name: str, shape: tuple[int | range, ...], dtype: Any = np.int64, *, mapped: bool = False) -> Any:
        return stored_array(folder, f"{place}/{name}.npy", shape, dtype, mapped=mapped)

    arrays = {
        "update": (update := read("update", (range(1, updates + 2),))),
        "examples_seen": read("examples_seen", update.shape),
        "lr": read("lr", update.shape + (2,) * rate_each(group), np.float64),
        "loss_particles": (sample := read("loss_particles", (range(particles + 1),))),
        "diverged": read("diverged", (particles,)),
        "watched": (watched := read("watched", (range(particles + 1),))),
        "position": read("position", (len(update), particles, 2), scenario.run.precision, mapped=True),
        "train_loss": read("train_loss", (len(update), len(sample)), np.float64, mapped=True),
        "test_loss": read("test_loss", (len(update), len(sample)), np.float64, mapped=True),
    }
    if scenario.regions and (folder / place / "entered.npy").exists():
        crossed = (len(scenario.regions), particles)
        arrays |= {"entered": read("entered", crossed), "left": read("left", crossed)}
    shapes = part_shapes(group_rule(group), scenario.run.record, len(watched))
    parts = {name: read(name, (len(update), *shape), np.float64, mapped=True) for name, shape in shapes.items()}
    for name, problem in _problems(arrays, particles, updates):
        raise StoredError(f"{place}/{name}.npy: {problem}")
    return Group(label=group.label, kind=group.kind, parts=parts, seconds=seconds, **arrays)


def read_unfinished(folder: Path, scenario: Scenario) -> tuple[Checkpoint, list[Group]]:
    """The groups of a run that goes on, or was killed, as far as its checkpoint covers them.  Raises StoredError."""
    found = read_checkpoint(folder, scenario)
    if found is None:
        raise StoredError("this run has recorded nothing so far")
    return found, [_unfinished_group(folder, scenario, k, each) for k, each in enumerate(found.groups)]


def _unfinished_group(folder: Path, scenario: Scenario, k: int, state: GroupState) -> Group:
    """Group k of a run, as far as it is recorded; its trajectories are memory-mapped."""
    group, particles = scenario.optimizer[k], scenario.swarm.particles
    updates = total_updates(scenario.run, group, scenario.surface.train.examples)
    update = np.unique(frame_updates(scenario, updates, longest_group(scenario)))[: state.frames]
    arrays = {}
    for name, ((frames, *rest), dtype) in frame_shapes(scenario, k, updates + 1, particles).items():
        shape = [range(state.frames, frames + 1), *(range(particles + 1) if name in LOSSES else n for n in rest)]
        file = f"{group_folder(k, group.label)}/{name}.npy"
        arrays[name] = stored_array(folder, file, shape, dtype, mapped=True, first=state.frames)
    sample = evenly(particles, arrays["train_loss"].shape[1]) if scenario.run.losses else np.empty(0, np.int64)
    marks = state.packed.diverged, state.packed.passages
    found = recorded_group(scenario, k, update, arrays, sample, marks, group_seconds(state.timings))
    for name, problem in _problems(vars(found), particles, updates):
        raise StoredError(f"{group_folder(k, group.label)}/{name}.npy: {problem}")
    return found


def _problems(arrays: Mapping[str, NDArray[Any]], particles: int, updates: int) -> Iterator[tuple[str, str]]:
    """Names of arrays with impossible values, and what is wrong with them."""
    for name, most in (("update", updates), ("loss_particles", particles - 1), ("watched", particles - 1)):
        values = arrays[name]
        if len(values) and not (values[0] >= 0 and values[-1] <= most and (values[1:] > values[:-1]).all()):
            yield name, f"does not increase within 0 to {most:,}"
    seen, diverged, last = arrays["examples_seen"], arrays["diverged"], arrays["update"][-1]
    if seen[0] < 0 or (seen[1:] < seen[:-1]).any():
        yield "examples_seen", "does not increase from 0"
    if diverged.min() < -1 or diverged.max() > last:
        yield "diverged", f"contains updates that were not made; allowed: -1 to {last:,}"
    for name in PASSAGES:
        if name in arrays and arrays[name].size and (arrays[name].min() < -1 or arrays[name].max() > last):
            yield name, f"contains updates that were not made; allowed: -1 to {last:,}"
    if not all(np.isfinite(arrays["position"][frame]).all() for frame in (0, -1)):
        yield "position", "contains numbers that are not finite"
