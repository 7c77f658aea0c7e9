"""The training and test surface of a problem: loss, gradient and Hessian at any points, in float64."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.problem import Problem, Table
from surfaces._examples import Example as GenericExample

Array = NDArray[np.float64]
SHIFTS = [GenericExample._fields.index(name) for name in ("shift_x", "shift_y")]


class Landscape:
    """The mean over examples of a problem's losses; ``which`` is ``"train"`` or ``"test"``."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem

    def loss(self, points: Array, which: str = "train") -> Array:
        """Mean loss at points (..., 2), shape (...)."""
        mean: Array = self._mean("sum_loss", points, which, 1)[..., 0]
        return mean

    def gradient(self, points: Array, which: str = "train") -> Array:
        """Gradient of the mean loss at points (..., 2), shape (..., 2)."""
        return self._mean("sum_gradient", points, which, 2)

    def hessian(self, points: Array, which: str = "train") -> Array:
        """Second derivatives xx, xy, yy of the mean loss at points (..., 2), shape (..., 3)."""
        return self._mean("sum_hessian", points, which, 3)

    @property
    def train(self) -> Table:
        """The training examples, shape (examples, columns)."""
        return self.problem.train

    @property
    def test(self) -> Table:
        """The test examples, shape (examples, columns)."""
        return self.problem.test

    @property
    def evaluations(self) -> int:
        """Losses that are evaluated for the training and the test loss of one point."""
        return len(self._train) + len(self._test)

    def _mean(self, kernel: str, points: Array, which: str, parts: int) -> Array:
        from simulator.engine.kernels import LANES

        points = np.asarray(points, np.float64)
        flat = points.reshape(-1, 2)
        padded = np.zeros((2, -(-max(len(flat), 1) // LANES) * LANES))
        padded[:, : len(flat)] = flat.T
        out = np.zeros((parts, padded.shape[1]))
        table = self._train if which == "train" else self._test
        getattr(self._kernels, kernel)(padded, table.ravel(), self.problem.terms, out)
        mean: Array = (out[:, : len(flat)].T / len(table)).reshape(*points.shape[:-1], parts)
        return mean

    @cached_property
    def _train(self) -> Table:
        return self._shortest(self.problem.train)

    @cached_property
    def _test(self) -> Table:
        return self._shortest(self.problem.test)

    def _shortest(self, table: Table) -> Table:
        """A loss is linear in scale and tilt: generic examples with one common shift equal their mean example."""
        if self.problem.surface.examples or (table[:, SHIFTS] != table[0, SHIFTS]).any():
            return np.ascontiguousarray(table)
        mean: Table = table.mean(axis=0, keepdims=True)
        mean[:, SHIFTS] = table[0, SHIFTS]
        return mean

    @cached_property
    def _kernels(self) -> Any:
        from simulator.engine.kernels import sum_kernels

        return sum_kernels(self.problem.kind, self.problem.surface, len(self.problem.terms))
