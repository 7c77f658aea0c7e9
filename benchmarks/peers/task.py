"""What all peers are given: plain arrays of one row of the table, and how their results are judged."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.cases import OPTIMIZERS, Case, drawn, rates, starts
from errsurf.engine.landscape import Landscape

Run = Callable[[int], NDArray[Any]]
Forms = dict[str, Run]
Lanes = NDArray[np.float32]
# Standard errors by which mean losses may differ, and the share of the loss that float32 may lose.
ERRORS, ROUNDING = 5.0, 1e-3


class Task(NamedTuple):
    """``columns`` (columns, N): shift and tilt along x and y, or input and target; ``terms`` (wells, 5)."""

    case: Case
    columns: NDArray[np.float32]
    terms: NDArray[np.float32]
    theta: NDArray[np.float32]
    lr: float
    momentum: float

    @property
    def wells(self) -> bool:
        """Whether the surface is wells; else it is linear_regression."""
        return self.case.surface == "wells"


def task(case: Case) -> Task:
    """The arrays of a case."""
    problem = drawn(case.surface, case.examples)
    kept = [k for k, name in enumerate(problem.columns) if name != "scale"]
    columns = np.ascontiguousarray(problem.train[:, kept].T, np.float32)
    theta = starts(case.surface, case.particles).astype(np.float32)
    lr, momentum = float(rates(case, 1)[0]), OPTIMIZERS[case.optimizer][1]["momentum"]
    return Task(case, columns, problem.terms.astype(np.float32), theta, lr, momentum)


def mean_loss(task: Task, theta: NDArray[Any]) -> tuple[float, float]:
    """Mean training loss over particles, and its standard error."""
    problem = drawn(task.case.surface, task.case.examples)
    loss = Landscape(problem).loss(np.asarray(theta, np.float64), "train")
    return float(loss.mean()), float(loss.std() / np.sqrt(len(loss)))


def agree(task: Task, one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether two mean losses are the same but for luck; full batches leave nothing to luck."""
    luck = 0.0 if task.case.full else ERRORS * float(np.hypot(one[1], other[1]))
    return abs(one[0] - other[0]) <= luck + ROUNDING * max(abs(one[0]), 1e-3)
