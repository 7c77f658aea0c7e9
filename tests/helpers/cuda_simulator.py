"""Runs of CUDA kernels that Python makes, thread by thread, in a process of its own.

As a program it reads pickled calls, the name of a function below with its arguments, and writes pickled answers.
numba's simulator waits for threads in a busy loop; a barrier takes a tenth of the time, and breaks if one misses it.
"""

import os
import pickle
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np


class Simulator:
    """The process, and what it is asked."""

    def __init__(self) -> None:
        environment = os.environ | {"NUMBA_ENABLE_CUDASIM": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        command = [sys.executable, __file__]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd=Path(__file__).parent
        )

    def __call__(self, function: str, *arguments: Any, **options: Any) -> Any:
        """The answer of one of the functions below; its exception is raised here."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        pickle.dump((function, arguments, options), self.process.stdin)
        self.process.stdin.flush()
        answer = pickle.load(self.process.stdout)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def close(self) -> None:
        """End the process."""
        self.process.communicate()


@contextmanager
def on_gpu(lanes: int | None = None, free: float = float("inf")) -> Iterator[Any]:
    """A GPU that has one multiprocessor, on which ``lanes`` threads share a particle."""
    from errsurf.gpu import driver, layout

    chosen = layout.lanes_of if lanes is None else lambda *_: lanes
    machine = layout.Machine("simulated", 1, free)
    with patch.object(layout, "lanes_of", chosen), patch.object(driver, "machine", lambda: machine):
        yield driver.Gpu()


def trajectory(*case: Any, lanes: int | None = None, free: float = float("inf"), **options: Any) -> Any:
    """As ``run`` of engine_cases, of a problem named as there, or given."""
    from errsurf.engine import blocks
    from helpers import engine_cases

    problem, *rest = case
    problem = engine_cases.example_problem(*problem) if isinstance(problem[0], str) and len(problem) == 2 else problem
    with on_gpu(lanes, free) as gpu, patch.object(blocks, "advance", gpu.advance):
        return engine_cases.run(problem, *rest, **options)


def simulated(tables: dict[str, Any], device: str, failing: int | None = None, **machine: Any) -> Any:
    """A run of a scenario, its groups as plain dictionaries, and what was said; launch ``failing`` fails."""
    from errsurf.gpu import device as asked
    from errsurf.gpu import driver
    from errsurf.run import device as chosen
    from errsurf.run.simulation import simulate
    from errsurf.scenario import scenario_from

    said: list[str] = []
    launch, made = driver._launch, 0

    def some_fail(*arguments: Any) -> None:
        nonlocal made
        made += 1
        if made - 1 == failing:
            raise MemoryError("CUDA_ERROR_OUT_OF_MEMORY")
        launch(*arguments)

    there = asked.Device("simulated", "a simulated GPU")
    with (
        on_gpu(**machine),
        patch.object(asked, "device", lambda: there),
        patch.object(chosen, "SECONDS_TO_GAIN", 0.0),
        patch.object(chosen, "THREADS_TO_GAIN", 1),
        patch.object(driver, "_launch", some_fail),
    ):
        result = simulate(scenario_from(tables), device=device, say=said.append)
    return {group.label: vars(group) for group in result.groups}, result.device, said


def _run_block(manager: Any, grid_point: Any, *arguments: Any) -> None:
    """Instead of numba's own: all threads of a block, until the last one is done."""
    from numba.cuda.simulator.kernel import BlockThread

    barrier, errors = threading.Barrier(int(np.prod(manager._block_dim))), []

    def target() -> None:
        try:
            manager._f(*arguments)
        except BaseException as error:
            errors.append(error)
            barrier.abort()

    threads = [BlockThread(target, manager, grid_point, place, False) for place in np.ndindex(*manager._block_dim)]
    for thread in threads:
        thread.syncthreads = barrier.wait
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise next((e for e in errors if not isinstance(e, threading.BrokenBarrierError)), errors[0])


def main() -> None:
    """Answer until there are no more calls; what kernels print by warnings about overflow is meant."""
    from numba.cuda.simulator.kernel import BlockManager

    warnings.simplefilter("ignore")
    BlockManager.run = _run_block
    while True:
        try:
            function, arguments, options = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        with redirect_stdout(sys.stderr):
            try:
                answer = globals()[function](*arguments, **options)
            except Exception as error:
                answer = error
        pickle.dump(answer, sys.stdout.buffer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
