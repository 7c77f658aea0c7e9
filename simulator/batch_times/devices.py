"""The devices to measure, and the time that a job takes on each."""

import platform
import re
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from threading import Event
from time import perf_counter

import numpy as np

from errsurf.batch_times.jobs import drawing_job
from errsurf.engine.blocks import empty_frames, initial_state
from errsurf.engine.examples import Problem
from errsurf.engine.group_plan import GroupPlan
from errsurf.errors import DeviceFailedError
from errsurf.run.device import chosen_device, no_gpu
from errsurf.scenario import Scenario
from errsurf.starts import positions

Seconds = Callable[[GroupPlan], float]


def devices(scenario: Scenario, problem: Problem, pool: Executor) -> tuple[dict[str, Seconds], dict[str, str]]:
    """By device: a function that times a job's updates of one particle; and why other devices are missing."""
    found, missing = {"cpu": _on("cpu", scenario, pool)}, no_gpu()
    if not missing:
        on_gpu = _on("cuda", scenario, pool)
        try:
            on_gpu(drawing_job(scenario, problem, 1))
            found["cuda"] = on_gpu
        except DeviceFailedError as failure:
            missing = str(failure.__cause__ or failure)
    return found, {"cuda": missing} if missing else {}


def processor() -> str:
    """The processor's name."""
    info = Path("/proc/cpuinfo")
    found = (
        re.search(r"^model name\s*:\s*(.+)$", info.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
        if info.exists()
        else None
    )
    return found[1].strip() if found else platform.processor() or platform.machine()


def _on(name: str, scenario: Scenario, pool: Executor) -> Seconds:
    theta = positions(scenario.swarm._replace(particles=1), scenario.start_seed, rounding=scenario.run.rounding)

    def seconds(job: GroupPlan) -> float:
        device = chosen_device(name, scenario, lambda _text: None)  # a new one holds no other job's tables
        device.compile_kernel(job)
        state, frames = initial_state(job, theta), empty_frames(job, np.empty(0, np.int64))
        began = perf_counter()
        device.advance(job, state, len(job.step_constants), frames, pool, Event(), lambda _updates: None)
        return perf_counter() - began

    return seconds
