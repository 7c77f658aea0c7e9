"""Seconds of one update by batch size, on every available device."""

from collections.abc import Callable, Mapping, Sequence
from math import inf
from statistics import median
from typing import NamedTuple

from errsurf.batch_times.devices import Seconds
from errsurf.batch_times.jobs import drawing_job, lengthened, lying_job, serial
from errsurf.batch_times.records import Series
from errsurf.engine.examples import Problem
from errsurf.engine.group_plan import GroupPlan
from errsurf.measures.intervals import Estimate
from errsurf.scenario import Scenario

Progress = Callable[[str, float], None]

SECONDS, STEADY = 0.01, 0.7
REPEATS = 9
CUT = 1  # the second smallest and second largest of nine hold the median 96% of the time, by the binomial distribution


class Case(NamedTuple):
    """A batch size on a device: seconds that a job takes there, and the job, over as many updates as are timed."""

    device: str
    drawn: bool
    batch: int
    seconds: Seconds
    job: GroupPlan


def timed_series(
    scenario: Scenario, problem: Problem, batches: Sequence[int], on: Mapping[str, Seconds], progress: Progress
) -> tuple[Series, ...]:
    """One lane of the CPU, then every device, with contiguous batches and with drawn batches.

    All cases are timed in turn, REPEATS times, so that what slows the machine for a while slows all of them.
    """
    cases = _cases(scenario, problem, batches, on)
    ready = []
    for k, case in enumerate(cases):
        progress("kernels", k / len(cases))
        ready.append(_calibrated(case))
    rounds = []
    for k in range(REPEATS):
        progress("updates", k / REPEATS)
        rounds.append([_seconds(case) for case in ready])
    return _series(ready, rounds)


def _cases(scenario: Scenario, problem: Problem, batches: Sequence[int], on: Mapping[str, Seconds]) -> list[Case]:
    lying = [lying_job(scenario, problem, batch) for batch in batches]
    drawing = [drawing_job(scenario, problem, batch) for batch in batches]
    found = [("serial", False, on["cpu"], [serial(job) for job in lying])]
    found += [(device, drawn, on[device], drawing if drawn else lying) for device in on for drawn in (False, True)]
    return [
        Case(device, drawn, batch, seconds, job)
        for device, drawn, seconds, jobs in found
        for batch, job in zip(batches, jobs, strict=True)
    ]


def _calibrated(case: Case) -> Case:
    """The case over as many updates as take about SECONDS, whole epochs where batches are drawn; compiled.

    A machine that is busy may take as long to begin with a few updates: time must grow with them before it is believed.
    """
    updates, each = case.job.batches.updates_an_epoch, inf
    while True:
        job = lengthened(case.job, updates)
        took = min(case.seconds(job) for _ in range(3))
        if (took >= SECONDS / 2 and took / updates > STEADY * each) or took >= 10 * SECONDS:
            return case._replace(job=job)
        each = took / updates
        updates *= max(2, min(16, round(SECONDS / took)))


def _seconds(case: Case) -> float:
    """Seconds of an update, after a warm-up with the same updates, because a long run has warm caches too."""
    case.seconds(case.job)
    return case.seconds(case.job) / len(case.job.step_constants)


def _series(cases: Sequence[Case], rounds: Sequence[Sequence[float]]) -> tuple[Series, ...]:
    """Medians over the rounds with their intervals, for each device."""
    found = []
    for device, drawn in dict.fromkeys((case.device, case.drawn) for case in cases):
        own = [k for k, case in enumerate(cases) if (case.device, case.drawn) == (device, drawn)]
        times = [sorted(each[k] for each in rounds) for k in own]
        update = tuple(Estimate(median(each), each[CUT], each[-1 - CUT]) for each in times)
        found.append(Series(device, drawn, tuple(cases[k].batch for k in own), update))
    return tuple(found)
