"""The training and test surface of a problem: loss, gradient and Hessian at any points, in float64."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from errsurf.analysis.arguments import indices, vectors
from errsurf.engine.compile_faults import named_faults
from errsurf.engine.examples import Problem, Table, mean_table, problem
from errsurf.engine.size import check_memory, example_bytes
from errsurf.scenario import Scenario, scenario_from
from errsurf.surfaces.shared.examples import Example as GenericExample
from errsurf.surfaces.shared.record import Measured

Array = NDArray[np.float64]
Which: TypeAlias = str | Sequence[int] | NDArray[np.integer]
SHIFTS = [GenericExample._fields.index(name) for name in ("shift_x", "shift_y")]


def surface(
    chosen: str | Scenario, /, *, seed: int = 0, folder: str | Path | None = None, **settings: Any
) -> "Landscape":
    """The training and test surface of a scenario, or of a kind with the keys of a ``[surface]`` table.

    ``surface("himmelblau", tilt=0.4, test={"shift": [0.2, 0.0]})`` draws its examples by ``seed`` and names data
    files relative to ``folder``; a scenario has its own.  Raises ScenarioError, with all faults of the settings, and
    TooLargeError for more examples than fit the memory.

    Examples:
        >>> import errsurf
        >>> himmelblau = errsurf.surface("himmelblau")
        >>> himmelblau.loss([[3.0, 2.0], [0.0, 0.0]])  # points (n, 2)
        array([  0., 170.])
    """
    if isinstance(chosen, str):
        tables = {"seed": seed, "surface": {"kind": chosen, **settings}, "run": {"updates": 1}}
        chosen = scenario_from(tables | {"optimizer": [{"kind": "sgd"}]}, folder, name="surface")
    elif not isinstance(chosen, Scenario):
        raise TypeError(f"a kind of surface or a scenario, not {type(chosen).__name__}")
    elif settings or seed or folder:
        raise TypeError("a scenario's surface has its settings already; change them with read_scenario(..., changes)")
    check_memory(chosen, example_bytes(chosen))
    return Landscape(problem(*chosen.drawn_from))


class Landscape:
    """The mean over examples of a problem's losses, and its derivatives.

    ``which`` examples: ``"train"`` or ``"test"`` for all of them, or the indices (B,) of training examples that
    make a batch; an index that is given twice counts twice.  Any other name raises ValueError, as do an empty
    batch, indices of another shape, one alone included, and points that have not two coordinates.  A negative index
    and one beyond the examples raise IndexError, what are no real points and no whole numbers TypeError; the values
    at points that are NaN are NaN.  ``surface`` and ``result.landscape`` make landscapes.

    Examples:
        >>> import errsurf
        >>> saddle = errsurf.surface("saddle", examples=20, tilt=0.4)
        >>> saddle.gradient([[0.0, 0.5]]).shape, saddle.hessian([[0.0, 0.5]], which=[0, 3]).shape
        ((1, 2), (1, 3))
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem

    def loss(self, points: ArrayLike, which: Which = "train") -> Array:
        """Mean loss at points (..., 2), shape (...)."""
        mean: Array = self._mean("sum_loss", points, which, 1)[..., 0]
        return mean

    def gradient(self, points: ArrayLike, which: Which = "train") -> Array:
        """Gradient of the mean loss at points (..., 2), shape (..., 2)."""
        return self._mean("sum_gradient", points, which, 2)

    def hessian(self, points: ArrayLike, which: Which = "train") -> Array:
        """Second derivatives xx, xy, yy of the mean loss at points (..., 2), shape (..., 3)."""
        return self._mean("sum_hessian", points, which, 3)

    def covariance(self, points: ArrayLike, which: Which = "train") -> Array:
        """Population covariance xx, xy, yy of the examples' gradients at points (..., 2), shape (..., 3).

        What it means for a batch drawn from them: ``errsurf.analysis.batch_covariance``.
        """
        return self._mean("sum_products", points, which, 3, self.gradient(points, which))

    @property
    def window(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The part of the plane, ``((x0, x1), (y0, y1))``, in which the surface shows what it is known for."""
        return self.problem.surface.window

    @property
    def train(self) -> Table:
        """The training examples, shape (examples, columns)."""
        return self.problem.train

    @property
    def test(self) -> Table:
        """The test examples, shape (examples, columns)."""
        return self.problem.test

    @cached_property
    def alike(self) -> bool:
        """Whether all training and test examples are the same one, so that neither batches nor test losses differ."""
        lookup, first = self.problem.surface.lookup, self.problem.train[:1]
        same = bool((self.problem.train == first).all() and (self.problem.test == first).all())
        return same and (lookup is None or len(self.problem.terms) == 1)

    @cached_property
    def nodes(self) -> Measured | None:
        """Where the training losses were measured and their mean there, (H, W); None for a surface of formulas."""
        lookup = self.problem.surface.lookup
        if lookup is None:
            return None
        row, tables = self._train
        return lookup.nodes(self.problem.surface.row(*row[0]), tables[0])

    @property
    def evaluations(self) -> int:
        """Losses that are evaluated for the training and the test loss of one point."""
        return len(self._train[0]) + len(self._test[0])

    def _mean(self, kernel: str, given: ArrayLike, which: Which, parts: int, center: Array | None = None) -> Array:
        points = vectors(given, 2, "points")
        columns, count = _columns(points), points.size // 2
        out = np.zeros((parts, columns.shape[1]))
        table, terms = self._fewest(which) if center is None else (self._all(which), self.problem.terms)
        more = () if center is None else (_columns(center),)
        with named_faults():
            getattr(self._kernels, kernel)(columns, *more, table.ravel(), terms, out)
        mean: Array = (out[:, :count].T / len(table)).reshape(*points.shape[:-1], parts)
        return mean

    def _all(self, which: Which) -> Table:
        """The rows of these examples."""
        if isinstance(which, str):
            if which not in ("train", "test"):
                raise ValueError(f'which = {which!r}; allowed: "train", "test" or the indices of training examples')
            return np.ascontiguousarray(self.problem.train if which == "train" else self.problem.test)
        return np.ascontiguousarray(self.problem.train[indices(which, len(self.problem.train), "a batch")])

    def _fewest(self, which: Which) -> tuple[Table, Table]:
        """Rows and terms with the same mean loss, as few rows as that takes."""
        if isinstance(which, str) and which in ("train", "test"):
            return self._train if which == "train" else self._test
        return self._shortest(self._all(which))

    @cached_property
    def _train(self) -> tuple[Table, Table]:
        return self._shortest(self.problem.train)

    @cached_property
    def _test(self) -> tuple[Table, Table]:
        return self._shortest(self.problem.test)

    def _shortest(self, table: Table) -> tuple[Table, Table]:
        """A loss is linear in scale and tilt: generic examples with one common shift equal their mean example.

        It is linear in the tables of a lookup too.
        """
        if self.problem.surface.lookup:
            return mean_table(self.problem, table)
        if self.problem.surface.examples or (table[:, SHIFTS] != table[0, SHIFTS]).any():
            return np.ascontiguousarray(table), self.problem.terms
        mean: Table = table.mean(axis=0, keepdims=True)
        mean[:, SHIFTS] = table[0, SHIFTS]
        return mean, self.problem.terms

    @cached_property
    def _kernels(self) -> Any:
        from errsurf.engine.kernel_sources import sum_kernels

        data = self.problem
        return sum_kernels(data.kind, data.surface, len(data.terms), data.rounding)


def _columns(points: Array) -> Array:
    """Points (..., 2) as kernels take them: (2, n), with n padded to whole blocks of lanes."""
    from errsurf.engine.kernel_sources import LANES

    flat = points.reshape(-1, 2)
    padded = np.zeros((2, -(-max(len(flat), 1) // LANES) * LANES))
    padded[:, : len(flat)] = flat.T
    return padded
