"""The engine itself, as a peer among its peers."""

from concurrent.futures import Executor
from functools import cache, partial
from threading import Event
from typing import Any

import numpy as np

from benchmarks.cases import prepared
from benchmarks.peers.task import Forms, Task
from errsurf.engine.blocks import advance, empty_frames, initial_state, position
from errsurf.engine.group_plan import GroupPlan


def forms(task: Task, pool: Executor) -> Forms:
    """One form: what a scenario runs."""
    return {"kernel": partial(_run, task, pool, cache(partial(_job, task)))}


def _job(task: Task, updates: int) -> GroupPlan:
    return prepared(task.case, updates)


def _run(task: Task, pool: Executor, job_of: Any, epochs: int) -> Any:
    updates = epochs * task.case.plan.updates_an_epoch
    job: GroupPlan = job_of(updates)
    state = initial_state(job, task.theta.astype(np.float64))
    advance(job, state, updates, empty_frames(job, np.array([updates])), pool, Event(), lambda _updates: None)
    return position(job, state)
