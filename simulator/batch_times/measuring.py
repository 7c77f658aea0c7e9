"""All measurements of one call: times by batch size, and a small batch against a large one."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from threading import Lock

import numpy as np

from errsurf.batch_times.devices import devices, processor
from errsurf.batch_times.jobs import sizes
from errsurf.batch_times.quality import PARTICLES, Outcome, outcome, over_the_map, relative_error
from errsurf.batch_times.records import BatchTimes, Row
from errsurf.batch_times.summary import gradient_row, quality_rows, time_rows
from errsurf.batch_times.timing import REPEATS, Progress, timed_series
from errsurf.engine.landscape import Landscape, surface
from errsurf.engine.size import check_size
from errsurf.errors import UserError
from errsurf.scenario import Scenario, updates_per_epoch
from errsurf.starts import positions
from errsurf.system.processors import threads

TIMED = 0.7


def batch_times(
    scenario: Scenario,
    small: int = 1,
    large: int = 1000,
    epochs: int = 1,
    *,
    progress: Progress | None = None,
) -> BatchTimes:
    """Measure the first group of a scenario with batches of 1, 2, 4, ... and all of its examples.

    ``small`` and ``large`` batches are compared after so many epochs from starts all over the map and from the
    scenario's own.  ``progress`` is called with the stage, "kernels" or "updates", and its share.  Raises
    UserError for sizes that are none of this surface, TooLargeError, and KeyboardInterrupt.
    """
    count = scenario.surface.train.examples
    if not 1 <= small < large <= count:
        raise UserError(f"small = {small:,}, large = {large:,}: allowed: 1 <= small < large <= {count:,}, all examples")
    scenario = replace(scenario, run=scenario.run._replace(epochs=epochs, updates=None, frames=2, record=()))
    report = progress or (lambda _stage, _share: None)
    group = scenario.optimizer[0]._replace(batch=small, accumulate=1, changes=())
    check_size(replace(scenario, swarm=scenario.swarm._replace(particles=PARTICLES), optimizer=(group,)), None)
    landscape = surface(scenario)

    def timing(stage: str, share: float) -> None:
        report(stage, share * (TIMED if stage == "updates" else 1))

    with ThreadPoolExecutor(threads()) as pool:
        on, missing = devices(scenario, landscape.problem, pool)
        series = timed_series(scenario, landscape.problem, sizes(count, small, large), on, timing)
        rows, diverged = _quality(scenario, landscape, (small, large), epochs, pool, report)
    return BatchTimes(
        scenario=scenario,
        processor=processor(),
        threads=threads(),
        repeats=REPEATS,
        series=series,
        missing=missing,
        small=small,
        large=large,
        epochs=epochs,
        particles=PARTICLES,
        diverged=diverged,
        rows=(*time_rows(series, (small, large), count), *rows),
    )


def _quality(
    scenario: Scenario, landscape: Landscape, batches: tuple[int, int], epochs: int, pool: Executor, progress: Progress
) -> tuple[list[Row], int]:
    """The rows other than times, and how many particles diverged."""
    over_map = over_the_map(scenario.picture.window or landscape.window)
    swarms = (over_map, scenario.swarm._replace(particles=PARTICLES))
    points = positions(over_map, scenario.start_seed, rounding=scenario.run.rounding)
    replacement = scenario.run.sampling.kind == "replacement"
    errors = [relative_error(landscape, points, batch, replacement=replacement) for batch in batches]
    report = _reporter(scenario, batches, epochs, len(swarms), progress)
    over, own = (
        [outcome(replace(scenario, swarm=swarm), landscape, batch, epochs, pool, report) for batch in batches]
        for swarm in swarms
    )
    gained = float(np.median(landscape.loss(points))) - min(_median(each) for each in over)
    diverged = sum(each.diverged for each in (*over, *own))
    return [gradient_row(*errors), *quality_rows(over, own, gained)], diverged


def _median(ended: Outcome) -> float:
    return float(np.median(ended.train)) if len(ended.train) else np.inf


def _reporter(
    scenario: Scenario, batches: Sequence[int], epochs: int, swarms: int, progress: Progress
) -> Callable[[int], None]:
    count = scenario.surface.train.examples
    total = (
        swarms
        * PARTICLES
        * epochs
        * sum(updates_per_epoch(batch, 1, count, scenario.run.sampling) for batch in batches)
    )
    done, lock = 0, Lock()

    def report(updates: int) -> None:
        nonlocal done
        with lock:
            done += updates
            progress("updates", TIMED + (1 - TIMED) * done / total)

    return report
