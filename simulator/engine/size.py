"""Memory and disk space of a run, computed before anything is allocated."""

import shutil
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import NamedTuple

import numpy as np

from errsurf.engine.kept_orders import ORDER_BYTES
from errsurf.engine.rule import group_rule, memory_rows, part_shapes
from errsurf.errors import TooLargeError
from errsurf.sampling.particles import LOSS_PARTICLES, watched_particles
from errsurf.scenario import OptimizerGroup, Scenario, total_updates
from errsurf.scenario.frame_marks import frame_count, longest_group
from errsurf.surfaces import surface
from errsurf.system.memory import available_memory, in_words

FRAME_BYTES = 1 << 25
EXAMPLE_BYTES = 480
COEFFICIENT_BYTES = 20
PARTICLE_BYTES = 160
UPDATE_BYTES = 48
ROWS = 12


class Size(NamedTuple):
    """Bytes: held in memory while running, and recorded in frames."""

    memory: int
    frames: int


def recorded_frames(scenario: Scenario, updates: int) -> int:
    """Distinct frames of a group that makes so many updates."""
    return min(frame_count(scenario.run, longest_group(scenario)), updates + 1)


def run_size(scenario: Scenario) -> Size:
    """What a scenario needs, memory up to three times what was measured."""
    memory, frames = _parts_of_memory(scenario), _bytes_of_frames(scenario)
    return Size(FRAME_BYTES + ORDER_BYTES + sum(memory.values()), frames)


def check_size(scenario: Scenario, folder: Path | None, kept: Path | None = None) -> None:
    """Raise TooLargeError if the run does not fit into memory, or its frames onto the disk of ``folder``.

    The arrays of the folder ``kept`` are there already.
    """
    need, parts = run_size(scenario), _parts_of_memory(scenario)
    if not folder:
        half = need.frames // 2
        parts |= {"swarm.particles": parts["swarm.particles"] + half, "run.frames": need.frames - half}
    check_memory(scenario, parts)
    if folder:
        home = next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.exists())
        disk = shutil.disk_usage(home)
        there = sum(file.stat().st_size for file in kept.glob("*/*.npy")) if kept else 0
        if disk.total and need.frames - there > disk.free:
            causes = dict.fromkeys(("swarm.particles", "run.frames"), 1)
            raise TooLargeError(
                f"{scenario.name}: its frames take about {in_words(need.frames - there)}, and the disk of {home} has "
                f"{in_words(disk.free)} free; {_lower(scenario, causes, {})}"
            )


def check_memory(scenario: Scenario, parts: Mapping[str, int], options: Mapping[str, int] | None = None) -> None:
    """Raise TooLargeError if parts, bytes by the setting that causes them, do not fit the memory together.

    Settings are keys of the scenario, or ``options`` of a command with their values.
    """
    need, free = FRAME_BYTES + ORDER_BYTES + sum(parts.values()), available_memory()
    if free is not None and need > free:
        raise TooLargeError(
            f"{scenario.name}: needs about {in_words(need)} of memory, and {in_words(free)} are free; "
            f"{_lower(scenario, parts, options or {})}"
        )


def example_bytes(scenario: Scenario) -> dict[str, int]:
    """Bytes of the examples, by the setting that causes them."""
    keys = ("surface.examples", "surface.test.examples")
    parts = {key: draws.examples * EXAMPLE_BYTES for key, draws in zip(keys, scenario.surface[2:4], strict=True)}
    if lookup := surface(scenario.surface.kind).lookup:
        for key, draws in zip(keys, scenario.surface[2:4], strict=True):
            parts[key] += prod(lookup.size(draws.settings, draws.examples)) * COEFFICIENT_BYTES
    return parts


def rate_bytes(scenario: Scenario) -> dict[str, int]:
    """Bytes of the learning rates of all updates, by the setting that causes them."""
    key = "run.updates" if scenario.run.updates is not None else "run.epochs"
    return {key: sum(_updates(scenario)) * UPDATE_BYTES}


def state_bytes(scenario: Scenario, group: OptimizerGroup) -> int:
    """Bytes of a particle of this group while it runs."""
    marks = 2 * len(scenario.regions)
    rows = ROWS + len(memory_rows(group_rule(group))) + marks
    return np.dtype(scenario.run.precision).itemsize * rows + np.dtype(np.int64).itemsize * marks


def _parts_of_memory(scenario: Scenario) -> dict[str, int]:
    """Bytes by the setting that causes them; the tables are counted with what drawing and sorting them takes."""
    each = PARTICLE_BYTES + sum(state_bytes(scenario, group) for group in scenario.optimizer)
    return {"swarm.particles": scenario.swarm.particles * each, **example_bytes(scenario), **rate_bytes(scenario)}


def _bytes_of_frames(scenario: Scenario) -> int:
    particles = scenario.swarm.particles
    each = particles * 2 * np.dtype(scenario.run.precision).itemsize + min(particles, LOSS_PARTICLES) * 16
    watched, frames = len(watched_particles(particles, scenario.run.record_particles)), 0
    for group, updates in zip(scenario.optimizer, _updates(scenario), strict=True):
        numbers = sum(prod(shape) for shape in part_shapes(group_rule(group), scenario.run.record, watched).values())
        frames += (each + 8 * numbers) * recorded_frames(scenario, updates)
    return frames


def _lower(scenario: Scenario, parts: Mapping[str, int], options: Mapping[str, int]) -> str:
    """The settings that cause most of the need, with their values."""
    now = {
        "swarm.particles": scenario.swarm.particles,
        "surface.examples": scenario.surface.train.examples,
        "surface.test.examples": scenario.surface.test.examples,
        "run.frames": max(recorded_frames(scenario, updates) for updates in _updates(scenario)),
        "run.updates": scenario.run.updates or 0,
        "run.epochs": scenario.run.epochs or 0,
        **options,
    }
    large = [key for key, size in parts.items() if 4 * size >= max(parts.values())]
    return f"lower {' or '.join(f'{key} (now {now[key]:,})' for key in large)}"


def _updates(scenario: Scenario) -> list[int]:
    """Updates of each group."""
    train = scenario.surface.train.examples
    return [total_updates(scenario.run, group, train) for group in scenario.optimizer]
