"""The threads that compute cells of a sweep: kernels release the interpreter's lock."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Event
from typing import TypeAlias

from errsurf.errors import ErrsurfError, RunError, reason
from errsurf.sweeps.cells import Cells, cell_words
from errsurf.sweeps.computing import Rows, RowsOf, Shared, cell_rows
from errsurf.system.processors import threads

WAITING = 2
"""Cells for each thread that are handed out at once, so that none waits for the next."""
Say: TypeAlias = Callable[[str], None]
Runner: TypeAlias = Callable[[Cells, Sequence[int], Event], Iterator[tuple[int, Rows]]]
"""Gives the rows of some cells as they are finished, until it is told to stop."""


def in_threads(
    cells: Cells, wanted: Sequence[int], stop: Event, rows_of: RowsOf | None = None
) -> Iterator[tuple[int, Rows]]:
    """The rows of some cells as they are finished, each computed in a thread; ``rows_of`` makes more of a run.

    When ``stop`` is set, cells in progress end without rows.  What a cell raises is raised after the rows of those
    that were finished before.
    """
    at_once, shared = WAITING * threads(), Shared()
    running: dict[Future[Rows | None], int] = {}
    with ThreadPoolExecutor(threads()) as pool:
        try:
            for k in wanted:
                if stop.is_set():
                    break
                running[pool.submit(_computed, cells, k, shared, stop, rows_of)] = k
                if len(running) >= at_once:
                    yield from _finished(running)
            while running:
                yield from _finished(running)
        finally:
            if running:
                stop.set()
                for future in running:
                    future.cancel()


def _computed(cells: Cells, k: int, shared: Shared, stop: Event, rows_of: RowsOf | None) -> Rows | None:
    """The rows of cell k, which an unforeseen error names."""
    try:
        return cell_rows(cells.scenario(k), shared, stop, rows_of)
    except ErrsurfError:
        raise
    except Exception as error:
        raise RunError(f"cell {cell_words(cells.changes(k))}: {reason(error)}") from error


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
