"""A second process that compiles kernels while the first one compiles and runs: the last group's first.

numba compiles one function at a time in a process.  The two meet in the cache folder; where both compile the same
kernel, one of the two copies is kept.  Nothing depends on whether the second process gets anywhere.
"""

import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from threading import Event

import numpy as np

import surfaces
from simulator import optimizers
from simulator.engine.blocks import advance, empty_frames, start
from simulator.engine.link import is_compiled
from simulator.engine.work import Work, threads
from simulator.group_work import group_rates, group_work
from simulator.problem import problem
from simulator.scenario import Scenario


@contextmanager
def compiled_ahead(scenario: Scenario, works: Sequence[Work]) -> Iterator[None]:
    """Let a second process compile the kernels of these groups, if more than one of them is not in the cache."""
    missing = {id(work.kernels) for work in works if not is_compiled(work.kernels, f"{work.loop}_updates")}
    if len(missing) < 2 or threads() < 2 or getattr(sys, "frozen", False):
        yield
        return
    process = subprocess.Popen(
        [sys.executable, "-m", "simulator.ahead"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        assert process.stdin is not None
        folders = [list(package.__path__) for package in (surfaces, optimizers)]
        with suppress(OSError), process.stdin as pipe:
            pipe.write(pickle.dumps(folders) + pickle.dumps(scenario))
        yield
    finally:
        process.kill()
        process.wait()


def compile_kernel(work: Work) -> None:
    """Compile a group's kernel by one update of one particle."""
    with ThreadPoolExecutor(1) as pool:
        state = start(work, np.zeros((work.particles, 2)))
        advance(work, state, 1, empty_frames(work, np.array([1])), pool, Event(), lambda _updates: None)


def main() -> None:
    """Compile the kernels of the scenario that comes through standard input."""
    surfaces.__path__, optimizers.__path__ = pickle.load(sys.stdin.buffer)
    scenario = pickle.load(sys.stdin.buffer)
    drawn = problem(scenario.surface, scenario.seed)
    for k in reversed(range(len(scenario.optimizer))):
        job = group_work(scenario, drawn, k, group_rates(scenario, k), scenario.seed)
        compile_kernel(replace(job, particles=1))


if __name__ == "__main__":
    main()
