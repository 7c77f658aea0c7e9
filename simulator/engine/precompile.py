"""A second process that helps to compile kernels: indices first, then the groups' from the last one backwards.

numba compiles one function at a time in a process.  The two processes share the cache folder; if both compile the same
kernel, one copy is kept.  The run does not depend on the second process.
"""

import pickle
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Thread
from time import sleep
from typing import IO

from errsurf.engine.blocks import compile_kernel
from errsurf.engine.examples import problem
from errsurf.engine.group_plan import GroupPlan
from errsurf.engine.indices import compile_order
from errsurf.engine.link import is_compiled
from errsurf.engine.segments import group_plans, group_rates
from errsurf.records import listing
from errsurf.scenario import Scenario
from errsurf.system import compiling
from errsurf.system.child_process import helper
from errsurf.system.processors import threads


@contextmanager
def precompiled(scenario: Scenario, plans: Sequence[Sequence[GroupPlan]]) -> Iterator[Callable[[int], None]]:
    """Compile the kernels of these groups' plans in a second process, if one of them is not in the cache.

    Yields a function that waits for group k's kernels while the second process compiles them.
    """
    missing = [plan for group in plans for plan in group if not _is_ready(plan) and plan.kernels.__file__]
    if not missing or threads() < 2 or getattr(sys, "frozen", False):
        yield lambda _k: None
        return
    given = pickle.dumps(listing.added()) + pickle.dumps(scenario)
    process = helper("errsurf.engine.precompile", given, heard=True)
    assert process.stdout is not None
    begun: set[int] = set()
    Thread(target=_listen, args=(process.stdout, begun), daemon=True).start()

    def wait(k: int) -> None:
        compiling.begun(__name__)
        while k in begun and not all(map(_is_ready, plans[k])) and process.poll() is None:
            sleep(0.01)
        compiling.ended(__name__)

    try:
        yield wait
    finally:
        process.kill()
        process.wait()


def _is_ready(plan: GroupPlan) -> bool:
    return is_compiled(plan.kernels, f"{plan.loop}_updates")


def _listen(lines: IO[bytes], begun: set[int]) -> None:
    """Collect the groups whose kernels the second process has begun to compile; other lines come from users' files."""
    with lines:
        for line in lines:
            if line.strip().isdigit():
                begun.add(int(line))


def main() -> None:
    """Compile the kernels of the scenario that comes through standard input."""
    listing.join(pickle.load(sys.stdin.buffer))
    scenario = pickle.load(sys.stdin.buffer)
    data, groups = problem(*scenario.drawn_from), range(len(scenario.optimizer))
    plans = [group_plans(scenario, data, k, group_rates(scenario, k), scenario.run_seed) for k in groups]
    for each in (plan for group in plans for plan in group):
        compile_order(each)
    for k in reversed(groups):
        sys.stdout.write(f"{k}\n")
        sys.stdout.flush()
        for each in plans[k]:
            compile_kernel(each)


if __name__ == "__main__":
    main()
