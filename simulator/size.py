"""What a run will need, reckoned before anything is allocated."""

import os
import shutil
from pathlib import Path
from typing import NamedTuple

import numpy as np

from simulator.errors import Mistake
from simulator.optimizers import optimizer
from simulator.scenario import Scenario, total_updates

FRAME_BYTES = 1 << 25
LOSS_PARTICLES = 500
EXAMPLE_BYTES = 5 * 8 * 3
ROWS = 12


class TooLarge(Mistake):
    """A run that cannot fit; the message says what it needs, what there is, and what to lower."""


class Size(NamedTuple):
    """Bytes: held in memory while running, and recorded in frames."""

    memory: int
    frames: int


def recorded_frames(scenario: Scenario, updates: int) -> int:
    """Distinct frames of a group that makes so many updates."""
    return updates + 1 if scenario.run.frames == "all" else min(int(scenario.run.frames), updates + 1)


def run_size(scenario: Scenario) -> Size:
    """What a scenario needs, to within a quarter."""
    bytes_each = np.dtype(scenario.run.precision).itemsize
    particles, train = scenario.swarm.particles, scenario.surface.train.examples
    memory = (train + scenario.surface.test.examples) * EXAMPLE_BYTES + FRAME_BYTES + particles * 16
    frames = 0
    for group in scenario.optimizer:
        updates = total_updates(scenario.run, group, train)
        numbers = ROWS + 2 * len(optimizer(group.kind).memory._fields)
        memory += particles * bytes_each * numbers + updates * 8 * 6
        each = particles * 2 * bytes_each + min(particles, LOSS_PARTICLES) * 16
        frames += recorded_frames(scenario, updates) * each
    return Size(memory, frames)


def check_size(scenario: Scenario, folder: Path | None) -> None:
    """Raise TooLarge if the run would not fit the memory, or its frames the disk below ``folder``."""
    need = run_size(scenario)
    memory = need.memory if folder else need.memory + need.frames
    free = available_memory()
    if free is not None and memory > free:
        raise TooLarge(
            f"this run needs about {in_words(memory)} of memory, and {in_words(free)} are free; {_lower(scenario)}"
        )
    if folder:
        free = shutil.disk_usage(folder).free
        if need.frames > free:
            raise TooLarge(
                f"the frames of this run take about {in_words(need.frames)}, and the disk of {folder} has "
                f"{in_words(free)} free; {_lower(scenario)}"
            )


def available_memory() -> int | None:
    """Bytes of memory that a process may take without swapping; None where the system does not say."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration, ValueError):
        pass
    try:
        return int(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, OSError, ValueError):
        return None


def in_words(size: int) -> str:
    """A number of bytes as people read it."""
    value, units = float(size), ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
    while value >= 1000 and len(units) > 1:
        value, units = value / 1000, units[1:]
    return f"{value:.3g} {units[0]}"


def _lower(scenario: Scenario) -> str:
    """The settings that make the run large, with their values."""
    train = scenario.surface.train.examples
    longest = max(total_updates(scenario.run, group, train) for group in scenario.optimizer)
    frames = recorded_frames(scenario, longest)
    parts = [f"swarm.particles (now {scenario.swarm.particles:,})", f"run.frames (now {frames:,})"]
    if longest > 10_000_000:
        parts.append(f"run.updates or run.epochs (now {longest:,} updates)")
    if train > 10_000_000:
        parts.append(f"surface.examples (now {train:,})")
    return f"lower {', '.join(parts)}"
