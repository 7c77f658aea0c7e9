"""A second process that compiles kernels while the first one does: indices first, then the last group's.

numba compiles one function at a time in a process.  The two meet in the cache folder; where both compile the same
kernel, one of the two copies is kept.  Nothing depends on whether the second process gets anywhere.
"""

import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Thread
from time import sleep
from typing import IO

from errsurf.engine.blocks import compile_kernel, compile_order
from errsurf.engine.examples import problem
from errsurf.engine.link import is_compiled
from errsurf.engine.segments import group_rates, group_works
from errsurf.engine.work import Work, threads
from errsurf.records import listing
from errsurf.scenario import Scenario
from errsurf.system.child_process import python_command


@contextmanager
def compiled_ahead(scenario: Scenario, works: Sequence[Sequence[Work]]) -> Iterator[Callable[[int], None]]:
    """Let a second process compile the kernels of these groups' parts, if one of them is not in the cache.

    Gives a function that waits for group k's kernels while the second process is at them.
    """
    missing = [work for group in works for work in group if not _is_ready(work) and work.kernels.__file__]
    if not missing or threads() < 2 or getattr(sys, "frozen", False):
        yield lambda _k: None
        return
    process = subprocess.Popen(
        python_command("errsurf.engine.precompile"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert process.stdin is not None
    begun: set[int] = set()
    Thread(target=_listen, args=(process.stdout, begun), daemon=True).start()

    def wait(k: int) -> None:
        while k in begun and not all(map(_is_ready, works[k])) and process.poll() is None:
            sleep(0.01)

    try:
        with suppress(OSError), process.stdin as pipe:
            pipe.write(pickle.dumps(listing.added()) + pickle.dumps(scenario))
        yield wait
    finally:
        process.kill()
        process.wait()


def _is_ready(work: Work) -> bool:
    return is_compiled(work.kernels, f"{work.loop}_updates")


def _listen(lines: IO[bytes], begun: set[int]) -> None:
    """Note the groups whose kernels the second process has begun to compile, among what a user's files may print."""
    with lines:
        for line in lines:
            if line.strip().isdigit():
                begun.add(int(line))


def main() -> None:
    """Compile the kernels of the scenario that comes through standard input."""
    listing.join(pickle.load(sys.stdin.buffer))
    scenario = pickle.load(sys.stdin.buffer)
    drawn, groups = problem(scenario.surface, scenario.seed), range(len(scenario.optimizer))
    works = [group_works(scenario, drawn, k, group_rates(scenario, k), scenario.seed) for k in groups]
    for each in (work for group in works for work in group):
        compile_order(each)
    for k in reversed(groups):
        sys.stdout.write(f"{k}\n")
        sys.stdout.flush()
        for each in works[k]:
            compile_kernel(each)


if __name__ == "__main__":
    main()
