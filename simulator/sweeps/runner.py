"""The threads that compute cells of a sweep: kernels release the interpreter's lock."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Event
from typing import TypeAlias

from errsurf.sweeps.computing import Rows
from errsurf.system.processors import threads

WAITING = 2
"""Cells for each thread that are handed out at once, so that none waits for the next."""
Compute: TypeAlias = Callable[[int], Rows | None]
Runner: TypeAlias = Callable[[Iterable[int], Compute, Event], Iterator[tuple[int, Rows]]]


def in_threads(cells: Iterable[int], compute: Compute, stop: Event) -> Iterator[tuple[int, Rows]]:
    """The rows of these cells as they are finished, each computed in a thread.

    When ``stop`` is set, cells in progress end without rows.  What a cell raises is raised after the rows of those
    that were finished before.
    """
    at_once = WAITING * threads()
    running: dict[Future[Rows | None], int] = {}
    with ThreadPoolExecutor(threads()) as pool:
        try:
            for k in cells:
                if stop.is_set():
                    break
                running[pool.submit(compute, k)] = k
                if len(running) >= at_once:
                    yield from _finished(running)
            while running:
                yield from _finished(running)
        finally:
            if running:
                stop.set()
                for future in running:
                    future.cancel()


def _finished(running: dict[Future[Rows | None], int]) -> Iterator[tuple[int, Rows]]:
    """Wait for the next cells, and take them out of those that are running."""
    done = wait(running, return_when=FIRST_COMPLETED).done
    pairs = sorted((running.pop(future), future) for future in done)
    failed = [future for _, future in pairs if future.exception()]
    for k, future in pairs:
        if future not in failed and (rows := future.result()) is not None:
            yield k, rows
    for future in failed:
        future.result()
